"""Where a title can be watched: current offers, offers as they were known, offers that end soon."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from uuid import UUID

from django.db.models import F, OrderBy, Q, QuerySet

from apps.content.contracts import BestOffer, Money, OfferWindow, TitleId, WatchOption
from apps.content.domain.preference import preference_key
from apps.content.domain.vocabulary import Kind, OfferType, Quality
from apps.content.models import Offer, Title
from apps.content.queries.handles import TitleHandle
from apps.content.queries.paging import Key, fetch_page, time_order
from apps.content.queries.visibility import visible
from mediagateway.http.pagination import Page
from mediagateway.policy import Policy
from mediagateway.prepared import prepared


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """
    One offer with both its time axes.

    Attributes:
        content_id: The title that is offered: a season's or episode's offers are usually its series'.
        kind: What that title is.
        title: What it is called, to search for where there is no `native_id`.
        window_start: When the offer itself starts; `OPEN_WINDOW_START` when nobody said.
        window_end: When it ends; None when nobody said.
        known_from: Since when the catalogue believes in the offer as it stands here.
        superseded_at: When the catalogue learned otherwise; None while it still believes.
    """

    id: UUID
    content_id: TitleId
    kind: Kind
    title: str
    platform: str
    platform_name: str
    region: str
    type: OfferType
    quality: Quality
    price_minor: int | None
    currency: str
    window_start: datetime
    window_end: datetime | None
    audio_languages: tuple[str, ...]
    subtitle_languages: tuple[str, ...]
    native_id: str
    source: str
    source_name: str
    attribution: str
    basis: str
    confidence: float
    first_seen: datetime
    last_verified: datetime
    known_from: datetime
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Availability:
    """
    The offers of a title in one region, best first.

    Attributes:
        offers: What there is.
        changes_at: When, by the clock alone, this answer stops being true; None when it stays true.
    """

    offers: tuple[OfferRecord, ...]
    changes_at: datetime | None


def open_now(region: str, now: datetime) -> Q:
    """Write the condition of offers that the catalogue believes in and whose window is open."""
    return Q(superseded_at__isnull=True, region=region, window_start__lte=now) & _unended(now)


def get_availability(handle: TitleHandle, policy: Policy, *, now: datetime) -> Availability:
    """Say where a title can be watched now in the viewer's region; one SQL statement."""
    believed = [
        _record(offer) for offer in _offers_of(handle, policy.region).filter(_unended(now), superseded_at__isnull=True)
    ]
    started = [offer for offer in believed if offer.window_start <= now]
    return Availability(
        offers=_sorted(started, policy),
        changes_at=min(
            (
                moment
                for offer in believed
                for moment in (offer.window_start, offer.window_end)
                if moment is not None and moment > now
            ),
            default=None,
        ),
    )


def list_offers_as_known(handle: TitleHandle, policy: Policy, *, as_of: datetime) -> tuple[OfferRecord, ...]:
    """
    List the offers that the catalogue believed in at a time, whatever their window; best first, one SQL statement.

    Args:
        handle: The title.
        policy: Whose region and services count.
        as_of: Known time, aware.
    """
    known = Q(known_from__lte=as_of) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of))
    return _sorted([_record(offer) for offer in _offers_of(handle, policy.region).filter(known)], policy)


def list_expiring(
    policy: Policy, *, now: datetime, days: int, platforms: Collection[str], after: Key | None, limit: int
) -> Page[OfferRecord]:
    """
    List the offers that end within some days, soonest first; one SQL statement.

    Args:
        policy: Whose region, and what may be shown.
        now: Start of the window.
        days: Length of the window.
        platforms: Slugs; empty is all.
        after: Key of the page before.
        limit: Most rows.
    """
    ending = Offer.objects.filter(
        visible(policy, title="title_id"),
        superseded_at__isnull=True,
        region=policy.region,
        window_start__lte=now,
        window_end__gt=now,
        window_end__lte=now + timedelta(days=days),
    )
    if platforms:
        ending = ending.filter(platform_id__in=platforms)
    page = fetch_page(_with_names(ending), time_order(OrderBy(F("window_end"))), after=after, limit=limit)
    return Page(tuple(_record(offer) for offer in page.items), page.next_key)


def best_offers(title_ids: Collection[UUID], policy: Policy, *, now: datetime) -> Mapping[UUID, BestOffer]:
    """Choose the offer to show with each title, where there is one; one SQL statement."""
    candidates = defaultdict(list)
    for title_id, platform, name, type_, quality, price_minor, currency in _open_offers(title_ids, policy.region, now):
        offer = BestOffer(
            platform=platform, platform_name=name, type=OfferType(type_), price=price_of(price_minor, currency)
        )
        key = preference_key(
            platform, offer.type, quality=Quality(quality), price_minor=price_minor, services=policy.services
        )
        candidates[title_id].append((key, offer))
    return {title_id: min(ranked, key=itemgetter(0))[1] for title_id, ranked in candidates.items()}


@prepared
def _open_offers(
    title_ids: Collection[UUID], region: str, now: datetime
) -> QuerySet[Offer, tuple[UUID, str, str, str, str, int | None, str]]:
    return Offer.objects.filter(open_now(region, now), title_id__in=title_ids).values_list(
        "title_id", "platform_id", "platform__name", "type", "quality", "price_minor", "currency"
    )


def get_watch_options(
    title_ids: Collection[UUID], *, policy: Policy, now: datetime
) -> dict[UUID, tuple[WatchOption, ...]]:
    """
    Read how titles of any kind can be watched now in the viewer's region; two SQL statements.

    Args:
        title_ids: Titles that the viewer may see, by their own ids: what was merged away has no offers.
        policy: Whose region and services count.
        now: Decides which offers are open; aware.

    Returns:
        For each title its options, what costs the household least first; a title without any is absent. A season or
        episode is also offered with its series.
    """
    lines = {
        title_id: {title_id, *filter(None, ancestors)}
        for title_id, *ancestors in Title.objects.filter(pk__in=title_ids).values_list(
            "pk", "parent_id", "parent__parent_id"
        )
    }
    holders = set().union(*lines.values())
    records = defaultdict(list)
    for offer in _with_names(Offer.objects.filter(open_now(policy.region, now), title_id__in=holders)):
        records[offer.title_id].append(_record(offer))
    found = {
        title_id: tuple(map(_option, _sorted([offer for holder in line for offer in records[holder]], policy)))
        for title_id, line in lines.items()
    }
    return {title_id: options for title_id, options in found.items() if options}


def list_offer_windows(
    title_ids: Collection[UUID], *, region: str, now: datetime, until: datetime
) -> tuple[OfferWindow, ...]:
    """
    List when titles can be watched in a region between now and a later moment; one SQL statement.

    Args:
        title_ids: Titles that the viewer may see.
        region: Of the offers.
        now: Offers that have ended are left out; aware.
        until: So are those that start then or later.
    """
    rows = Offer.objects.filter(
        _unended(now), superseded_at__isnull=True, region=region, title_id__in=title_ids, window_start__lt=until
    ).order_by("title_id", "platform_id", "type", "window_start")
    return tuple(
        OfferWindow(TitleId(title_id), platform, name, OfferType(type_), start, end)
        for title_id, platform, name, type_, start, end in rows.values_list(
            "title_id", "platform_id", "platform__name", "type", "window_start", "window_end"
        )
    )


def list_ending(
    policy: Policy, *, now: datetime, days: int, platforms: Collection[str], limit: int
) -> tuple[OfferWindow, ...]:
    """List the offers that end first within some days, as `list_expiring` does, without their details."""
    page = list_expiring(policy, now=now, days=days, platforms=platforms, after=None, limit=limit)
    return tuple(
        OfferWindow(
            offer.content_id, offer.platform, offer.platform_name, offer.type, offer.window_start, offer.window_end
        )
        for offer in page.items
    )


def price_of(amount: int | None, currency: str) -> Money | None:
    """Join an amount with its currency; None for what costs nothing by itself."""
    return None if amount is None else Money(amount=amount, currency=currency)


def _offers_of(handle: TitleHandle, region: str) -> QuerySet[Offer]:
    """Offers of a title in a region; a season or episode is also offered with its series."""
    return _with_names(Offer.objects.filter(title_id__in={handle.id, handle.series_id}, region=region))


def _with_names(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related("title", "platform", "source").defer("title__provenance", "title__synopsis")


def _unended(now: datetime) -> Q:
    return Q(window_end__isnull=True) | Q(window_end__gt=now)


def _sorted(offers: Sequence[OfferRecord], policy: Policy) -> tuple[OfferRecord, ...]:
    def key(offer: OfferRecord) -> tuple[object, ...]:
        preference = preference_key(
            offer.platform,
            offer.type,
            quality=offer.quality,
            price_minor=offer.price_minor,
            services=policy.services,
        )
        return (*preference, offer.window_start, offer.id)

    return tuple(sorted(offers, key=key))


def _record(offer: Offer) -> OfferRecord:
    return OfferRecord(
        id=offer.id,
        content_id=TitleId(offer.title_id),
        kind=Kind(offer.title.kind),
        title=offer.title.title or "",
        platform=offer.platform_id,
        platform_name=offer.platform.name,
        region=offer.region,
        type=OfferType(offer.type),
        quality=Quality(offer.quality),
        price_minor=offer.price_minor,
        currency=offer.currency,
        window_start=offer.window_start,
        window_end=offer.window_end,
        audio_languages=tuple(offer.audio_languages),
        subtitle_languages=tuple(offer.subtitle_languages),
        native_id=offer.native_id,
        source=offer.source_id,
        source_name=offer.source.name,
        attribution=offer.source.attribution,
        basis=offer.basis,
        confidence=offer.confidence,
        first_seen=offer.first_seen,
        last_verified=offer.last_verified,
        known_from=offer.known_from,
        superseded_at=offer.superseded_at,
    )


def _option(offer: OfferRecord) -> WatchOption:
    return WatchOption(
        id=offer.id,
        content_id=offer.content_id,
        kind=offer.kind,
        title=offer.title,
        platform=offer.platform,
        platform_name=offer.platform_name,
        type=offer.type,
        quality=offer.quality,
        price=price_of(offer.price_minor, offer.currency),
        valid_until=offer.window_end,
        native_id=offer.native_id,
    )
