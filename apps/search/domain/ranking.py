"""
The title ladder and the order of a result set.

A title's relevance is a rung (exact name 4, beginning of a name 1..1.4, near spelling 0.75..1) plus its lexical score,
which is brought to 0..1 first, plus small priors for popularity and for a year that the query names. An exact name is
further up than everything below it together, so a full-text score never lifts a title above one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apps.search.domain.columns import Columns, Mask, Slots
from apps.search.domain.ports import LexicalIndex, Matches, Numbers
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.vocabulary import Sort

Values = npt.NDArray[np.float64]

EXACT_RUNG = 4.0
PREFIX_RUNG = 1.0
PREFIX_SHARE = 0.4
POPULARITY_PRIOR = 0.35
#: Among titles that bear the name, people mean the one they know.
NAMESAKE_PRIOR = 0.5
YEAR_PRIOR = 0.5

#: With fewer matches than this, spellings are looked at too.
ENOUGH_MATCHES = 5
#: Shorter beginnings are only followed to the end of a word: "it" begins half the Italian titles.
MIN_OPEN_PREFIX = 4
FUZZY_LIMIT = 50

_YEAR_AT_END = re.compile(r"^(?P<name>.+) (?P<year>(?:18|19|20)\d\d)$")


@dataclass(frozen=True, slots=True)
class ParsedText:
    """
    A query as the ladder reads it.

    Attributes:
        folded: The whole query, folded.
        terms: Distinct index terms.
        name: The folded query without a year at its end, or "" when it has none.
        year: That year.
    """

    folded: str
    terms: tuple[str, ...]
    name: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    A result set in order.

    Attributes:
        slots: shape (n,), best first.
        scores: shape (n,), relevance divided by the best one's: 0..1.
        rungs: shape (n,): 4 exact, 1..1.4 beginning, below 1 near spelling, 0 words only.
        terms_needed: How many of the query's terms a title had to contain.
    """

    slots: Slots
    scores: Values
    rungs: Values
    terms_needed: int


def parse_text(folded: str, terms: tuple[str, ...]) -> ParsedText:
    """Read a year off the end of a query: "dune 2021" also means the title "dune" of 2021."""
    match = _YEAR_AT_END.match(folded)
    return ParsedText(folded, terms, match["name"], int(match["year"])) if match else ParsedText(folded, terms)


def retrieve(
    snapshot: Snapshot, index: LexicalIndex, text: ParsedText, allowed: Mask, *, isolated: bool = False
) -> Ranked:
    """
    Find and order the result set: allowed titles that match by name or by words.

    Words match when a title contains all of them. Near spellings of a name join when fewer than `ENOUGH_MATCHES` were
    found. When there is still nothing, half of the words are enough.

    Args:
        snapshot: Where names and priors come from.
        index: The full-text engine.
        text: The query; it may have no terms when it is signs only.
        allowed: Policy and hard constraints, shape (n_slots,).
        isolated: Whether nothing of the answer may depend on titles that are not allowed.

    Costs one to three look-ups in the engine.
    """
    rungs = _name_rungs(snapshot, text)
    rungs[~allowed] = 0.0
    lexical, needed = np.zeros(snapshot.columns.size), len(text.terms)
    if text.terms:
        lexical = _scores(snapshot, allowed, index.match(text.terms, at_least=needed, isolated=isolated))
    if text.folded and np.count_nonzero(rungs + lexical) < ENOUGH_MATCHES:
        names = index.fuzzy_names(text.folded, limit=None if isolated else FUZZY_LIMIT)
        near = _scores(snapshot, allowed, names, normalise=False)
        rungs = np.maximum(rungs, near)
    if needed > 1 and not (rungs.any() or lexical.any()):
        needed = (needed + 1) // 2
        lexical = _scores(snapshot, allowed, index.match(text.terms, at_least=needed, isolated=isolated))
    return _order(snapshot.columns, text, rungs, lexical, needed)


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
    return Ranked(slots[order], ranked.scores[order], ranked.rungs[order], ranked.terms_needed)


def _name_rungs(snapshot: Snapshot, text: ParsedText) -> Values:
    """Rate every slot by how the query stands to its names."""
    rungs = np.zeros(snapshot.columns.size)
    if not text.folded:
        return rungs
    is_open = len(text.folded) >= MIN_OPEN_PREFIX
    slots, shares = snapshot.titles.beginning(text.folded if is_open else f"{text.folded} ")
    rungs[slots] = PREFIX_RUNG + PREFIX_SHARE * shares
    if text.year is not None:
        dated = snapshot.titles.exact(text.name)
        rungs[dated[snapshot.columns.years[dated] == text.year]] = EXACT_RUNG
    rungs[snapshot.titles.exact(text.folded)] = EXACT_RUNG
    return rungs


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


def _order(columns: Columns, text: ParsedText, rungs: Values, lexical: Values, needed: int) -> Ranked:
    """Blend, and sort by falling relevance, then popularity, then title id."""
    slots = np.flatnonzero(rungs + lexical).astype(np.int32)
    bears_name = rungs[slots] >= PREFIX_RUNG
    priors = POPULARITY_PRIOR + NAMESAKE_PRIOR * bears_name
    relevance = rungs[slots] + lexical[slots] + priors * columns.popularity[slots]
    if text.year is not None:
        relevance += YEAR_PRIOR * (columns.years[slots] == text.year)
    order = np.lexsort((_id_ranks(columns, slots), -columns.popularity[slots], -relevance))
    slots, relevance = slots[order], relevance[order]
    scores = relevance / max(float(relevance[0]), 1e-9) if len(relevance) else relevance
    return Ranked(slots, scores, rungs[slots], needed)


def _id_ranks(columns: Columns, slots: Slots) -> Numbers:
    """Give sort keys for the last tie-break. Title ids are random, numbers are not, and differ between databases."""
    return np.array([title_id.int >> 64 for title_id in columns.title_ids[slots]], dtype=np.uint64).astype(np.int64)
