"""What the playback endpoints take and give; request shapes read, response shapes document."""

from rest_framework import serializers

from apps.content.contracts import DeviceKind
from apps.playback.contracts import (
    ContinueRecord,
    DeepLinkAnswer,
    PlaybackSessionRecord,
    PlaybackState,
    PositionAnswer,
    ProgressAnswer,
    StartedSession,
    WatchRecord,
)
from apps.sync.contracts import CommandRecord, CommandType
from mediagateway.http.queries import IdField, PageQuery, RegionField, StrictSerializer
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of

#: Seconds; the longest thing that anybody plays in one piece is shorter than a week.
_LONGEST_S = 7 * 24 * 3600
_STATES = [(state.value, state.name) for state in PlaybackState]
_SLUG = r"^[a-z0-9_]{1,40}\Z"


def _seconds(*, least: int = 0, **options: object) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=_LONGEST_S, **options)  # type: ignore[arg-type] # DRF's own


class SessionBody(StrictSerializer):
    """What is about to be played."""

    content_id = IdField(help_text="The title; an episode rather than its series where it is known.")
    device_id = IdField(required=False, allow_null=True, help_text="The device that plays.")
    platform = serializers.RegexField(_SLUG, required=False, help_text="The service that plays it.")
    duration_s = _seconds(least=1, required=False, help_text="As the player knows it; default: the catalogue's.")


class SessionQuery(PageQuery):
    """Which sessions to list."""

    is_live = serializers.BooleanField(
        required=False, help_text="Only those that count as streams now, or only the others."
    )


class PositionBody(StrictSerializer):
    """Where a player is."""

    position_s = _seconds()
    duration_s = _seconds(least=1, required=False, help_text="When the player has learned it, or learned better.")
    state = serializers.ChoiceField(
        _STATES,
        required=False,
        help_text="Stays as it is when missing; `stopped` and `ended` close the session.",
    )
    observed_at = serializers.DateTimeField(
        required=False,
        help_text="When the player was there, by its clock; default: now.",
    )


class DeepLinkBody(StrictSerializer):
    """What to open, and where."""

    content_id = IdField()
    platform = serializers.RegexField(_SLUG, required=False, help_text="Only this service; default: the best offer.")
    device = serializers.ChoiceField(
        [(device.value, device.name) for device in DeviceKind], required=False, default=DeviceKind.WEB.value
    )
    device_id = IdField(required=False, help_text="A registered device of the profile, instead of `device`.")
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's, else the server's.")


class ProgressBody(StrictSerializer):
    """Where somebody is in a title."""

    content_id = IdField()
    position_s = _seconds()
    duration_s = _seconds(least=1)
    state = serializers.ChoiceField(_STATES, required=False, default="paused")
    observed_at = serializers.DateTimeField(required=False, help_text="When they were there; default: now.")
    device_id = IdField(required=False, help_text="Where, if it is a registered device of the profile.")
    session_id = IdField(required=False, help_text="The sitting; default: the one that speaks for the title now.")


class ControlBody(StrictSerializer):
    """What to ask of a device."""

    device_id = IdField()
    command = serializers.ChoiceField([(command.value, command.name) for command in CommandType])
    arguments = serializers.DictField(
        required=False,
        help_text="`position_s` of seek, `volume` (0-100) of volume_set, `content_id` and `start_position_s` of "
        "load_content, `target_device_id` and `content_id` of cast_to.",
    )
    source_device_id = IdField(required=False, help_text="The device of the same profile that asks.")
    ttl_s = serializers.IntegerField(
        required=False, default=5, min_value=1, max_value=30, help_text="After so long it must not be obeyed any more."
    )


SessionShape = shape_of(PlaybackSessionRecord)
SessionPage = page_of(SessionShape)
StartedSessionShape = shape_of(StartedSession)
PositionShape = shape_of(PositionAnswer)
DeepLinkShape = shape_of(DeepLinkAnswer)
WatchShape = shape_of(WatchRecord)
WatchPage = page_of(WatchShape)
ProgressShape = shape_of(ProgressAnswer)
ContinuePage = page_of(shape_of(ContinueRecord))
CommandShape = shape_of(CommandRecord)
