"""Rows of offers, brought to what the claims of all sources say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.content.domain.offers import Claim, OfferName, OfferTerms, OfferVersion, compute_versions, load_terms
from apps.content.domain.timeline import Interval
from apps.content.models import Offer, OfferClaim, OfferSnapshot, Source
from apps.content.services.bulk import delete_rows, insert_rows
from apps.content.services.changes import batches

#: Columns of which a difference matters to somebody who wants to watch now.
_DETAILS = (
    "source_id",
    "basis",
    "window_end",
    "price_minor",
    "currency",
    "audio_languages",
    "subtitle_languages",
    "native_id",
    "confidence",
)
_COLUMNS = (*_DETAILS, "first_seen", "last_verified", "known_from", "superseded_at")
_INSERTED = ("id", "title_id", "platform_id", "region", "type", "quality", "window_start", *_COLUMNS)

#: A title, and which of its offers on the shelf.
_Key = tuple[UUID, OfferName]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One platform in one region, with what folding its claims needs: ranks of sources and times of their snapshots."""

    platform: str
    region: str
    ranks: Mapping[str, int]
    snapshots: Mapping[str, tuple[datetime, ...]]


@dataclass(slots=True)
class OfferChanges:
    """What a refresh did: current offers opened, closed and changed, and every title with any difference."""

    opened: int = 0
    closed: int = 0
    changed: int = 0
    touched: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _OfferPlan:
    """The writes that bring the rows of one offer in line, and the details of its current row before and after."""

    written: list[Offer]
    stale_ids: list[UUID]
    before: list[object] | None
    after: list[object] | None


def load_shelf(platform: str, region: str) -> Shelf:
    """Read what folding needs of a shelf; two SQL statements."""
    moments: dict[str, list[datetime]] = defaultdict(list)
    applied = OfferSnapshot.objects.filter(platform_id=platform, region=region).order_by("as_of")
    for source, as_of in applied.values_list("source_id", "as_of"):
        moments[source].append(as_of)
    return Shelf(
        platform=platform,
        region=region,
        ranks=dict(Source.objects.values_list("slug", "rank")),
        snapshots={source: tuple(times) for source, times in moments.items()},
    )


def refresh_offers(title_ids: Collection[UUID], shelf: Shelf) -> OfferChanges:
    """
    Recompute the offers of titles on a shelf from their claims, and write what differs; idempotent.

    SQL: for each 500 titles two SELECTs and, where anything differs, one DELETE and one upsert.
    """
    changes = OfferChanges()
    for batch in batches(title_ids):
        plans = _plan_batch(batch, shelf)
        for (title_id, _), plan in plans.items():
            _count(plan, title_id, changes)
        stale_ids = [row_id for plan in plans.values() for row_id in plan.stale_ids]
        delete_rows(Offer.objects, stale_ids)
        # Closed rows first: an offer's next current row may only come when the last one is no longer current.
        written = sorted(
            (row for plan in plans.values() for row in plan.written), key=lambda row: not row.superseded_at
        )
        insert_rows(
            Offer, _INSERTED, ([getattr(row, column) for column in _INSERTED] for row in written), replace=_COLUMNS
        )
    return changes


def _plan_batch(title_ids: Sequence[UUID], shelf: Shelf) -> dict[_Key, _OfferPlan]:
    claims = _load_claims(title_ids, shelf)
    rows: dict[_Key, list[Offer]] = defaultdict(list)
    for row in Offer.objects.filter(title_id__in=title_ids, platform_id=shelf.platform, region=shelf.region):
        rows[row.title_id, OfferName(row.type, row.quality, row.window_start)].append(row)
    return {
        key: _plan_offer(
            key, compute_versions(claims.get(key, ()), snapshots=shelf.snapshots), rows=rows.get(key, ()), shelf=shelf
        )
        for key in sorted(claims.keys() | rows.keys())
    }


def _load_claims(title_ids: Sequence[UUID], shelf: Shelf) -> dict[_Key, list[Claim]]:
    """Read every claim of titles on a shelf, each with all its intervals; one SQL statement."""
    spans: dict[tuple[_Key, str, str], list[Interval]] = defaultdict(list)
    terms: dict[str, OfferTerms] = {}
    for row in OfferClaim.objects.filter(title_id__in=title_ids, platform_id=shelf.platform, region=shelf.region):
        name = OfferName(row.type, row.quality, row.window_start)
        spans[(row.title_id, name), row.source_id, row.terms_hash].append(Interval(row.known_from, row.known_to))
        if row.terms_hash not in terms:
            terms[row.terms_hash] = load_terms(name, row.terms)
    claims: dict[_Key, list[Claim]] = defaultdict(list)
    for (key, source, digest), intervals in spans.items():
        claims[key].append(Claim(source, shelf.ranks[source], digest, terms[digest], tuple(intervals)))
    return claims


def _plan_offer(key: _Key, versions: Sequence[OfferVersion], *, rows: Iterable[Offer], shelf: Shelf) -> _OfferPlan:
    """Match the rows of one offer with its versions, by their start, and compare."""
    title_id, name = key
    unmatched = {row.known_from: row for row in rows}
    current = next((row for row in unmatched.values() if row.superseded_at is None), None)
    before = [getattr(current, column) for column in _DETAILS] if current else None
    matched = [(version, unmatched.pop(version.known.start, None)) for version in versions]
    written = []
    for version, found in matched:
        row = found
        if row is None and version.known.end is None and current and current.known_from in unmatched:
            # The current row keeps its id when only what came before it was learned anew.
            row = unmatched.pop(current.known_from)
        values = _column_values(version)
        if row is None:
            row = Offer(title_id=title_id, platform_id=shelf.platform, region=shelf.region, **name._asdict(), **values)
        elif all(getattr(row, column) == value for column, value in values.items()):
            continue
        for column, value in values.items():
            setattr(row, column, value)
        written.append(row)
    standing = _column_values(versions[-1]) if versions and versions[-1].known.end is None else None
    return _OfferPlan(
        written=written,
        stale_ids=[row.id for row in unmatched.values()],
        before=before,
        after=[standing[column] for column in _DETAILS] if standing else None,
    )


def _column_values(version: OfferVersion) -> dict[str, object]:
    details = version.details
    return {
        "source_id": details.source,
        "basis": details.basis,
        "window_end": details.window_end,
        "price_minor": details.price_minor,
        "currency": details.currency,
        "audio_languages": list(details.audio_languages),
        "subtitle_languages": list(details.subtitle_languages),
        "native_id": details.native_id,
        "confidence": details.confidence,
        "first_seen": version.first_seen,
        "last_verified": version.last_verified,
        "known_from": version.known.start,
        "superseded_at": version.known.end,
    }


def _count(plan: _OfferPlan, title_id: UUID, changes: OfferChanges) -> None:
    """Add one offer's plan to the account."""
    if plan.written or plan.stale_ids:
        changes.touched.add(title_id)
    if plan.before is None and plan.after is not None:
        changes.opened += 1
    elif plan.before is not None and plan.after is None:
        changes.closed += 1
    elif plan.before != plan.after:
        changes.changed += 1
