"""What search takes and gives over HTTP; the request shapes read it, the response shapes document it."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from apps.content.contracts import GENRES, LISTED_KINDS, OfferType, TitleSummary
from apps.search.contracts import ReadChip
from apps.search.domain.rankings import WEIGHT_NAMES, find_contradiction, range_of
from apps.search.domain.vocabulary import Reason, Sort, Suggestion
from apps.search.domain.weights import DEFAULT_WEIGHTS, Weights
from mediagateway.http.pagination import DEFAULT_LIMIT, MAX_LIMIT
from mediagateway.http.queries import IdField, PlainTextField, RegionField, StrictSerializer
from mediagateway.http.shapes import shape_of

MAX_QUERY = 500
#: What a report can look back on.
PERIODS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
_YEAR: dict[str, Any] = {"required": False, "min_value": 1870, "max_value": 2100}
_MINUTES: dict[str, Any] = {"required": False, "min_value": 1, "max_value": 1440}
_RATING: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 10}


class SlugList(serializers.ListField):
    """Up to 30 slugs; a slug that nothing has finds nothing."""

    def __init__(self, **kwargs: Any) -> None:
        """Read lower-case words with underscores."""
        super().__init__(
            child=serializers.RegexField(r"^[a-z0-9_]{1,40}\Z"),
            required=False,
            allow_empty=False,
            max_length=30,
            **kwargs,
        )


class ChipIds(serializers.ListField):
    """Ids of chips, of whatever was read from a text."""

    def __init__(self, **kwargs: Any) -> None:
        """Read words without blanks."""
        super().__init__(
            child=serializers.RegexField(r"^[^\s\x00]{1,160}\Z"),
            required=False,
            max_length=50,
            help_text="Ids of chips (`parsed.chips`) that were read from the text and are not meant.",
            **kwargs,
        )


class FilterFields(StrictSerializer):
    """Hard constraints; words within one are alternatives, and no constraint is ever relaxed."""

    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=[kind.value for kind in LISTED_KINDS]),
        required=False,
        max_length=10,
    )
    genres = serializers.ListField(
        child=serializers.ChoiceField(choices=list(GENRES)), required=False, allow_empty=False, max_length=30
    )
    exclude_genres = serializers.ListField(
        child=serializers.ChoiceField(choices=list(GENRES)), required=False, allow_empty=False, max_length=30
    )
    platforms = SlugList()
    offer_types = serializers.ListField(
        child=serializers.ChoiceField(choices=[(offer_type.value, offer_type.name) for offer_type in OfferType]),
        required=False,
        max_length=10,
    )
    my_services = serializers.BooleanField(required=False, default=False)
    max_price = serializers.IntegerField(
        required=False, min_value=0, max_value=1_000_000, help_text="Minor units of `currency`; needs it."
    )
    currency = serializers.RegexField(r"^[A-Z]{3}\Z", required=False, help_text="ISO 4217.")
    year_from = serializers.IntegerField(**_YEAR)
    year_to = serializers.IntegerField(**_YEAR)
    rating_min = serializers.FloatField(**_RATING)
    rating_max = serializers.FloatField(**_RATING)
    runtime_min = serializers.IntegerField(**_MINUTES, help_text="Minutes.")
    runtime_max = serializers.IntegerField(**_MINUTES, help_text="Minutes.")
    languages = serializers.ListField(
        child=serializers.RegexField(r"^[a-z]{2,3}\Z"),
        required=False,
        allow_empty=False,
        max_length=30,
        help_text="BCP 47 languages.",
    )
    countries = serializers.ListField(
        child=RegionField(),
        required=False,
        allow_empty=False,
        max_length=30,
        help_text="Countries of production, ISO 3166-1 alpha-2.",
    )
    max_maturity = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=21,
        help_text="Highest minimum age; no certificate is out.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse ranges that end before they begin, and a price without its currency."""
        for name in ("year_{}", "rating_{}", "runtime_{}"):
            low, high = (name.format(end) for end in (("from", "to") if name.startswith("year") else ("min", "max")))
            if low in attrs and high in attrs and attrs[low] > attrs[high]:
                raise serializers.ValidationError({high: [f"Must not be below {low}."]}, code="range")
        if "max_price" in attrs and "currency" not in attrs:
            raise serializers.ValidationError({"currency": ["max_price needs a currency."]}, code="required")
        return attrs


class _Query(StrictSerializer):
    """What both forms of a search share."""

    sort = serializers.ChoiceField(choices=[sort.value for sort in Sort], required=False, default=Sort.RELEVANCE.value)
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; offers and certificates are this region's.")
    facets = serializers.BooleanField(required=False, default=True, help_text="Whether to count facets.")
    explain = serializers.BooleanField(required=False, default=True, help_text="Whether to give match reasons.")
    without = ChipIds(default=list)
    limit = serializers.IntegerField(required=False, default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=1024)


class SearchBody(_Query):
    """A search, posted."""

    query = serializers.CharField(min_length=1, max_length=MAX_QUERY, help_text="What to look for, in plain language.")
    filters = FilterFields(required=False)


class SearchQuery(_Query, FilterFields):
    """A search as query parameters: the filters stand beside the query; lists are comma-separated."""

    q = serializers.CharField(min_length=1, max_length=MAX_QUERY, help_text="What to look for, in plain language.")


class AutocompleteQuery(StrictSerializer):
    """What is being typed."""

    q = serializers.CharField(min_length=1, max_length=100, help_text="What stands in the field so far.")
    limit = serializers.IntegerField(required=False, default=10, min_value=1, max_value=20)
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; certificates are this region's.")


class SearchHit(shape_of(TitleSummary)):  # type: ignore[misc]  # The base is made from the dataclass that is sent.
    """A title of the result set."""

    score = serializers.FloatField(help_text="0..1, comparable within this answer.")
    match_reasons = serializers.ListField(child=shape_of(Reason)())


class RelaxationShape(serializers.Serializer[Any]):
    """What was read from the text and had to give way."""

    constraint = serializers.CharField()
    detail = serializers.CharField()


class ParsedQuery(serializers.Serializer[Any]):
    """How the query was understood."""

    hard = serializers.DictField(help_text="The filters that were given; never relaxed.")
    soft = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Tastes that order, by what they are about.",
    )
    references = serializers.ListField(child=serializers.CharField(), help_text="Titles that the text refers to.")
    relaxed = RelaxationShape(many=True)
    chips = serializers.ListField(
        child=shape_of(ReadChip)(),
        help_text="Everything that was read from the text; send an id back as `without` to take it away.",
    )


class SearchAnswer(serializers.Serializer[Any]):
    """A page of a result set."""

    items = SearchHit(many=True)
    next_cursor = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()
    total = serializers.IntegerField(help_text="Titles in the whole result set.")
    facets = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="Dimension -> value -> titles of the whole result set; empty when not asked for.",
    )
    parsed = ParsedQuery()
    degraded = serializers.BooleanField(
        help_text="Whether titles of similar meaning are missing, because the vectors did not answer."
    )
    query_id = serializers.UUIDField(help_text="Names this search when a click on a result is reported.")
    took_ms = serializers.FloatField()


class SimilarQuery(StrictSerializer):
    """How many, and for where."""

    limit = serializers.IntegerField(required=False, default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; offers and certificates are this region's.")


class SimilarList(serializers.Serializer[Any]):
    """Titles like a title, the most alike first."""

    items = SearchHit(many=True)


class SuggestionList(serializers.Serializer[Any]):
    """Completions, best first."""

    items = serializers.ListField(child=shape_of(Suggestion)())


class ClickBody(StrictSerializer):
    """A result that was opened."""

    query_id = IdField(help_text="Of the answer that showed it.")
    content_id = IdField(help_text="The title.")
    position = serializers.IntegerField(
        min_value=1, max_value=100_000, help_text="In the result set, from 1; pages count on."
    )


class AnalyticsQuery(StrictSerializer):
    """Which searches to report on."""

    period = serializers.ChoiceField(choices=list(PERIODS), required=False, default="24h", help_text="Up to now.")
    limit = serializers.IntegerField(required=False, default=10, min_value=1, max_value=MAX_LIMIT)


class WeightFields(StrictSerializer):
    """Weights of the ranking; what is not given is as in code."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Make a field of every weight that there is."""
        return {
            name: serializers.FloatField(
                required=False,
                default=getattr(DEFAULT_WEIGHTS, name),
                min_value=range_of(name)[0],
                max_value=range_of(name)[1],
            )
            for name in WEIGHT_NAMES
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse weights that break what search promises."""
        if wrong := find_contradiction(Weights(**attrs)):
            name, detail = wrong
            raise serializers.ValidationError({name: [detail]}, code="contradiction")
        return attrs


class RankingBody(StrictSerializer):
    """New weights."""

    weights = WeightFields()
    description = PlainTextField(max_length=500, help_text="Why; it stays in the history.")


class RankingVariantBody(StrictSerializer):
    """Other weights for a share of the callers."""

    weights = WeightFields()
    description = PlainTextField(required=False, default="", allow_blank=True, max_length=500)
    traffic_percentage = serializers.IntegerField(min_value=0, max_value=100)
    is_active = serializers.BooleanField(required=False, default=True)


class SavedSearchBody(StrictSerializer):
    """A search to keep."""

    name = PlainTextField(max_length=80, help_text="What the notification calls it.")
    query = PlainTextField(min_length=1, max_length=MAX_QUERY, help_text="What to look for, in plain language.")
    filters = FilterFields(required=False, default=dict)
    without = ChipIds(default=list)
    region = serializers.RegexField(
        r"^([A-Z]{2})?\Z", required=False, default="", allow_blank=True, help_text="Empty: the profile's own."
    )
    notify = serializers.BooleanField(required=False, default=True, help_text="Whether to tell new matches.")


class SavedSearchChange(StrictSerializer):
    """What to change of a saved search; filters are replaced as a whole."""

    name = PlainTextField(max_length=80, required=False)
    query = PlainTextField(min_length=1, max_length=MAX_QUERY, required=False)
    filters = FilterFields(required=False)
    without = ChipIds()
    region = serializers.RegexField(r"^([A-Z]{2})?\Z", required=False, allow_blank=True)
    notify = serializers.BooleanField(required=False)
