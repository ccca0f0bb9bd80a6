"""What the content endpoints take, and the shapes of what they answer."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.content.contracts import CatalogueStatus, GenreFacts, Sort, TitleSummary
from apps.content.domain.platforms import PlatformFacts
from apps.content.domain.vocabulary import GENRES, LISTED_KINDS
from apps.content.http.presenters import Offer
from apps.content.queries.details import CreditRecord, EpisodeRecord, ImageRecord, SeasonRecord, TitleDetail
from apps.content.queries.people import PartPlayed
from mediagateway.http.pagination import MAX_LIMIT
from mediagateway.http.queries import IdField, PageQuery, RegionQuery, StrictSerializer
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of

#: Parts of a title that `include` can ask for.
INCLUDES = ("credits", "images", "availability", "seasons")

_YEAR: dict[str, Any] = {"required": False, "min_value": 1870, "max_value": 2100}


def _any_of(choices: list[str], help_text: str) -> serializers.ListField:
    """Read a comma-separated list of words of a closed set."""
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices),
        required=False,
        min_length=1,
        max_length=30,
        help_text=help_text,
    )


def _platforms() -> serializers.ListField:
    """Read a comma-separated list of platform slugs; platforms are data, so an unknown one finds nothing."""
    return serializers.ListField(
        child=serializers.RegexField(r"^[a-z0-9_]{1,40}\Z"),
        required=False,
        min_length=1,
        max_length=30,
        help_text="Watchable now in the region on any of these platforms (slugs, comma-separated).",
    )


@extend_schema_field({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})
class KnownTimeField(serializers.Field[datetime, str, str, str]):
    """A moment with its offset, or a date, which means its first moment in UTC."""

    default_error_messages = {"invalid": "Give a date (2026-01-31) or a time with offset (2026-01-31T12:00:00Z)."}

    def to_internal_value(self, data: str) -> datetime:
        """Read either form; a time without an offset could mean any of 38 moments, so it is refused."""
        try:
            moment = (
                datetime.combine(date.fromisoformat(data), time(), tzinfo=UTC)
                if len(data) == len("2026-01-31")
                else parse_datetime(data.upper())
            )
            if moment is None or moment.tzinfo is None:
                raise ValueError(data)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as err:
            raise serializers.ValidationError(self.error_messages["invalid"], code="invalid") from err

    def to_representation(self, value: datetime) -> str:
        """Write RFC 3339."""
        return value.isoformat()


class TitleFilterQuery(PageQuery, RegionQuery):
    """Filters of any list of titles; words within one are alternatives."""

    kind = _any_of([kind.value for kind in LISTED_KINDS], "Any of these kinds (comma-separated).")
    genre = _any_of(list(GENRES), "At least one of these genres (slugs, comma-separated).")
    platform = _platforms()
    year_from = serializers.IntegerField(**_YEAR, help_text="Released in this year or later.")
    year_to = serializers.IntegerField(**_YEAR, help_text="Released in this year or earlier.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        if "year_from" in attrs and "year_to" in attrs and attrs["year_from"] > attrs["year_to"]:
            raise serializers.ValidationError({"year_to": ["Must not be before year_from."]}, code="range")
        return attrs


class BrowseQuery(TitleFilterQuery):
    """A list of titles in an order."""

    sort = serializers.ChoiceField(
        choices=[sort.value for sort in Sort],
        required=False,
        default=Sort.POPULAR.value,
        help_text="Ties are ordered by id; what has no year or rating comes last.",
    )


class PopularQuery(TitleFilterQuery):
    """A list of titles of one kind, most popular first."""

    kind = None  # type: ignore[assignment] # DRF's way to drop an inherited field


class CatalogueQuery(BrowseQuery):
    """The titles of one platform."""

    platform = None  # type: ignore[assignment] # DRF's way to drop an inherited field


class ExpiringQuery(PageQuery, RegionQuery):
    """Offers that end soon."""

    days = serializers.IntegerField(required=False, default=7, min_value=1, max_value=90, help_text="How soon.")
    platform = _platforms()


class DetailQuery(RegionQuery):
    """One title, with parts."""

    include = _any_of(list(INCLUDES), "Parts to include (comma-separated).")


class AvailabilityQuery(RegionQuery):
    """Offers of one title."""

    as_of = KnownTimeField(
        required=False,
        help_text=(
            "Answer with what the catalogue believed at this time, whatever the offers' own windows. Without it: what "
            "it believes now and can be watched now."
        ),
    )


class ShortListQuery(StrictSerializer):
    """A list that is short enough to come whole unless less is asked for."""

    limit = serializers.IntegerField(required=False, default=MAX_LIMIT, min_value=1, max_value=MAX_LIMIT)
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=1024)


class RegionalShortListQuery(ShortListQuery, RegionQuery):
    """A short list whose title is checked under a region's certificates."""


class RegionalPageQuery(PageQuery, RegionQuery):
    """A list that depends on the place."""


class BatchBody(StrictSerializer):
    """Titles asked for by id."""

    ids = serializers.ListField(child=IdField(), min_length=1, max_length=100, help_text="1 to 100 title ids.")


class AvailabilityBody(page_of(shape_of(Offer))):  # type: ignore[misc] # the base is made from what is sent
    """The offers of a title in a region, best first; a whole list."""

    content_id = serializers.UUIDField()
    region = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="The known time that was asked for; null is now.")


class TitleBody(shape_of(TitleDetail)):  # type: ignore[misc] # the base is made from what is sent
    """A title; the last four members are there when `include` asks for them."""

    credits = serializers.ListField(child=shape_of(CreditRecord)(), required=False)
    images = serializers.ListField(child=shape_of(ImageRecord)(), required=False)
    seasons = serializers.ListField(child=shape_of(SeasonRecord)(), required=False)
    availability = AvailabilityBody(required=False)


class ExpiringOffer(serializers.Serializer[Any]):
    """An offer that ends soon, with its title."""

    title = shape_of(TitleSummary)()
    offer = shape_of(Offer)()
    days_left = serializers.IntegerField(help_text="Whole days until `valid_until`, rounded up.")


class BatchAnswer(serializers.Serializer[Any]):
    """Titles in the order in which they were asked for."""

    items = serializers.ListField(child=shape_of(TitleSummary)())
    missing = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of no title, or of one that you may not see."
    )
    merged = serializers.DictField(
        child=serializers.UUIDField(), help_text="Ids that were merged -> the title that answers for them now."
    )


class PersonTitle(shape_of(TitleSummary)):  # type: ignore[misc] # the base is made from what is sent
    """A title that a person worked on."""

    credits = serializers.ListField(child=shape_of(PartPlayed)())


class PersonBody(page_of(PersonTitle)):  # type: ignore[misc] # the base is made from what is sent
    """A person with their titles, best known first."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class StatusBody(serializers.Serializer[Any]):
    """Which API this is and how its catalogue is doing."""

    api_version = serializers.CharField()
    version = serializers.CharField(help_text="Version of the software.")
    catalogue = shape_of(CatalogueStatus)()


TitlePage = page_of(shape_of(TitleSummary))
ExpiringPage = page_of(ExpiringOffer)
CreditPage = page_of(shape_of(CreditRecord))
SeasonPage = page_of(shape_of(SeasonRecord))
EpisodePage = page_of(shape_of(EpisodeRecord))
GenrePage = page_of(shape_of(GenreFacts))
PlatformPage = page_of(shape_of(PlatformFacts))
