"""Judged queries, asked through the door like any other."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import IdScheme, MatchProfile
from apps.search.adapters.store import snapshots
from apps.search.domain.analysis import fold
from apps.search.domain.evaluation import DEPTH, JudgedQuery, Outcome
from apps.search.domain.weights import DEFAULT_WEIGHTS, Weights
from apps.search.queries.searching import SearchRequest, search
from mediagateway.policy import Policy

_BATCH = 200
#: Sources disagree by so much on when something came out.
_YEAR_SLACK = 1


def evaluate(
    queries: Sequence[JudgedQuery], *, policy: Policy, now: datetime, weights: Weights = DEFAULT_WEIGHTS
) -> Iterator[Outcome]:
    """
    Ask every query and see where its target stands.

    Some seven SQL statements for every 200 queries to find the targets, and those of a search for each query.
    """
    for start in range(0, len(queries), _BATCH):
        batch = queries[start : start + _BATCH]
        targets = find_targets(batch)
        for query in batch:
            wanted = targets[query.qid]
            request = SearchRequest(query.query, limit=DEPTH, with_facets=False, with_reasons=False)
            hits = search(request, policy=policy, now=now, weights=weights).hits if query.query.strip() else ()
            rank = next((place for place, hit in enumerate(hits, 1) if hit.title.id in wanted), None)
            yield Outcome(query, rank, is_resolved=bool(wanted), first=(hits[0].title.title or "") if hits else "")


def find_targets(queries: Sequence[JudgedQuery]) -> dict[str, frozenset[UUID]]:
    """
    Find the titles that judged queries mean, by query id: by IMDb id, else by name and year; empty when there is none.

    Seven SQL statements, for at most a few hundred queries.
    """
    by_imdb = content.find_by_external_ids({(IdScheme.IMDB, query.imdb_id) for query in queries if query.imdb_id})
    keys = {content.title_key(query.title) for query in queries if query.title}
    named: dict[str, list[MatchProfile]] = {key: [] for key in keys}
    for profile in content.find_match_profiles(keys):
        for key in profile.title_keys & keys:
            named[key].append(profile)
    found = {}
    for query in queries:
        if (IdScheme.IMDB, query.imdb_id) in by_imdb:
            found[query.qid] = frozenset({UUID(str(by_imdb[IdScheme.IMDB, query.imdb_id]))})
        else:
            namesakes = named.get(content.title_key(query.title), []) if query.title else []
            dated = frozenset(profile.id for profile in _of_year(namesakes, query.year))
            found[query.qid] = dated or _by_any_name(query)
    return found


def _by_any_name(query: JudgedQuery) -> frozenset[UUID]:
    """Find the titles of about that year that search knows by this name, one of their other names or a nickname."""
    _, snapshot = snapshots.current()
    columns, slots = snapshot.columns, snapshot.titles.exact(fold(query.title))
    if query.year is None or not query.title:
        return frozenset()
    slots = slots[columns.live[slots] & (abs(columns.years[slots] - query.year) <= _YEAR_SLACK)]
    return frozenset(columns.title_ids[slots].tolist())


def _of_year(namesakes: Sequence[MatchProfile], year: int | None) -> list[MatchProfile]:
    """Keep those that came out nearest to a year, or were running then; all when no year was said."""
    if year is None:
        return list(namesakes)

    def distance(profile: MatchProfile) -> int:
        if profile.release_year is None:
            return _YEAR_SLACK + 1
        last = profile.end_year or profile.release_year
        return max(profile.release_year - year, year - last, 0)

    nearest = min((distance(profile) for profile in namesakes), default=_YEAR_SLACK + 1)
    return [profile for profile in namesakes if distance(profile) == nearest <= _YEAR_SLACK]
