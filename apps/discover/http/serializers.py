"""What the discover endpoints take and give; request shapes read, response shapes document."""

from typing import Any

from rest_framework import serializers

from apps.content.contracts import GENRES, LISTED_KINDS, DeviceKind, Kind, Sort, TitleSummary
from apps.discover.contracts import Basis, PlanAnswer, Row, TonightAnswer
from apps.discover.domain.tonight import MOOD_GENRES
from mediagateway.http.queries import IdField, PageQuery, RegionField, RegionQuery, StrictSerializer
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of

_SLUG = r"^[a-z0-9_]{1,40}\Z"
_KINDS = [(kind.value, kind.name) for kind in LISTED_KINDS]
_DEVICES = [(device.value, device.name) for device in DeviceKind]
#: People who fit before one screen.
_MOST_PEOPLE = 20


class TrendingQuery(PageQuery, RegionQuery):
    """Which trends to list."""

    kind = serializers.ChoiceField([kind.value for kind in (Kind.MOVIE, Kind.SERIES)], required=False)


class BrowseKindQuery(PageQuery, RegionQuery):
    """Titles of one kind."""

    genre = serializers.ListField(child=serializers.ChoiceField(list(GENRES)), required=False, max_length=len(GENRES))
    platform = serializers.ListField(child=serializers.RegexField(_SLUG), required=False, max_length=50)
    my_services = serializers.BooleanField(
        required=False, default=False, help_text="Only what a service of the household offers."
    )
    year_from = serializers.IntegerField(required=False, min_value=1870, max_value=2100)
    year_to = serializers.IntegerField(required=False, min_value=1870, max_value=2100)
    sort = serializers.ChoiceField([sort.value for sort in Sort], required=False, default=Sort.POPULAR.value)


class PersonBody(StrictSerializer):
    """Somebody in the room: a profile of the household, or a guest by age."""

    profile_id = IdField(required=False)
    age = serializers.IntegerField(required=False, min_value=0, max_value=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Either a profile_id or an age.", code="one_of")
        return attrs


class TonightBody(StrictSerializer):
    """Who watches, how long, and on what."""

    people = serializers.ListField(
        child=PersonBody(), required=False, max_length=_MOST_PEOPLE, help_text="Besides who asks."
    )
    minutes = serializers.IntegerField(min_value=1, max_value=1440)
    mood = serializers.ChoiceField(sorted(MOOD_GENRES), required=False, help_text="A wish: it orders, and gives way.")
    services = serializers.ListField(
        child=serializers.RegexField(_SLUG),
        required=False,
        max_length=50,
        help_text="What may be used; default: what the household pays for. Free titles count always.",
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(_KINDS), required=False, max_length=len(_KINDS))
    device = serializers.ChoiceField(_DEVICES, required=False, default=DeviceKind.WEB.value)
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's, else the server's.")


class PlanQuery(RegionQuery):
    """How far to plan, and what services cost."""

    months = serializers.IntegerField(required=False, default=3, min_value=1, max_value=12)
    prices = serializers.ListField(
        child=serializers.RegexField(r"^[a-z0-9_]{1,40}:[1-9][0-9]{0,6}\Z"),
        required=False,
        max_length=50,
        help_text="`<platform>:<minor units a month>`, comma-separated: `netflix:1799,hulu:1199`. Without prices the "
        "number of service-months is what is least; with them, a service without one is left out.",
    )
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z", required=False, default="USD", help_text="ISO 4217; of all prices."
    )

    def validate_prices(self, prices: list[str]) -> list[str]:
        """Refuse two prices of one service."""
        if len({price.partition(":")[0] for price in prices}) < len(prices):
            raise serializers.ValidationError("A service has one price.", code="repeated")
        return prices


class TrendingTitle(shape_of(TitleSummary)):  # type: ignore[misc] # the base is made from what is sent
    """A title with its audience."""

    trend_score = serializers.FloatField(
        help_text="Viewings, each fading by half in 48 hours; 0 while nothing was watched."
    )


class TrendingPage(page_of(TrendingTitle)):  # type: ignore[misc] # the base is made from what is sent
    """What is watched most."""

    basis = serializers.ChoiceField([(basis.value, basis.name) for basis in Basis])


class RowList(serializers.Serializer[Any]):
    """A start page."""

    region = serializers.CharField()
    items = shape_of(Row)(many=True)


BrowsePage = page_of(shape_of(TitleSummary))
TonightShape = shape_of(TonightAnswer)
PlanShape = shape_of(PlanAnswer)
