"""
From a question to an ordered result set.

Six legs find titles: names (exact, beginning, near spelling), all words, some of the words of a story, meaning,
likeness to titles that were named, and people who were named beside a story. Each gives 0..1 (an exact name more), so
that sums mean something; `Weights` says what each counts. The surer the question is a name, the less its story and its
meaning count: people who type "Up" do not want films about heights, and people who tell a plot do not want a title that
happens to share a word.

The result set is what any leg found among the allowed titles, and nothing else is counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.search.domain.analysis import plain_numbers
from apps.search.domain.columns import UNKNOWN, Columns, Mask, Slots
from apps.search.domain.ports import LexicalIndex, Matches, MeaningIndex, Numbers
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.vocabulary import Sort
from apps.search.domain.weights import Weights
from mediagateway.vectors.ports import VectorsUnavailableError

Values = npt.NDArray[np.float64]

#: Rungs of the title ladder.
EXACT_RUNG = 4.0
PREFIX_RUNG = 1.0
_PREFIX_SHARE = 0.4

#: With fewer matches than this, spellings are looked at too.
ENOUGH_MATCHES = 5
#: Shorter beginnings are only followed to the end of a word: "it" begins half the Italian titles.
MIN_OPEN_PREFIX = 4
FUZZY_LIMIT = 50
#: Hardly a name is longer.
_LONGEST_NAME = 60
#: So many words tell a story.
STORY_TERMS = 3
#: Titles that story and meaning may each add.
STORY_LIMIT = 300
MEANING_LIMIT = 200
#: A near spelling from here on is as sure as a name; at the lower end it says nothing.
_SURE_SPELLING, _UNSURE_SPELLING = 0.92, 0.75
#: Similarity that counts as "the same"; hardly a query and a title are nearer.
_SAME = 0.75


@dataclass(frozen=True, slots=True)
class Question:
    """
    What to look for, as `understanding` left it.

    Attributes:
        names: What may be a name, folded: what is left when constraints were read, the whole text.
        terms: Distinct index terms of the words to look for.
        tale: Those of them that tell something: without the names of people that were read.
        meaning: Text for the meaning; "" asks nothing.
        year: A year at the end of the text.
        dated_name: The text before that year.
        references: Titles to be alike, which are no answers themselves.
        genres, moods: Tastes.
        languages: Of the countries that were asked for: what was co-produced there speaks another one.
        people: Who was named beside a story.
        prefers_new: Whether newer titles come higher.
        is_everything: Whether every allowed title is an answer: nothing but constraints was said.
        is_told: Whether the text tells something instead of naming it.
        is_about: Whether its words are what is left beside conditions, tastes or titles: a subject, hardly a name.
    """

    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    tale: tuple[str, ...] = ()
    meaning: str = ""
    year: int | None = None
    dated_name: str = ""
    references: tuple[UUID, ...] = ()
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    people: tuple[UUID, ...] = ()
    prefers_new: bool = False
    is_everything: bool = False
    is_told: bool = False
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    A result set in order.

    Attributes:
        slots: shape (n,), best first.
        scores: shape (n,), relevance divided by the best one's: 0..1.
        rungs: shape (n,): 4 exact, 1..1.4 beginning, below 1 near spelling, 0 no name.
        meanings: shape (n,), similarity of meaning; 0 where it is below the floor.
        terms_needed: How many of the question's terms a title had to contain to be found by its words.
        is_degraded: Whether meaning would have been asked, and did not answer.
        is_fitting: Whether any of them is, by its words or by its meaning, about what was told.
    """

    slots: Slots
    scores: Values
    rungs: Values
    meanings: Values
    terms_needed: int
    is_degraded: bool = False
    is_fitting: bool = True


@dataclass(slots=True)
class _Legs:
    """What each leg found, by slot."""

    rungs: Values
    words: Values
    story: Values
    meanings: Values
    alike: Values
    people: Values

    def found(self) -> Values:
        """Rate what any leg found above 0."""
        return self.rungs + self.words + self.story + self.meanings + self.alike + self.people


def retrieve(
    snapshot: Snapshot,
    index: LexicalIndex,
    meanings: MeaningIndex,
    question: Question,
    allowed: Mask,
    *,
    weights: Weights,
    isolated: bool = False,
) -> Ranked:
    """
    Find and order the result set.

    Args:
        snapshot: Where names and priors come from.
        index: The full-text engine.
        meanings: The vectors.
        question: What to look for.
        allowed: Policy and constraints, shape (n_slots,).
        weights: What counts how much.
        isolated: Whether nothing of the answer may depend on titles that are not allowed.

    Costs one to four look-ups in the full-text engine and up to two in the vectors.
    """
    size = snapshot.columns.size
    allowed = allowed.copy()
    for title_id in question.references:
        allowed[snapshot.columns.title_ids == title_id] = False
    legs = _Legs(*(np.zeros(size) for _ in range(6)))
    legs.rungs = _name_rungs(snapshot, question)
    legs.rungs[~allowed] = 0.0
    needed = len(question.terms)
    if question.terms:
        matches = index.match(question.terms, at_least=needed, isolated=isolated)
        legs.words = _scores(snapshot, allowed, matches)
    if question.people:
        legs.people = (snapshot.featuring(question.people) & allowed).astype(np.float64)
    if _may_be_misspelt(question, legs):
        for name in {question.names[0], plain_numbers(question.names[0])}:
            near = index.fuzzy_names(name, limit=None if isolated else FUZZY_LIMIT)
            legs.rungs = np.maximum(legs.rungs, _scores(snapshot, allowed, near, normalise=False))
    sureness = _sureness(legs.rungs) * (weights.aside if question.is_about else 1.0)
    if (question.is_told or question.is_about) and question.tale:
        told = snapshot.stories.tell(question.tale, allowed)
        told /= max(float(told.max(initial=0.0)), 1e-9)
        # Of somebody who was named there are few titles, and whatever is told orders them.
        legs.story = np.where(legs.people > 0, told, _best(told, STORY_LIMIT))
    is_degraded = _ask_meanings(snapshot, meanings, question, allowed, legs, weights=weights, sureness=sureness)
    if needed > 1 and not legs.found().any():
        needed = (needed + 1) // 2
        matches = index.match(question.terms, at_least=needed, isolated=isolated)
        legs.words = _scores(snapshot, allowed, matches)
    elif (question.is_told or question.is_about) and not legs.words.any():
        needed = min(needed, 1)
    ranked = _order(snapshot, question, allowed, legs, weights=weights, sureness=sureness)
    is_fitting = not question.tale or bool(
        legs.words.any() or legs.story.any() or (legs.meanings >= weights.fitting).any()
    )
    return Ranked(*ranked, terms_needed=needed, is_degraded=is_degraded, is_fitting=is_fitting)


def sort_slots(columns: Columns, ranked: Ranked, sort: Sort) -> Ranked:
    """Put a result set into another order; its members and their scores stay."""
    if sort is Sort.RELEVANCE:
        return ranked
    slots = ranked.slots
    keys: dict[Sort, Callable[[], Values]] = {
        Sort.POPULARITY: lambda: -columns.popularity[slots].astype(np.float64),
        Sort.NEWEST: lambda: -columns.years[slots].astype(np.float64),
        Sort.OLDEST: lambda: np.where(columns.years[slots] < 0, np.inf, columns.years[slots]),
        Sort.RATING: lambda: -np.nan_to_num(columns.ratings[slots].astype(np.float64), nan=-1.0),
    }
    order = np.lexsort((_id_ranks(columns, slots), -columns.popularity[slots], keys[sort]()))
    return Ranked(
        slots[order],
        ranked.scores[order],
        ranked.rungs[order],
        ranked.meanings[order],
        ranked.terms_needed,
        ranked.is_degraded,
        ranked.is_fitting,
    )


def _name_rungs(snapshot: Snapshot, question: Question) -> Values:
    """Rate every slot by how the question stands to its names."""
    rungs = np.zeros(snapshot.columns.size)
    for name in filter(None, question.names):
        is_open = len(name) >= MIN_OPEN_PREFIX
        slots, shares = snapshot.titles.beginning(name if is_open else f"{name} ")
        rungs[slots] = np.maximum(rungs[slots], PREFIX_RUNG + _PREFIX_SHARE * shares)
    if question.year is not None:
        dated = snapshot.titles.exact(question.dated_name)
        rungs[dated[snapshot.columns.years[dated] == question.year]] = EXACT_RUNG
    for name in filter(None, question.names):
        rungs[snapshot.titles.exact(name)] = EXACT_RUNG
    return rungs


def _may_be_misspelt(question: Question, legs: _Legs) -> bool:
    """Say whether near spellings are worth a look at every name: short texts that are no name as they stand."""
    if not question.names or not question.names[0] or len(question.names[0]) > _LONGEST_NAME:
        return False
    if legs.rungs.max(initial=0.0) >= EXACT_RUNG:
        return False
    return question.is_told or int(np.count_nonzero(legs.rungs + legs.words)) < ENOUGH_MATCHES


def _sureness(rungs: Values) -> float:
    """Say how sure it is, 0..1, that the question is a name: of the best one that is allowed."""
    best = float(rungs.max(initial=0.0))
    if best >= EXACT_RUNG:
        return 1.0
    if best >= PREFIX_RUNG:
        return min(1.0, 0.4 + (best - PREFIX_RUNG) / _PREFIX_SHARE * 0.6)
    return float(np.clip((best - _UNSURE_SPELLING) / (_SURE_SPELLING - _UNSURE_SPELLING), 0.0, 1.0))


def _ask_meanings(
    snapshot: Snapshot,
    meanings: MeaningIndex,
    question: Question,
    allowed: Mask,
    legs: _Legs,
    *,
    weights: Weights,
    sureness: float,
) -> bool:
    """Fill the legs of meaning and likeness, and say whether they were asked in vain."""
    floor = weights.floor + sureness * (weights.floor_named - weights.floor)
    try:
        if question.references:
            found = meanings.nearest(
                question.meaning,
                references=question.references,
                snapshot=snapshot,
                allowed=allowed,
                limit=MEANING_LIMIT,
                floor=weights.floor,
            )
            legs.alike[found.slots] = found.scores
        elif question.meaning:
            found = meanings.nearest(
                question.meaning, snapshot=snapshot, allowed=allowed, limit=MEANING_LIMIT, floor=floor
            )
            legs.meanings[found.slots] = found.scores
            if legs.people.any():
                found = meanings.nearest(
                    question.meaning, snapshot=snapshot, allowed=legs.people > 0, limit=MEANING_LIMIT, floor=floor
                )
                legs.meanings[found.slots] = found.scores
    except VectorsUnavailableError:
        return True
    return False


def _scores(snapshot: Snapshot, allowed: Mask, matches: Matches, *, normalise: bool = True) -> Values:
    """Spread an engine's answer over the slots: 0 where it did not match or is not allowed."""
    spread = np.zeros(snapshot.columns.size)
    slots, known = snapshot.columns.slots_of(matches.numbers)
    scores = matches.scores[known]
    # What is not allowed goes before the best score is looked for, or it would be the measure of the others.
    visible = allowed[slots]
    slots, scores = slots[visible], scores[visible]
    if normalise and len(scores) > 0:
        # An engine may score a match by nothing; it is a match all the same.
        scores = np.maximum(scores / max(float(scores.max()), 1e-9), 1e-3)
    spread[slots] = scores
    return spread


def _best(scores: Values, limit: int) -> Values:
    """Keep the highest scores; equal ones at the border all stay, so that no order of rows decides."""
    found = np.count_nonzero(scores)
    if found <= limit:
        return scores
    border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    return np.where(scores >= border, scores, 0.0)


def _order(
    snapshot: Snapshot, question: Question, allowed: Mask, legs: _Legs, *, weights: Weights, sureness: float
) -> tuple[Slots, Values, Values, Values]:
    """Blend, and sort by falling relevance, then popularity, then title id."""
    columns = snapshot.columns
    found = allowed if question.is_everything else legs.found()
    slots = np.flatnonzero(found).astype(np.int32)
    relevance = _blend(snapshot, question, legs, slots, weights=weights, sureness=sureness)
    order = np.lexsort((_id_ranks(columns, slots), -columns.popularity[slots], -relevance))
    slots, relevance = slots[order], relevance[order]
    scores = relevance / max(float(relevance[0]), 1e-9) if len(relevance) else relevance
    return slots, scores, legs.rungs[slots], np.maximum(legs.meanings, legs.alike)[slots]


def _blend(
    snapshot: Snapshot, question: Question, legs: _Legs, slots: Slots, *, weights: Weights, sureness: float
) -> Values:
    """Add up what is true of each title."""
    columns = snapshot.columns
    rungs = legs.rungs[slots]
    is_shelf = question.is_about and not question.is_told and not question.references
    aside = weights.aside if question.is_about else 1.0
    mention = aside * weights.topic if is_shelf else aside
    # "Rocky movies" are asked for by a name; "prison movies" are not, though somebody once called a film "Prison".
    exact = aside * columns.popularity[slots] ** 2 if is_shelf else aside
    relevance = np.where(rungs >= EXACT_RUNG, exact, mention) * _name_part(rungs, weights)
    relevance += mention * weights.words * legs.words[slots]
    left = 1.0 - weights.gate * sureness
    relevance += left * weights.story * legs.story[slots]
    relevance += left * weights.meaning * _alikeness(legs.meanings[slots], weights.floor)
    relevance += weights.alike * _alikeness(legs.alike[slots], weights.floor)
    if is_shelf:
        relevance += weights.theme * snapshot.having_theme(question.tale)[slots]
    bears_name = rungs >= (EXACT_RUNG if is_shelf else PREFIX_RUNG)
    is_told = question.is_told or question.is_about
    prior = weights.popularity + weights.namesake * bears_name + weights.renown * is_told + weights.shelf * is_shelf
    relevance += prior * columns.popularity[slots]
    for label, wanted in (
        ("genre", question.genres),
        ("mood", question.moods),
        ("language", question.languages),
    ):
        for word in wanted:
            relevance += weights.taste * columns.labels[label].any_of([word], columns.size)[slots]
    relevance += weights.person * legs.people[slots]
    if question.year is not None:
        relevance += weights.year * (columns.years[slots] == question.year)
    if question.prefers_new:
        relevance += weights.newness * _newness(columns, slots)
    return relevance


def _name_part(rungs: Values, weights: Weights) -> Values:
    """Weigh the title ladder."""
    begins = (rungs >= PREFIX_RUNG) & (rungs < EXACT_RUNG)
    part = np.where(begins, weights.prefix + weights.prefix_share * (rungs - PREFIX_RUNG) / _PREFIX_SHARE, rungs)
    return np.where(rungs >= EXACT_RUNG, weights.exact, part)


def _alikeness(similarities: Values, floor: float) -> Values:
    """Bring similarities to 0..1: what was not found is 0, the floor a little more."""
    return np.where(similarities > 0, np.clip(0.05 + (similarities - floor) / (_SAME - floor), 0.05, 1.0), 0.0)


def _newness(columns: Columns, slots: Slots) -> Values:
    """Rate years 0..1: the newest of all titles found is 1, ten years before it 0."""
    years = columns.years[slots].astype(np.float64)
    if len(years) == 0:
        return years
    age = years.max() - years
    return np.where(years == UNKNOWN, 0.0, np.clip(1.0 - age / 10.0, 0.0, 1.0))


def _id_ranks(columns: Columns, slots: Slots) -> Numbers:
    """Give sort keys for the last tie-break. Title ids are random, numbers are not, and differ between databases."""
    ids: Sequence[UUID] = columns.title_ids[slots].tolist()
    return np.array([title_id.int >> 64 for title_id in ids], dtype=np.uint64).astype(np.int64)
