"""What the sync endpoints take."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.sync.domain.changes import Kind, PlayState
from apps.sync.domain.devices import (
    COMMAND_TTL_S,
    MAX_COMMAND_TTL_S,
    Activity,
    CommandStatus,
    CommandType,
    DeviceKind,
    DevicePlatform,
)
from apps.sync.domain.limits import MAX_BATCH, MAX_ORIGINS, MAX_POSITION_S, MAX_TAGS
from apps.sync.http.reading import STAMP_PATTERN, read_operations
from mediagateway.http.queries import IdField, PlainTextField, StrictSerializer

STATES = [(state.value, state.name) for state in PlayState]
KINDS = [(kind.value, kind.name) for kind in Kind]


def _seconds(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MAX_POSITION_S, **options)


def _stamp(**options: Any) -> serializers.RegexField:
    return serializers.RegexField(STAMP_PATTERN, max_length=55, **options)


class OperationBody(StrictSerializer):
    """
    One operation of a device. Which members there are is decided by `type`.

    `watchlist_add` and `progress_hide` have `content_id`; `watchlist_remove` also the `tags` seen; `progress` the
    session and where it stands; `preference` has `key` and `value`.
    """

    id = IdField(help_text="Made by the device; of an addition it is the tag.")
    seq = serializers.IntegerField(min_value=1, max_value=2**53, help_text="1, 2, 3, … of this device, without a gap.")
    stamp = _stamp(help_text="Of the device's hybrid logical clock: `<ms, 13 digits>-<counter, 4 hex>-<device id>`.")
    type = serializers.ChoiceField(KINDS)
    content_id = IdField(required=False)
    tags = serializers.ListField(child=IdField(), required=False, max_length=MAX_TAGS)
    session_id = IdField(required=False)
    started = _stamp(required=False, help_text="Stamp of the session's first operation; left out in that one.")
    position_s = _seconds(required=False)
    duration_s = _seconds(required=False)
    state = serializers.ChoiceField(STATES, required=False)
    key = serializers.CharField(required=False, max_length=40)
    value = serializers.JSONField(required=False)


@extend_schema_field(OperationBody(many=True, max_length=MAX_BATCH))  # type: ignore[call-arg] # of many
class OperationsField(serializers.Field[Any, Any, Any, Any]):
    """Operations, read by `reading`: for a thousand of them serializers take a second."""

    def to_internal_value(self, data: Any) -> tuple[dict[str, Any], ...]:
        """Check every one."""
        return read_operations(data)


class DeltaBody(StrictSerializer):
    """What a device knows, and what it has to say."""

    device_id = IdField(required=False, help_text="Needed with operations.")
    version = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=2**53),
        help_text="Version vector: origin -> number up to which nothing is missing. Empty for who knows nothing.",
    )
    operations = OperationsField(required=False, default=())

    def validate_version(self, version: dict[str, int]) -> dict[str, int]:
        """Bound it: every origin costs."""
        if len(version) > MAX_ORIGINS or any(len(origin) > 36 for origin in version):
            raise serializers.ValidationError("Too many origins, or none of ours.", code="range")
        return version

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Operations are a device's, and their stamps are made by it."""
        device_id = attrs.get("device_id")
        if attrs["operations"] and device_id is None:
            raise serializers.ValidationError({"device_id": ["Operations are a device's."]}, code="required")
        if foreign := [each for each in attrs["operations"] if each["stamp"][19:] != str(device_id)]:
            place = attrs["operations"].index(foreign[0])
            wrong = {"stamp": [serializers.ErrorDetail("Another device made this.", "invalid")]}
            raise serializers.ValidationError({"operations": [*({} for _ in range(place)), wrong]})
        return attrs


class WatchlistOperationBody(StrictSerializer):
    """A title to put on the watchlist or take off."""

    operation = serializers.ChoiceField(["add", "remove"])
    content_id = IdField()


class ProgressOperationBody(StrictSerializer):
    """Where somebody is in a title."""

    content_id = IdField()
    session_id = IdField(required=False, help_text="The sitting; without it, the newest of the title goes on.")
    position_s = _seconds()
    duration_s = _seconds()
    state = serializers.ChoiceField(STATES)
    device_id = IdField(required=False, help_text="Where, if that is a registered device.")


class PreferenceOperationBody(StrictSerializer):
    """A preference to set; `/user/preferences` lists them."""

    key = serializers.CharField(max_length=40)
    value = serializers.JSONField()


class HistoryQuery(StrictSerializer):
    """A time to look back to."""

    at = serializers.DateTimeField(required=False, help_text="RFC 3339; default: now.")


class RestoreBody(StrictSerializer):
    """What to take back: one operation, or everything since a time."""

    operation_id = IdField(required=False)
    at = serializers.DateTimeField(required=False)
    lists = serializers.ListField(
        child=serializers.ChoiceField(["watchlist", "progress", "preferences"]),
        required=False,
        min_length=1,
        max_length=3,
        help_text="With `at`; default: the watchlist.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if ("operation_id" in attrs) == ("at" in attrs):
            raise serializers.ValidationError({"at": ["Either this or operation_id."]}, code="required")
        return attrs


class CapabilitiesBody(StrictSerializer):
    """What a device can do."""

    max_resolution = serializers.ChoiceField(["sd", "hd", "full_hd", "uhd_4k", "uhd_8k"], required=False)
    hdr_formats = serializers.ListField(
        child=serializers.ChoiceField(["hdr10", "hdr10_plus", "dolby_vision", "hlg"]), required=False, max_length=4
    )
    audio_codecs = serializers.ListField(
        child=serializers.ChoiceField(["aac", "ac3", "dolby_atmos", "dts_x", "truehd"]), required=False, max_length=5
    )
    remote_controllable = serializers.BooleanField(required=False)
    can_cast = serializers.BooleanField(required=False)
    screen_inches = serializers.IntegerField(required=False, min_value=1, max_value=500)


class DeviceChangeBody(StrictSerializer):
    """What may change of a device."""

    name = PlainTextField(required=False, max_length=60, allow_blank=True)
    app_version = PlainTextField(required=False, max_length=40, allow_blank=True)
    capabilities = CapabilitiesBody(required=False)


class NewDeviceBody(DeviceChangeBody):
    """A device to register."""

    kind = serializers.ChoiceField([(kind.value, kind.name) for kind in DeviceKind])
    platform = serializers.ChoiceField([(platform.value, platform.name) for platform in DevicePlatform])


class HeartbeatBody(StrictSerializer):
    """What a device is doing."""

    activity = serializers.ChoiceField([(activity.value, activity.name) for activity in Activity], required=False)
    content_id = IdField(required=False, allow_null=True, help_text="What it shows, with an activity.")


class HandoffBody(StrictSerializer):
    """A title to go on with on another device."""

    target_device_id = IdField()
    content_id = IdField()
    source_device_id = IdField(required=False)


class ArgumentsBody(StrictSerializer):
    """Arguments of a command: seek, volume_set, load_content and cast_to have some."""

    position_s = _seconds(required=False)
    start_position_s = _seconds(required=False)
    volume = serializers.IntegerField(required=False, min_value=0, max_value=100)
    content_id = IdField(required=False)
    target_device_id = IdField(required=False)


class CommandBody(StrictSerializer):
    """Something to ask of a device."""

    type = serializers.ChoiceField([(kind.value, kind.name) for kind in CommandType])
    arguments = ArgumentsBody(required=False, default=dict)
    source_device_id = IdField(required=False)
    ttl_s = serializers.IntegerField(required=False, default=COMMAND_TTL_S, min_value=1, max_value=MAX_COMMAND_TTL_S)


class AcknowledgementBody(StrictSerializer):
    """How far a device has come with what it was asked."""

    status = serializers.ChoiceField(
        [(status.value, status.name) for status in CommandStatus if status is not CommandStatus.SENT]
    )
    error = PlainTextField(required=False, default="", max_length=200, allow_blank=True)


class TicketBody(StrictSerializer):
    """Which device wants to connect, if it is one."""

    device_id = IdField(required=False)


class WatchlistAdditionBody(StrictSerializer):
    """A title to put on the watchlist."""

    content_id = IdField()
