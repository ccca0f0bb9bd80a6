"""What SONA takes over HTTP; the response shapes are the contracts' own."""

from typing import Any

from rest_framework import serializers

from apps.content.contracts import GENRES, LISTED_KINDS
from apps.sona.contracts import (
    Company,
    DayPart,
    Device,
    ExperimentRecord,
    ExperimentStatus,
    Mood,
    Recommendation,
    Scope,
    SimilarTitle,
    VariantShown,
)
from apps.sona.domain.feedback import FeedbackType
from apps.sona.domain.model import PARTS
from mediagateway.http.queries import IdField, RegionField, StrictSerializer
from mediagateway.http.shapes import shape_of

MAX_LIMIT = 100
_NAME = r"^[a-z0-9][a-z0-9_-]{0,39}\Z"


class ContextBody(StrictSerializer):
    """The moment of the request."""

    mood = serializers.ChoiceField(choices=[each.value for each in Mood], required=False)
    time_of_day = serializers.ChoiceField(
        choices=[(each.value, each.name) for each in DayPart],
        required=False,
        help_text="Default: by the profile's own clock.",
    )
    device = serializers.ChoiceField(choices=[each.value for each in Device], required=False)
    minutes = serializers.IntegerField(
        required=False,
        min_value=5,
        max_value=1440,
        help_text="Time there is; only what is known to fit is recommended.",
    )
    viewing_with = serializers.ChoiceField(
        choices=[each.value for each in Company],
        required=False,
        help_text="kids and family keep to what is certified for 7 and for 12.",
    )


class _Wishes(StrictSerializer):
    """What both forms of the request share."""

    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=MAX_LIMIT)
    exclude_watched = serializers.BooleanField(
        required=False, default=True, help_text="Leave out what was watched, rated or put on the watchlist."
    )
    diversity = serializers.FloatField(
        required=False, min_value=0, max_value=1, help_text="0: best first. 1: as different as can be."
    )
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's.")
    my_services = serializers.BooleanField(
        required=False, default=False, help_text="Only what the household's services have now."
    )
    available = serializers.BooleanField(
        required=False, default=False, help_text="Only what some platform has now in the region."
    )
    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=[kind.value for kind in LISTED_KINDS]), required=False, max_length=10
    )


class RecommendationBody(_Wishes):
    """A request for recommendations."""

    # DRF takes declared fields out of the class, so its own `context` of a serializer stays what it is.
    context = ContextBody(required=False)  # type: ignore[assignment]


class RecommendationQuery(_Wishes, ContextBody):
    """A request for recommendations as query parameters: the context stands beside the rest."""


class RecommendationList(serializers.Serializer[Any]):
    """Recommendations, best first."""

    items = serializers.ListField(child=shape_of(Recommendation)())
    model_version = serializers.CharField(help_text='Of the model that answered; "untrained" before the first.')
    day_part = serializers.ChoiceField(choices=[(each.value, each.name) for each in DayPart])
    is_personal = serializers.BooleanField()
    experiment = shape_of(VariantShown)(allow_null=True)


class SimilarBody(StrictSerializer):
    """Which title to compare with."""

    content_id = IdField()
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=MAX_LIMIT)
    region = RegionField(required=False)


class SimilarQuery(StrictSerializer):
    """How many similar titles."""

    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=MAX_LIMIT)
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's, else the server's.")


class SimilarTitleList(serializers.Serializer[Any]):
    """Titles like another one, most alike first."""

    items = serializers.ListField(child=shape_of(SimilarTitle)())


class ScoreBody(StrictSerializer):
    """Which title to score."""

    content_id = IdField()
    region = RegionField(required=False)


class FeedbackBody(StrictSerializer):
    """One thing said: of a title, or for a dismissal of a genre or a person."""

    type = serializers.ChoiceField(choices=[(each.value, each.name) for each in FeedbackType])
    content_id = IdField(required=False, help_text="The title; left out when a genre or a person is dismissed.")
    completion_ratio = serializers.FloatField(
        required=False, min_value=0, max_value=1, help_text="watched: share that was seen; default 1."
    )
    score = serializers.IntegerField(required=False, min_value=1, max_value=10, help_text="rated: 1..10.")
    scope = serializers.ChoiceField(
        choices=[Scope.TITLE.value, Scope.GENRE.value, Scope.PERSON.value],
        required=False,
        help_text="dismissed: of what; default title.",
    )
    genre = serializers.ChoiceField(choices=list(GENRES), required=False)
    person_id = IdField(required=False)
    days = serializers.IntegerField(
        required=False, min_value=1, max_value=3650, help_text="dismissed: how long; default for ever."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """See that what a type needs is there, and nothing that it has no use for."""
        kind = attrs["type"]
        dismisses = kind in ("dismissed", "undismissed")
        target = {"genre": "genre", "person": "person_id"}.get(attrs.get("scope", "title"), "content_id")
        needed = {target} | ({"score"} if kind == "rated" else set())
        optional = {"watched": {"completion_ratio"}, "dismissed": {"scope", "days"}, "undismissed": {"scope"}}
        allowed = {"type", *needed, *optional.get(kind, set())}
        if not dismisses and "scope" in attrs:
            raise serializers.ValidationError({"scope": [f"{kind} has no scope."]}, code="unexpected")
        for name in sorted(needed - attrs.keys()):
            raise serializers.ValidationError({name: [f"{kind} needs this."]}, code="required")
        for name in sorted(attrs.keys() - allowed):
            raise serializers.ValidationError({name: [f"{kind} has no use for this."]}, code="unexpected")
        return attrs


class FeedbackAnswer(serializers.Serializer[Any]):
    """What was taken."""

    type = serializers.ChoiceField(choices=[(each.value, each.name) for each in FeedbackType])
    recorded_at = serializers.DateTimeField()


class VariantBody(StrictSerializer):
    """A way to recommend."""

    name = serializers.RegexField(_NAME)
    weight = serializers.FloatField(required=False, default=1.0, min_value=0.001, max_value=1000)
    diversity = serializers.FloatField(required=False, allow_null=True, default=None, min_value=0, max_value=1)
    multipliers = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=10),
        required=False,
        default=dict,
        help_text=f"Scales parts of the model: {', '.join(PARTS)}.",
    )

    def validate_multipliers(self, value: dict[str, float]) -> dict[str, float]:
        """Refuse parts that the model does not have."""
        if unknown := sorted(value.keys() - set(PARTS)):
            raise serializers.ValidationError(f"The model has no part {unknown[0]!r}.", code="unknown_part")
        return value


class ExperimentBody(StrictSerializer):
    """A new experiment."""

    name = serializers.CharField(min_length=1, max_length=80)
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    traffic_ratio = serializers.FloatField(required=False, default=1.0, min_value=0.001, max_value=1)
    variants = serializers.ListField(child=VariantBody(), min_length=2, max_length=10)

    def validate_variants(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two variants of one name."""
        if len({each["name"] for each in value}) < len(value):
            raise serializers.ValidationError("Two variants have one name.", code="repeated")
        return value


class ExperimentChange(StrictSerializer):
    """What to change of an experiment."""

    status = serializers.ChoiceField(choices=[each.value for each in ExperimentStatus], required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    traffic_ratio = serializers.FloatField(required=False, min_value=0.001, max_value=1)


class ExperimentPage(serializers.Serializer[Any]):
    """A page of experiments, newest first."""

    items = serializers.ListField(child=shape_of(ExperimentRecord)())
    next_cursor = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()


class ConversionBody(StrictSerializer):
    """Something that the caller did."""

    experiment_id = IdField()
    metric = serializers.RegexField(_NAME, help_text="Such as watch_completion, click_through, rating_given.")
    value = serializers.FloatField(required=False, default=1.0, min_value=-1e9, max_value=1e9)
