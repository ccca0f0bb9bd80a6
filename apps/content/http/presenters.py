"""From what queries return to what clients see, where the two differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.content.contracts import Money, TitleSummary
from apps.content.domain.links import LinkKind, resolve_links
from apps.content.domain.offers import OPEN_WINDOW_START
from apps.content.domain.vocabulary import OfferType, Quality
from apps.content.queries.offers import OfferRecord, price_of


@dataclass(frozen=True, slots=True)
class DeviceLinks:
    """Ways to open an offer on one kind of device, best first."""

    app_link: str | None
    universal_link: str | None
    web_fallback: str
    launch_path: str | None


@dataclass(frozen=True, slots=True)
class OfferSource:
    """Who said that the offer exists."""

    slug: str
    name: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to watch a title, with its own window (`valid_*`) and the time in which we believed in it (`known_*`)."""

    id: UUID
    content_id: UUID
    platform: str
    platform_name: str
    region: str
    type: OfferType
    price: Money | None
    quality: Quality
    audio_languages: tuple[str, ...]
    subtitle_languages: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    link_kind: LinkKind | None
    links: Mapping[str, DeviceLinks]
    source: OfferSource
    basis: str | None
    confidence: float
    first_seen: datetime
    last_verified: datetime
    known_from: datetime
    known_until: datetime | None


def as_members(summary: TitleSummary) -> dict[str, Any]:
    """Write a title as a dict, so that more members can stand beside its own."""
    return {column.name: getattr(summary, column.name) for column in fields(summary)}


def present_availability(
    content_id: UUID, region: str, offers: Iterable[OfferRecord], *, as_of: datetime | None = None
) -> dict[str, Any]:
    """Write the offers of a title: a whole list, so there is never a next page."""
    return {
        "content_id": content_id,
        "region": region,
        "as_of": as_of,
        "items": [present_offer(offer) for offer in offers],
        "next_cursor": None,
        "has_more": False,
    }


def present_offer(offer: OfferRecord) -> Offer:
    """Write an offer with its links for every kind of device."""
    links = resolve_links(offer.platform, kind=offer.kind, native_id=offer.native_id, title=offer.title)
    return Offer(
        id=offer.id,
        content_id=offer.content_id,
        platform=offer.platform,
        platform_name=offer.platform_name,
        region=offer.region,
        type=offer.type,
        price=price_of(offer.price_minor, offer.currency),
        quality=offer.quality,
        audio_languages=offer.audio_languages,
        subtitle_languages=offer.subtitle_languages,
        valid_from=None if offer.window_start == OPEN_WINDOW_START else offer.window_start,
        valid_until=offer.window_end,
        # The kind is the same on every device: it depends on whether there is an id to link to.
        link_kind=next((link.kind for link in links.values()), None),
        links={
            device.value: DeviceLinks(link.app_link, link.universal_link, link.web_fallback, link.launch_path)
            for device, link in links.items()
        },
        source=OfferSource(offer.source, offer.source_name, offer.attribution),
        basis=offer.basis or None,
        confidence=offer.confidence,
        first_seen=offer.first_seen,
        last_verified=offer.last_verified,
        known_from=offer.known_from,
        known_until=offer.superseded_at,
    )
