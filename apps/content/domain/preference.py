"""Which of several offers a household would take first."""

from collections.abc import Collection

from apps.content.domain.vocabulary import OfferType, Quality

_TYPE_RANK = {offer_type: rank for rank, offer_type in enumerate(OfferType)}
_QUALITY_RANK = {quality: rank for rank, quality in enumerate((Quality.UHD, Quality.HD, Quality.SD, Quality.UNKNOWN))}


def preference_key(
    platform: str, offer_type: OfferType, *, quality: Quality, price_minor: int | None, services: Collection[str]
) -> tuple[int, int, int, str]:
    """
    Rank an offer; the smallest key is what costs the household least.

    A subscription that they have, then free, with ads, rent, buy, and last a subscription that they would have to take
    out. Within a kind the lower price, then the better picture, then the platform's slug decide. Prices compare as
    numbers: the offers of one region are in one currency.

    Args:
        platform: Slug.
        offer_type: How it lets people watch.
        quality: Its picture.
        price_minor: In minor units; None for what costs nothing by itself.
        services: Slugs of what the household pays for; empty is "not known", and any subscription counts as theirs.
    """
    rank = _TYPE_RANK[offer_type]
    if offer_type is OfferType.SUBSCRIPTION and services and platform not in services:
        rank = len(OfferType)
    return rank, price_minor or 0, _QUALITY_RANK[quality], platform
