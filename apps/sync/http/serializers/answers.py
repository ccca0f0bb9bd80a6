"""What the sync endpoints give; these shapes document, the values are written as they are."""

from typing import Any

from rest_framework import serializers

from apps.content.contracts import TitleSummary
from apps.sync.contracts import CommandRecord, DeviceRecord, OperationAnswer, ProgressRecord
from apps.sync.http.serializers.requests import KINDS, STATES
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of


class OperationShape(serializers.Serializer[Any]):
    """An operation as the log has it; which members there are is decided by `type`, as in requests."""

    id = serializers.UUIDField()
    origin = serializers.CharField(help_text="A device's id, or `server`.")
    seq = serializers.IntegerField()
    stamp = serializers.CharField()
    type = serializers.ChoiceField(KINDS)
    content_id = serializers.UUIDField(required=False)
    tags = serializers.ListField(child=serializers.UUIDField(), required=False)
    session_id = serializers.UUIDField(required=False)
    started = serializers.CharField(required=False, allow_blank=True)
    position_s = serializers.IntegerField(required=False)
    duration_s = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(STATES, required=False)
    key = serializers.CharField(required=False)
    value = serializers.JSONField(required=False)


class TagShape(serializers.Serializer[Any]):
    """One addition."""

    tag = serializers.UUIDField()
    stamp = serializers.CharField()


class StateItemShape(serializers.Serializer[Any]):
    """A title on the watchlist with its additions."""

    content_id = serializers.UUIDField()
    tags = TagShape(many=True)


class RegisterShape(serializers.Serializer[Any]):
    """Where a title stands, by the session that speaks for it."""

    content_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    started = serializers.CharField()
    stamp = serializers.CharField()
    position_s = serializers.IntegerField()
    duration_s = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


class HiddenShape(serializers.Serializer[Any]):
    """A title that is hidden from what is being watched, and until which stamp."""

    content_id = serializers.UUIDField()
    stamp = serializers.CharField()


class PreferenceShape(serializers.Serializer[Any]):
    """A preference that was set."""

    key = serializers.CharField()
    stamp = serializers.CharField()
    value = serializers.JSONField()


class StateShape(serializers.Serializer[Any]):
    """Everything that is kept in step."""

    watchlist = StateItemShape(many=True)
    progress = RegisterShape(many=True)
    hidden = HiddenShape(many=True)
    preferences = PreferenceShape(many=True)


class _Standing(serializers.Serializer[Any]):
    """Where the log stands."""

    version = serializers.DictField(
        child=serializers.IntegerField(), help_text="What the log holds: take it over once the rest has been applied."
    )
    position = serializers.IntegerField(help_text="Of the log: where the live channel goes on (`Last-Event-ID`).")
    digest = serializers.CharField(
        help_text="SHA-256 of the state's canonical form; where one's own differs, fetch the state."
    )
    server_time = serializers.DateTimeField(
        help_text="By which a device sees whether its own clock is wrong: beyond a minute, tell its owner."
    )


class StateAnswer(_Standing):
    """The whole state."""

    state = StateShape()


class DeltaAnswer(_Standing):
    """Answers, and what was missing: as operations, or as the whole state."""

    answers = shape_of(OperationAnswer)(many=True)
    operations = OperationShape(many=True, allow_null=True, help_text="Null when the state takes their place.")
    state = StateShape(allow_null=True)


class WatchlistChangeAnswer(serializers.Serializer[Any]):
    """What was done; null when there was nothing to do."""

    content_id = serializers.UUIDField()
    is_on_watchlist = serializers.BooleanField()
    operation_id = serializers.UUIDField(allow_null=True, help_text="For `/sync/restore`.")


class PreferenceChangeAnswer(serializers.Serializer[Any]):
    """What was set."""

    key = serializers.CharField()
    value = serializers.JSONField()
    stamp = serializers.CharField()
    operation_id = serializers.UUIDField(help_text="For `/sync/restore`.")


class ListedTitleShape(serializers.Serializer[Any]):
    """A title on the watchlist at that time."""

    content_id = serializers.UUIDField()
    added_at = serializers.DateTimeField()


class PastProgressShape(serializers.Serializer[Any]):
    """Where a title stood."""

    content_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    position_s = serializers.IntegerField()
    duration_s = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    is_hidden = serializers.BooleanField()


class PastChangeShape(OperationShape):
    """An operation and when it came."""

    received_at = serializers.DateTimeField()


class HistoryAnswer(serializers.Serializer[Any]):
    """The lists as they stood, and the operations that led there, newest first."""

    at = serializers.DateTimeField()
    watchlist = ListedTitleShape(many=True)
    progress = PastProgressShape(many=True)
    preferences = serializers.DictField(child=serializers.JSONField())
    operations = PastChangeShape(many=True)


class RestoreAnswer(serializers.Serializer[Any]):
    """The operations that brought it back; none when nothing was left to take back."""

    operations = OperationShape(many=True)


DeviceShape = shape_of(DeviceRecord)
CommandShape = shape_of(CommandRecord)
ProgressShape = shape_of(ProgressRecord)


class DeviceList(serializers.Serializer[Any]):
    """A person's devices."""

    items = DeviceShape(many=True)


class CommandList(serializers.Serializer[Any]):
    """What a device was asked and must still obey."""

    items = CommandShape(many=True)


class HeartbeatAnswer(serializers.Serializer[Any]):
    """The device, what it was asked, and when to call again."""

    device = DeviceShape()
    commands = CommandShape(many=True)
    heartbeat_s = serializers.IntegerField()
    offline_after_s = serializers.IntegerField()


class TicketAnswer(serializers.Serializer[Any]):
    """Where to connect: once, and soon. The addresses hold the ticket."""

    ticket = serializers.CharField()
    expires_in_s = serializers.IntegerField()
    ws_url = serializers.URLField()
    events_url = serializers.URLField()


class WatchlistItemShape(serializers.Serializer[Any]):
    """A title on the watchlist."""

    added_at = serializers.DateTimeField()
    title = shape_of(TitleSummary)()


WatchlistPage = page_of(WatchlistItemShape)
