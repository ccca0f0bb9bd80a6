"""A query under a policy gives a page of a result set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import structlog
from django.db.models import QuerySet

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.search.adapters import lexical_index
from apps.search.adapters.meaning import meanings
from apps.search.adapters.store import IndexVersion, snapshots, spellers
from apps.search.contracts import Answer, Hit, Matches, ReadChip, Relaxation
from apps.search.domain.analysis import fold, query_terms
from apps.search.domain.asking import FEW, NAMED, ask, ways_to_doubt, ways_to_relax
from apps.search.domain.columns import Mask
from apps.search.domain.filters import Filters, facets, matching, matching_people, next_change, permitted
from apps.search.domain.ranking import ENOUGH_MATCHES, FUZZY_LIMIT, Question, Ranked, retrieve, sort_slots
from apps.search.domain.reasons import DocumentText, read_words, reasons_for
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.spelling import Spelling
from apps.search.domain.understanding.chips import Chip, ChipKind, State, Strength, Understanding, combine
from apps.search.domain.understanding.names import SnapshotNames
from apps.search.domain.understanding.parse import understand
from apps.search.domain.vocabulary import Reason, Sort
from apps.search.domain.weights import Weights
from apps.search.metrics import SEARCHES, Outcome
from apps.search.models import SearchDocument
from apps.search.queries.rankings import get_active_weights
from apps.search.queries.words import get_lexicon
from mediagateway.policy import Policy
from mediagateway.prepared import prepared

#: Name in a request -> name in `Filters`, where they differ.
_RENAMED = {"kind": "kinds", "max_price": "max_price_minor", "rating_min": "min_rating", "rating_max": "max_rating"}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """
    What to look for, and which stretch of the result set to give.

    Attributes:
        text: 1..500 characters, as typed.
        filters: Constraints of the caller; they never give way.
        without: Ids of chips that the caller took back.
        by_meaning: Whether the text tells something rather than names it.
        offset: Results to pass over.
        limit: 1..100.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    without: frozenset[str] = frozenset()
    by_meaning: bool = False
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    with_facets: bool = True
    with_reasons: bool = True


def filters_of(given: Mapping[str, Any]) -> Filters:
    """Write filters that were checked, under the names of requests, as search knows them."""
    members: dict[str, Any] = {}
    for name, value in given.items():
        members[_RENAMED.get(name, name)] = tuple(value) if isinstance(value, list) else value
    return Filters(**members)


def search(request: SearchRequest, *, policy: Policy, now: datetime, weights: Weights | None = None) -> Answer:
    """
    Answer a query.

    The result set is what the policy permits AND every filter AND every constraint that was read from the text AND (a
    name that matches OR all of the words OR, told like a story, some of them OR a similar meaning): total and
    facets count exactly that. When it is empty, constraints from the text give way one by one, and the answer says so.

    Costs 3 to 8 SQL statements for the set and a constant number for the page, whatever its length; one more without
    weights, which are then the active ranking's.
    """
    look = _look(request, policy=policy, now=now, weights=weights or get_active_weights())
    snapshot, ranked = look.snapshot, look.ranked
    found = np.zeros(snapshot.columns.size, dtype=np.bool_)
    found[ranked.slots] = True
    SEARCHES.labels(
        Outcome.EMPTY if not len(ranked.slots) else Outcome.RELAXED if look.given_way else Outcome.FOUND
    ).inc()
    return Answer(
        hits=fill_page(snapshot, ranked, request, policy=policy, now=now),
        total=len(ranked.slots),
        facets=facets(snapshot.columns, found, region=policy.region, now=now) if request.with_facets else {},
        relaxed=look.given_way,
        chips=(*(_chip(chip, look.read, look.relaxed) for chip in look.read.chips), *_spelt(look.spelling)),
        references=tuple(reference.name for reference in look.read.references),
        is_degraded=ranked.is_degraded,
        version=str(look.version),
        changes_at=next_change(snapshot.columns, region=policy.region, now=now),
    )


def find_matches(request: SearchRequest, *, policy: Policy, now: datetime) -> Matches:
    """Find the ids of the whole result set, best first; nothing when something has to give way. SQL as `search`."""
    look = _look(request, policy=policy, now=now, weights=get_active_weights())
    slots = look.ranked.slots[:0] if look.given_way else look.ranked.slots
    ids = tuple(look.snapshot.columns.title_ids[slots].tolist())
    return Matches(ids, str(look.version), look.ranked.is_degraded)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was understood, and found; `relaxed` are ids of chips that gave way, `given_way` says so."""

    version: IndexVersion
    snapshot: Snapshot
    read: Understanding
    spelling: Spelling
    ranked: Ranked
    relaxed: frozenset[str]
    given_way: tuple[Relaxation, ...]


def _look(request: SearchRequest, *, policy: Policy, now: datetime, weights: Weights) -> _Look:
    """Understand and find; what has to give way does."""
    version, snapshot = snapshots.current()
    visible = permitted(snapshot.columns, policy)
    isolated = not policy.is_open
    limit = None if isolated else FUZZY_LIMIT
    names = SnapshotNames(snapshot, visible, lambda folded: lexical_index().fuzzy_names(folded, limit=limit))
    read = understand(request.text, names=names, lexicon=get_lexicon(), now=now, removed=request.without)
    spelling = _mend(snapshot, read, names, request.without)
    question = ask(read, request.text, spelling=spelling, by_meaning=request.by_meaning)
    if question.is_about and NAMED.match(fold(request.text)) and _is_misspelt_name(snapshot, read.text, names):
        question = replace(question, is_about=False)

    def find(asked: Question, left_out: frozenset[str] = frozenset()) -> Ranked:
        allowed = visible & _holding(snapshot, request.filters, read.constraints(without=left_out), policy, now)
        return retrieve(snapshot, lexical_index(), meanings, asked, allowed, weights=weights, isolated=isolated)

    ranked, relaxed = find(question), frozenset[str]()
    is_doubtful = not ranked.is_fitting and not read.is_title and len(ranked.slots) < FEW
    for doubted, way in ways_to_doubt(question, read.constraints()) if is_doubtful else ():
        without = find(doubted, way)
        if len(without.slots) and without.is_fitting:
            ranked, relaxed = without, way
            break
    has_left_words = False
    if len(ranked.slots) == 0 and read.constraints() and question.terms and not read.is_title:
        # What was said of a title in passing gives way before what was asked of it.
        ranked = find(replace(question, is_everything=True))
        has_left_words = len(ranked.slots) > 0
    for asked, way in ways_to_relax(question, read.constraints()) if len(ranked.slots) == 0 else ():
        looser = find(asked, way)
        # Who is looked for as a character has to be one, by the whole name.
        if len(looser.slots) and (asked is question or looser.terms_needed == len(asked.terms)):
            ranked, relaxed = looser, way
            break
    if ranked.is_degraded:
        _log.info("search.degraded", reason="no vectors")
    ranked = sort_slots(snapshot.columns, ranked, request.sort)
    given_way = (*_said(read, relaxed), *_relaxed_words(question, ranked, has_left_words=has_left_words))
    return _Look(version, snapshot, read, spelling, ranked, relaxed, given_way)


def _mend(snapshot: Snapshot, read: Understanding, names: SnapshotNames, without: frozenset[str]) -> Spelling:
    """Mend slips, unless the text is a title or the caller took the mending back."""
    if read.is_title or not read.text:
        return Spelling(read.text, {})

    def is_in_texts(word: str) -> bool:
        return _count_with_words(snapshot, word, names) > 0

    spelling = spellers.of(snapshot).mend(read.text, permitted=names.permitted, is_in_texts=is_in_texts)
    if spelling.mended and names.near_title(read.text) is not None:
        # The whole is nearly a name as it stands: mended word by word it might become another one.
        return Spelling(read.text, {})
    if any(f"spelling:{word}" in without for word in spelling.mended):
        return Spelling(read.text, {})
    return spelling


def _is_misspelt_name(snapshot: Snapshot, text: str, names: SnapshotNames) -> bool:
    """Say whether what stands beside "series" is nearly a name, and no subject: hardly any title has its words."""
    is_near = len(text.split()) > 1 and names.near_title(text) is not None
    return is_near and _count_with_words(snapshot, text, names) < ENOUGH_MATCHES


def _count_with_words(snapshot: Snapshot, text: str, names: SnapshotNames) -> int:
    """Count the titles that have all words of a text; one look-up in the full-text engine."""
    terms = query_terms(text)
    matches = lexical_index().match(terms, at_least=len(terms), isolated=True)
    slots, _ = snapshot.columns.slots_of(matches.numbers)
    return int(np.count_nonzero(names.permitted[slots]))


def _spelt(spelling: Spelling) -> tuple[ReadChip, ...]:
    """Say which words were mended."""
    return tuple(
        ReadChip(f"spelling:{word}", ChipKind.SPELLING, Strength.SOFT, meant, word, State.APPLIED)
        for word, meant in spelling.mended.items()
    )


def _holding(snapshot: Snapshot, explicit: Filters, chips: tuple[Chip, ...], policy: Policy, now: datetime) -> Mask:
    """Mark the titles for which all constraints hold."""
    mask = matching(snapshot.columns, explicit, policy, now) & matching_people(snapshot, explicit)
    for filters in combine(Filters(), chips)[1:]:
        mask &= matching(snapshot.columns, filters, policy, now) & matching_people(snapshot, filters)
    return mask


def _chip(chip: Chip, read: Understanding, relaxed: frozenset[str]) -> ReadChip:
    """Say what became of a chip."""
    state = State.APPLIED
    if chip.id in read.removed:
        state = State.REMOVED
    elif chip.id in relaxed:
        state = State.RELAXED
    elif chip.strength is Strength.IGNORED:
        state = State.UNSUPPORTED
    return ReadChip(chip.id, chip.kind, chip.strength, chip.label, chip.words, state)


def _said(read: Understanding, relaxed: frozenset[str]) -> tuple[Relaxation, ...]:
    """Say which constraints gave way."""
    return tuple(
        Relaxation(chip.id, f"Nothing fits with \u201c{chip.label}\u201d, so it was left out.")
        for chip in read.chips
        if chip.id in relaxed
    )


def fill_page(
    snapshot: Snapshot, ranked: Ranked, request: SearchRequest, *, policy: Policy, now: datetime
) -> tuple[Hit, ...]:
    """Fill one page: summaries from the catalogue, reasons from the documents' own terms."""
    page = slice(request.offset, request.offset + request.limit)
    ids: Sequence[UUID] = snapshot.columns.title_ids[ranked.slots[page]].tolist()
    summaries = content.get_cards(ids, policy=policy, now=now)
    texts = _texts(ids) if request.with_reasons else {}
    asked = read_words(request.text)
    hits = []
    scored = zip(
        ids,
        ranked.scores[page].tolist(),
        ranked.rungs[page].tolist(),
        ranked.meanings[page].tolist(),
        strict=True,
    )
    for title_id, score, rung, similarity in scored:
        # A title that left, or changed its certificate, after the snapshot was taken is passed over.
        if title_id not in summaries:
            continue
        reasons: tuple[Reason, ...] = ()
        if title_id in texts:
            reasons = reasons_for(asked, texts[title_id], rung=rung, similarity=similarity)
        hits.append(Hit(summaries[TitleId(title_id)], round(score, 4), reasons))
    return tuple(hits)


def _texts(ids: Sequence[UUID]) -> dict[UUID, DocumentText]:
    """Read the terms of some documents; 1 SQL statement."""
    return {
        title_id: DocumentText(*(frozenset(terms.split()) for terms in fields)) for title_id, *fields in _terms(ids)
    }


@prepared
def _terms(ids: Sequence[UUID]) -> QuerySet[SearchDocument, tuple[UUID, str, str, str, str]]:
    return SearchDocument.objects.filter(title_id__in=ids).values_list(
        "title_id", "title_terms", "people_terms", "tag_terms", "synopsis_terms"
    )


def _relaxed_words(question: Question, ranked: Ranked, *, has_left_words: bool) -> tuple[Relaxation, ...]:
    """Say that not all words had to match, when that was so."""
    terms = len(question.terms)
    if has_left_words:
        return (Relaxation("words", "Nothing that fits the conditions has these words; this is what fits them."),)
    if ranked.terms_needed >= terms:
        return ()
    detail = f"No title has all {terms} words; these have at least {ranked.terms_needed} of them."
    return (Relaxation("all_words", detail),)
