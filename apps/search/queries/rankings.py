"""What orders results, and what did before."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from apps.search.adapters.rankings import Standing, get_standing, rankings
from apps.search.contracts import ActiveRanking, RankingRecord, RankingVariantRecord
from apps.search.domain.rankings import DEFAULT_RANKING, Ranking, read_weights
from apps.search.domain.weights import Weights
from apps.search.errors import RankingNotFoundError, VariantNotFoundError
from apps.search.models import RankingState, RankingVariant, RankingVersion
from mediagateway.http.pagination import Page

_IN_CODE = RankingRecord(0, asdict(DEFAULT_RANKING.weights), "The weights in code.", None, None)


def get_ranking_of(subject: str, standing: Standing) -> Ranking:
    """
    Give what orders the results of a caller; no SQL, two statements after a change.

    Args:
        subject: Who asks, as limits name them.
        standing: As `queries.index.check_version` read it.
    """
    return rankings.at(standing.generation).of(subject)


def get_active_weights() -> Weights:
    """Give the weights that order results outside every variant; 1 SQL statement, three after a change."""
    return rankings.at(get_standing().generation).active.weights


def get_active_ranking() -> ActiveRanking:
    """Read the active version and all variants. Three SQL statements."""
    state = RankingState.objects.first()
    record = get_ranking(state.active_version if state else 0)
    return ActiveRanking(
        ranking=record,
        changed_at=state.changed_at if state else None,
        variants=tuple(map(variant_record, RankingVariant.objects.all())),
    )


def get_ranking(version: int) -> RankingRecord:
    """
    Read a version; 0 is the weights in code. One SQL statement.

    Raises:
        RankingNotFoundError: There is none.
    """
    if version == 0:
        return _IN_CODE
    row = RankingVersion.objects.filter(pk=version).first()
    if row is None:
        raise RankingNotFoundError("There is no version of the ranking with this number.")
    return _record(row)


def list_rankings(*, after: Sequence[Any] | None, limit: int) -> Page[RankingRecord]:
    """List versions, newest first; the weights in code, which are version 0, end the list. One SQL statement."""
    rows = RankingVersion.objects.all()
    if after is not None:
        rows = rows.filter(version__lt=after[0])
    found = [*map(_record, rows[: limit + 1]), _IN_CODE] if after is None or after[0] > 0 else []
    page = found[:limit]
    return Page(tuple(page), (page[-1].version,) if len(found) > limit else None)


def get_variant(name: str) -> RankingVariantRecord:
    """
    Read a variant. One SQL statement.

    Raises:
        VariantNotFoundError: There is none of this name.
    """
    row = RankingVariant.objects.filter(pk=name).first()
    if row is None:
        raise VariantNotFoundError("There is no variant of this name.")
    return variant_record(row)


def list_variants(*, after: Sequence[Any] | None, limit: int) -> Page[RankingVariantRecord]:
    """List variants by name. One SQL statement."""
    rows = RankingVariant.objects.all()
    if after is not None:
        rows = rows.filter(name__gt=after[0])
    found = list(rows[: limit + 1])
    page = found[:limit]
    return Page(tuple(map(variant_record, page)), (page[-1].name,) if len(found) > limit else None)


def variant_record(row: RankingVariant) -> RankingVariantRecord:
    """Write a variant; no SQL."""
    return RankingVariantRecord(
        name=row.name,
        weights=asdict(read_weights(row.weights)),
        description=row.description,
        traffic_percentage=row.traffic_percentage,
        is_active=row.is_active,
        revision=row.revision,
        updated_at=row.updated_at,
    )


def _record(row: RankingVersion) -> RankingRecord:
    return RankingRecord(
        row.version, asdict(read_weights(row.weights)), row.description, row.created_at, row.created_by
    )
