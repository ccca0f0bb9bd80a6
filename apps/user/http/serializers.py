"""What the user endpoints take and give; request shapes read, response shapes document."""

from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from apps.content.contracts import GENRES
from apps.user.contracts import (
    ConsentRecord,
    ControlsRecord,
    ExportRecord,
    OwnProfileRecord,
    ProfileRecord,
    RatingRecord,
    SubscriptionRecord,
)
from apps.user.domain.consents import PURPOSES, TEXT_VERSION
from apps.user.domain.limits import HIGHEST_MAX_AGE
from apps.user.domain.pins import PIN_PATTERN
from apps.user.domain.preferences import (
    LANGUAGE_PATTERN,
    MAX_LANGUAGE,
    MAX_WISHES,
    PREFERENCES,
    PreferenceRule,
    ValueKind,
)
from apps.user.domain.profiles import MAX_NAME, ProfileKind
from apps.user.domain.ratings import HIGHEST_SCORE, LOWEST_SCORE
from mediagateway.http.queries import IdField, PageQuery, PlainTextField, RegionField, StrictSerializer
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of

_KINDS = [(kind.value, kind.name) for kind in ProfileKind]
#: Local time of a viewing window.
_CLOCK = "%H:%M"


class NameField(PlainTextField):
    """A person's name."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound the length."""
        super().__init__(max_length=MAX_NAME, **kwargs)


class ZoneField(serializers.CharField):
    """A time zone by its IANA name."""

    default_error_messages = {"unknown_zone": "This is no time zone of the IANA database."}

    def to_internal_value(self, data: Any) -> str:
        """Look the name up."""
        name: str = super().to_internal_value(data)
        if name not in available_timezones():
            self.fail("unknown_zone")
        return name


class PinField(serializers.RegexField):
    """Four to eight digits; a number would lose its leading zeros."""

    def __init__(self, **kwargs: Any) -> None:
        """Take text only."""
        super().__init__(PIN_PATTERN, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers, which DRF would write as text."""
        if not isinstance(data, str):
            self.fail("invalid")
        pin: str = super().to_internal_value(data)
        return pin


def _language(**options: Any) -> serializers.RegexField:
    return serializers.RegexField(LANGUAGE_PATTERN, max_length=MAX_LANGUAGE, help_text="BCP 47.", **options)


def _max_age(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=HIGHEST_MAX_AGE, help_text="Highest minimum age, in years.", **options
    )


class OwnProfileBody(StrictSerializer):
    """What a person may change of their own profile."""

    name = NameField(required=False)
    region = RegionField(required=False, allow_null=True, help_text="ISO 3166-1 alpha-2; null is the server's.")
    language = _language(required=False)
    time_zone = ZoneField(required=False)


class ProfileChangeBody(OwnProfileBody):
    """What may be changed of any profile of the household."""

    kind = serializers.ChoiceField(_KINDS, required=False)
    max_age = _max_age(required=False, allow_null=True)
    allow_unrated = serializers.BooleanField(required=False, help_text="Whether a child may see unrated titles.")
    pin = PinField(required=False, help_text="Needed to change a child's limits.")


class NewProfileBody(OwnProfileBody):
    """A person who joins the household."""

    name = NameField()
    kind = serializers.ChoiceField(_KINDS, required=False, default="adult")
    max_age = _max_age(required=False, allow_null=True)
    allow_unrated = serializers.BooleanField(required=False)


class WindowBody(StrictSerializer):
    """Hours of the day; an end before the start is on the next day."""

    start = serializers.TimeField(format=_CLOCK, input_formats=[_CLOCK])
    end = serializers.TimeField(format=_CLOCK, input_formats=[_CLOCK])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a window that would be nothing, or everything."""
        if attrs["start"] == attrs["end"]:
            raise serializers.ValidationError({"end": ["Must differ from the start."]}, code="range")
        return attrs


class ControlsBody(StrictSerializer):
    """What to change of the limits; what is not named stays."""

    pin = PinField(required=False, help_text="The household's PIN; the first one that is ever sent sets it.")
    new_pin = PinField(required=False, allow_null=True, help_text="Replaces the PIN; null takes it away.")
    max_age = _max_age(required=False)
    blocked_genres = serializers.ListField(
        child=serializers.ChoiceField(list(GENRES)), required=False, max_length=len(GENRES)
    )
    window = WindowBody(required=False, allow_null=True)
    time_zone = ZoneField(required=False)


class PinBody(StrictSerializer):
    """A PIN to check."""

    pin = PinField()


class AvatarAnswer(serializers.Serializer[Any]):
    """The picture as it is now."""

    avatar_id = serializers.UUIDField(help_text="Fetch it at `/user/avatars/{avatar_id}`.")


class PinAnswer(serializers.Serializer[Any]):
    """The PIN was right; a wrong one is a problem."""

    verified = serializers.BooleanField()


class SubscriptionsBody(StrictSerializer):
    """All platforms that the household pays for."""

    platforms = serializers.ListField(child=serializers.RegexField(r"^[a-z0-9_]{1,40}\Z"), max_length=100)


class RatingBody(StrictSerializer):
    """What a person thinks of a title."""

    score = serializers.IntegerField(min_value=LOWEST_SCORE, max_value=HIGHEST_SCORE)


class NotificationQuery(PageQuery):
    """Which notifications."""

    unread = serializers.BooleanField(required=False, default=False, help_text="Only those that are not read.")


class NotificationReadBody(StrictSerializer):
    """What has been read; without `ids`, everything so far."""

    ids = serializers.ListField(child=IdField(), required=False, allow_empty=False, max_length=100)


class ConsentsBody(StrictSerializer):
    """Answers to the present wording; a purpose that is not named keeps its answer."""

    text_version = serializers.ChoiceField([TEXT_VERSION], help_text="The wording that was shown.")
    answers = serializers.DictField(child=serializers.BooleanField(), allow_empty=False)

    def validate_answers(self, answers: dict[str, bool]) -> dict[str, bool]:
        """Refuse purposes that nobody asks about."""
        unknown = sorted(answers.keys() - {purpose.slug for purpose in PURPOSES})
        if unknown:
            raise serializers.ValidationError({name: ["This is not asked."] for name in unknown}, code="unknown")
        return answers


def _preference(rule: PreferenceRule) -> serializers.Field[Any, Any, Any, Any]:
    """Make the field that reads one preference."""
    options: dict[str, Any] = {"required": False, "help_text": rule.meaning}
    if rule.kind is ValueKind.FLAG:
        return serializers.BooleanField(**options)
    if rule.kind is ValueKind.CHOICE:
        return serializers.ChoiceField(list(rule.choices), **options)
    if rule.kind is ValueKind.LANGUAGE:
        return serializers.RegexField(LANGUAGE_PATTERN, max_length=MAX_LANGUAGE, allow_null=True, **options)
    child = _language() if rule.kind is ValueKind.LANGUAGES else serializers.ChoiceField(list(GENRES))
    return serializers.ListField(child=child, max_length=MAX_WISHES, **options)


PreferencesBody = type(
    "PreferencesBody",
    (StrictSerializer,),
    {"__doc__": "Preferences of a profile.", **{key: _preference(rule) for key, rule in PREFERENCES.items()}},
)

ProfileShape = shape_of(ProfileRecord)
OwnProfileShape = shape_of(OwnProfileRecord)
RatingShape = shape_of(RatingRecord)
RatingPage = page_of(RatingShape)


class ControlsShape(shape_of(ControlsRecord)):  # type: ignore[misc] # The base is made from the dataclass that is sent.
    """The limits of the household's child profiles. The PIN itself is never shown."""

    window = WindowBody(allow_null=True)


class ProfileList(serializers.Serializer[Any]):
    """The household."""

    items = ProfileShape(many=True)


class SubscriptionList(serializers.Serializer[Any]):
    """What the household pays for."""

    items = shape_of(SubscriptionRecord)(many=True)


class ConsentList(serializers.Serializer[Any]):
    """The answers that hold."""

    text_version = serializers.CharField(help_text="The present wording, which answers must name.")
    items = shape_of(ConsentRecord)(many=True)


class ExportAnswer(shape_of(ExportRecord)):  # type: ignore[misc] # as above
    """An export; its document is null until it is ready."""

    document = serializers.DictField(allow_null=True)
