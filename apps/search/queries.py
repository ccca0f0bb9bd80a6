"""Reading the index: a query under a policy gives a page of a result set; a beginning gives suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.search.adapters import lexical_index
from apps.search.adapters.store import get_index_version, snapshots
from apps.search.contracts import Answer, Hit, Relaxation
from apps.search.domain.analysis import ANALYSIS_VERSION, fold, query_terms
from apps.search.domain.filters import Filters, facets, matching, next_change, permitted
from apps.search.domain.ranking import Ranked, parse_text, retrieve, sort_slots
from apps.search.domain.reasons import DocumentText, reasons_for
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.suggestions import suggest
from apps.search.domain.vocabulary import Reason, Sort, Suggestion, SuggestionKind
from apps.search.metrics import SEARCHES, Outcome
from apps.search.models import IndexState, SearchDocument
from mediagateway.errors import CursorExpiredError
from mediagateway.health import DegradedError
from mediagateway.policy import Policy

#: Genres and platforms hardly change; every process reads them again after this.
_WORDS_TTL_S = 300


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """
    What to look for, and which stretch of the result set to give.

    Attributes:
        text: 1..500 characters, as typed.
        offset: Results to pass over.
        limit: 1..100.
    """

    text: str
    filters: Filters
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    with_facets: bool = True


def search(request: SearchRequest, *, policy: Policy, now: datetime) -> Answer:
    """
    Answer a query.

    The result set is what the policy permits AND every filter AND (a name that matches OR enough of the words): total
    and facets count exactly that.

    Costs 2 to 5 SQL statements for the set and a constant number for the page, whatever its length.
    """
    version, snapshot = snapshots.current()
    columns = snapshot.columns
    text = parse_text(fold(request.text), tuple(query_terms(request.text)))
    allowed = permitted(columns, policy) & matching(columns, request.filters, policy, now)
    ranked = sort_slots(
        columns, retrieve(snapshot, lexical_index(), text, allowed, isolated=not policy.is_open), request.sort
    )
    found = allowed & False
    found[ranked.slots] = True
    relaxed = _relaxed(len(text.terms), ranked)
    SEARCHES.labels(Outcome.EMPTY if not len(ranked.slots) else Outcome.RELAXED if relaxed else Outcome.FOUND).inc()
    return Answer(
        hits=_hits(snapshot, ranked, request, policy=policy, now=now),
        total=len(ranked.slots),
        facets=facets(columns, found, region=policy.region, now=now) if request.with_facets else {},
        relaxed=relaxed,
        version=str(version),
        changes_at=next_change(columns, region=policy.region, now=now),
    )


def check_version(expected: str) -> str:
    """
    Give the present version of the index; 1 SQL statement.

    Args:
        expected: The version that a cursor counts in; "" expects nothing.

    Raises:
        CursorExpiredError: The index has changed since.
    """
    version = str(get_index_version())
    if expected not in ("", version):
        raise CursorExpiredError("The catalogue has changed since the page before; start the search again.")
    return version


def autocomplete(text: str, *, limit: int, policy: Policy) -> tuple[Suggestion, ...]:
    """
    Complete what is being typed; nothing for a text without letters or digits.

    Costs 1 SQL statement, 2 when near spellings are looked up, and 2 more every five minutes.
    """
    folded = fold(text)
    if not folded:
        return ()
    _, snapshot = snapshots.current()
    allowed = permitted(snapshot.columns, policy)
    words = _words()
    genres = {slug: name for slug, name in words[SuggestionKind.GENRE].items() if slug not in policy.blocked_genres}
    return suggest(
        snapshot,
        lexical_index(),
        folded,
        permitted=allowed,
        words={SuggestionKind.GENRE: genres, SuggestionKind.PLATFORM: words[SuggestionKind.PLATFORM]},
        limit=limit,
        isolated=not policy.is_open,
    )


def check_index() -> None:
    """
    Bring this process's snapshot up to date, for the readiness check: the first load takes up to a second or two.

    Raises:
        DegradedError: The index was built by another analysis than this code's; answers may miss titles.
    """
    snapshots.current()
    built_by = IndexState.objects.values_list("analysis_version", flat=True).first()
    if built_by not in (None, ANALYSIS_VERSION):
        raise DegradedError(f"built by analysis {built_by}, this is {ANALYSIS_VERSION}: run manage.py rebuild_index")


def _hits(
    snapshot: Snapshot, ranked: Ranked, request: SearchRequest, *, policy: Policy, now: datetime
) -> tuple[Hit, ...]:
    """Fill one page: summaries from the catalogue, reasons from the documents' own terms."""
    page = slice(request.offset, request.offset + request.limit)
    ids: Sequence[UUID] = snapshot.columns.title_ids[ranked.slots[page]].tolist()
    summaries = content.get_summaries(ids, policy=policy, now=now)
    texts = _texts(ids)
    hits = []
    for title_id, score, rung in zip(ids, ranked.scores[page].tolist(), ranked.rungs[page].tolist(), strict=True):
        # A title that left, or changed its certificate, after the snapshot was taken is passed over.
        if title_id in summaries and title_id in texts:
            reasons: tuple[Reason, ...] = reasons_for(request.text, texts[title_id], rung=rung)
            hits.append(Hit(summaries[TitleId(title_id)], round(score, 4), reasons))
    return tuple(hits)


def _texts(ids: Sequence[UUID]) -> dict[UUID, DocumentText]:
    """Read the terms of some documents; 1 SQL statement."""
    rows = SearchDocument.objects.filter(title_id__in=ids).values_list(
        "title_id", "title_terms", "people_terms", "tag_terms", "synopsis_terms"
    )
    return {title_id: DocumentText(*(frozenset(terms.split()) for terms in fields)) for title_id, *fields in rows}


def _relaxed(terms: int, ranked: Ranked) -> tuple[Relaxation, ...]:
    """Say that not all words had to match, when that was so."""
    if ranked.terms_needed >= terms:
        return ()
    detail = f"No title has all {terms} words; these have at least {ranked.terms_needed} of them."
    return (Relaxation("all_words", detail),)


def _words() -> dict[SuggestionKind, dict[str, str]]:
    """Give the names of genres and platforms."""
    words: dict[str, dict[str, str]] | None = cache.get("search:words")
    if words is None:
        words = {
            SuggestionKind.GENRE.value: {genre.slug: genre.name for genre in content.get_genres()},
            SuggestionKind.PLATFORM.value: {platform.slug: platform.name for platform in content.get_platforms()},
        }
        cache.set("search:words", words, _WORDS_TTL_S)
    return {SuggestionKind(kind): names for kind, names in words.items()}
