"""Applying a source's full listing of one platform and region, at the time for which the source speaks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, Value

from apps.content.contracts import OfferTerms, SnapshotKey, SnapshotReport, TitleId
from apps.content.domain.offers import OfferName, check_terms, digest_terms, dump_details, name_offer
from apps.content.domain.timeline import Interval, apply_sighting
from apps.content.errors import InvalidDraftError
from apps.content.models import Offer, OfferClaim, OfferSnapshot, Platform, Source, Title, TitleAlias
from apps.content.services.bulk import delete_rows, insert_rows
from apps.content.services.changes import batches, bump_versions
from apps.content.services.offers import load_shelf, refresh_offers

#: Length of a region's code.
_ALPHA_2 = 2

_CLAIM_COLUMNS = (
    "source_id",
    "platform_id",
    "region",
    "title_id",
    "type",
    "quality",
    "window_start",
    "terms",
    "terms_hash",
    "known_from",
    "known_to",
)

#: A claim of the snapshot's source: which title, and the digest of its terms.
_ClaimKey = tuple[UUID, str]


@transaction.atomic
def apply_snapshot(
    key: SnapshotKey, claims: Iterable[tuple[TitleId, OfferTerms]], *, content_sha256: str, at: datetime
) -> SnapshotReport:
    """
    Let a full listing of one platform and region decide what its source said from then until its next listing.

    Absence closes only what the same source had said. A listing older than the newest applied one only fills in
    history. The same content at the same time is a no-op; other content at the same time is a correction. Listings
    applied in any order end in the same offers and history. The platform's row is locked, so that listings of one
    platform wait for one another.

    SQL: about 25 statements, and ten for each further 500 titles that change.

    Args:
        key: Whose listing of what, known when; `as_of` is aware UTC.
        claims: Each offer with its title, a merged id meaning its survivor; equal ones count once.
        content_sha256: Of the listing as it came, in hexadecimal.
        at: Time of the change, aware UTC.

    Returns:
        What happened to the current offers of the platform and region, whoever claims them.

    Raises:
        InvalidDraftError: Unknown source, platform or title, a malformed region, or impossible terms; nothing is
            written.
    """
    _lock(key)
    applied = dict(_snapshots(key).values_list("as_of", "content_sha256"))
    historical = any(as_of > key.as_of for as_of in applied)
    if applied.get(key.as_of) == content_sha256:
        return SnapshotReport(0, 0, 0, unchanged=_count_current(key), historical=historical)

    wanted = _resolve(claims)
    OfferSnapshot.objects.update_or_create(
        source_id=key.source,
        platform_id=key.platform,
        region=key.region,
        as_of=key.as_of,
        defaults={"content_sha256": content_sha256, "applied_at": at},
    )
    following = min((as_of for as_of in applied if as_of > key.as_of), default=None)
    changes = refresh_offers(_write_claims(key, wanted, following=following), load_shelf(key.platform, key.region))
    _verify_offers(key)
    bump_versions(changes.touched, at=at)
    unchanged = _count_current(key) - changes.opened - changes.changed
    return SnapshotReport(changes.opened, changes.closed, changes.changed, unchanged, historical)


def _lock(key: SnapshotKey) -> None:
    """Lock the platform and check that the key means something; two SQL statements."""
    if not (len(key.region) == _ALPHA_2 and key.region.isalpha() and key.region.isupper()):
        raise InvalidDraftError(f"{key.region!r} is no region: two capital letters, as in ISO 3166-1.")
    # NO KEY UPDATE lets others insert rows that refer to the platform meanwhile.
    if not Platform.objects.select_for_update(no_key=True).filter(slug=key.platform):
        raise InvalidDraftError(f"There is no platform {key.platform!r}.")
    if not Source.objects.filter(slug=key.source).exists():
        raise InvalidDraftError(f"There is no source {key.source!r}.")


def _resolve(claims: Iterable[tuple[TitleId, OfferTerms]]) -> dict[_ClaimKey, OfferTerms]:
    """Check the claims and name each by its living title and the digest of its terms; two statements per 500 titles."""
    listed = list(claims)
    for _, terms in listed:
        check_terms(terms)
    living: dict[UUID, UUID] = {}
    for batch in batches({title_id for title_id, _ in listed}):
        living |= TitleAlias.objects.filter(id__in=batch).values_list("id", "title_id")
        living |= ((title_id, title_id) for title_id in Title.objects.filter(id__in=batch).values_list("id", flat=True))
    missing = next((title_id for title_id, _ in listed if title_id not in living), None)
    if missing:
        raise InvalidDraftError(f"There is no title {missing} to offer.")
    return {(living[title_id], digest_terms(terms)): terms for title_id, terms in listed}


def _write_claims(key: SnapshotKey, wanted: Mapping[_ClaimKey, OfferTerms], *, following: datetime | None) -> set[UUID]:
    """
    Bring the source's claims to what the snapshot says, and return the titles of which a claim changed.

    SQL: one SELECT, one DELETE and one INSERT.
    """
    said = {digest: (name_offer(terms), dump_details(terms)) for (_, digest), terms in wanted.items()}
    present: dict[_ClaimKey, dict[Interval, int]] = defaultdict(dict)
    for row in _claims_near(key, following):
        present[row.title_id, row.terms_hash][Interval(row.known_from, row.known_to)] = row.id
        said[row.terms_hash] = OfferName(row.type, row.quality, row.window_start), row.terms

    stale_ids: list[int] = []
    added: list[tuple[object, ...]] = []
    touched: set[UUID] = set()
    for claim in present.keys() | wanted.keys():
        spans = present.get(claim, {})
        decided = apply_sighting(spans, at=key.as_of, following=following, present=claim in wanted)
        if spans.keys() == set(decided):
            continue
        title_id, digest = claim
        name, details = said[digest]
        touched.add(title_id)
        stale_ids += [row_id for span, row_id in spans.items() if span not in decided]
        added += [(title_id, *name, details, digest, span.start, span.end) for span in decided if span not in spans]
    delete_rows(OfferClaim.objects, stale_ids)
    place = (key.source, key.platform, key.region)
    insert_rows(OfferClaim, _CLAIM_COLUMNS, ((*place, *row) for row in added))
    return touched


def _claims_near(key: SnapshotKey, following: datetime | None) -> QuerySet[OfferClaim]:
    """Select the source's claims whose spans meet or touch the snapshot's own; no others can change."""
    near = OfferClaim.objects.filter(
        Q(known_to__isnull=True) | Q(known_to__gte=key.as_of),
        source_id=key.source,
        platform_id=key.platform,
        region=key.region,
    )
    if following is not None:
        near = near.filter(known_from__lte=following)
    return near


def _verify_offers(key: SnapshotKey) -> None:
    """
    Move `last_verified` up to this snapshot wherever its source stood by an offer; one SQL statement.

    Offers that the snapshot changed have it already. For all others this is the same rule as
    `domain.offers.compute_versions` follows, without reading a row.
    """
    claimed = OfferClaim.objects.filter(
        Q(known_to__isnull=True) | (Q(known_to__gt=key.as_of) & Q(known_to__gt=OuterRef("known_from"))),
        source_id=key.source,
        title_id=OuterRef("title_id"),
        platform_id=key.platform,
        region=key.region,
        type=OuterRef("type"),
        quality=OuterRef("quality"),
        window_start=OuterRef("window_start"),
        known_from__lte=key.as_of,
    )
    # A scalar subquery, not EXISTS: PostgreSQL makes a join of that, and before its first ANALYZE a quadratic one.
    moment = Subquery(claimed.values_list(Value(key.as_of, output_field=DateTimeField()))[:1])
    Offer.objects.filter(
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=key.as_of),
        platform_id=key.platform,
        region=key.region,
        last_verified__lt=moment,
    ).update(last_verified=key.as_of)


def _snapshots(key: SnapshotKey) -> QuerySet[OfferSnapshot]:
    return OfferSnapshot.objects.filter(source_id=key.source, platform_id=key.platform, region=key.region)


def _count_current(key: SnapshotKey) -> int:
    return Offer.objects.filter(platform_id=key.platform, region=key.region, superseded_at__isnull=True).count()
