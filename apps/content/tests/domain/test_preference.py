"""Which offer a household takes first."""

import pytest

from apps.content.domain.preference import preference_key
from apps.content.domain.vocabulary import OfferType, Quality


def key(platform, offer_type, *, quality=Quality.HD, price_minor=None, services=()):
    return preference_key(platform, offer_type, quality=quality, price_minor=price_minor, services=services)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (key("max", OfferType.SUBSCRIPTION), key("tubi", OfferType.FREE)),
        (key("max", OfferType.SUBSCRIPTION, services=["max"]), key("tubi", OfferType.FREE, services=["max"])),
        (key("tubi", OfferType.FREE, services=["max"]), key("hulu", OfferType.SUBSCRIPTION, services=["max"])),
        (
            key("itunes", OfferType.BUY, price_minor=1999, services=["max"]),
            key("hulu", OfferType.SUBSCRIPTION, services=["max"]),
        ),
        (key("b", OfferType.RENT, price_minor=299), key("a", OfferType.RENT, price_minor=399)),
        (
            key("b", OfferType.RENT, price_minor=299, quality=Quality.UHD),
            key("a", OfferType.RENT, price_minor=299, quality=Quality.SD),
        ),
        (key("b", OfferType.ADS, quality=Quality.SD), key("a", OfferType.ADS, quality=Quality.UNKNOWN)),
        (key("a", OfferType.FREE), key("b", OfferType.FREE)),
    ],
    ids=["unknown services", "own first", "free before strange", "strange last", "price", "picture", "unknown", "slug"],
)
def test_better_offers_come_first(better, worse):
    """Own subscription, free, ads, rent, buy, strange subscription; then price, picture, slug."""
    assert better < worse
