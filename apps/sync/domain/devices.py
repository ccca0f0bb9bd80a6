"""Devices: what there is, when one counts as present, and what one may ask of another."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.sync.domain.limits import MAX_POSITION_S

#: How often a device says that it is there, and after what silence it counts as gone.
HEARTBEAT_S = 30
OFFLINE_AFTER_S = 60
#: Devices of one person; what has been silent for long makes room.
MAX_DEVICES = 10
FORGOTTEN_AFTER = timedelta(days=30)
#: How long a command waits for its device, unless told otherwise, and at most.
COMMAND_TTL_S = 5
MAX_COMMAND_TTL_S = 30


class DeviceKind(StrEnum):
    """What it looks like."""

    TV = "tv"
    PHONE = "phone"
    TABLET = "tablet"
    WEB = "web"
    DESKTOP = "desktop"


class DevicePlatform(StrEnum):
    """What it runs on."""

    TIZEN = "tizen"
    WEBOS = "webos"
    ANDROID = "android"
    IOS = "ios"
    TVOS = "tvos"
    FIRE_OS = "fire_os"
    ROKU = "roku"
    WEB = "web"
    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


class Activity(StrEnum):
    """What a device was doing at its last heartbeat."""

    IDLE = "idle"
    BROWSING = "browsing"
    WATCHING = "watching"


class CommandType(StrEnum):
    """What can be asked of a device."""

    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"
    SEEK = "seek"
    VOLUME_SET = "volume_set"
    VOLUME_MUTE = "volume_mute"
    VOLUME_UNMUTE = "volume_unmute"
    LOAD_CONTENT = "load_content"
    CAST_TO = "cast_to"


class CommandStatus(StrEnum):
    """How far a command has come."""

    SENT = "sent"
    RECEIVED = "received"
    COMPLETED = "completed"
    FAILED = "failed"


#: Acknowledgements go forward only.
_FOLLOWING: Mapping[CommandStatus, frozenset[CommandStatus]] = {
    CommandStatus.SENT: frozenset({CommandStatus.RECEIVED, CommandStatus.COMPLETED, CommandStatus.FAILED}),
    CommandStatus.RECEIVED: frozenset({CommandStatus.COMPLETED, CommandStatus.FAILED}),
    CommandStatus.COMPLETED: frozenset(),
    CommandStatus.FAILED: frozenset(),
}
#: Command -> its arguments, each with whether it must be there.
ARGUMENTS: Mapping[CommandType, Mapping[str, bool]] = {
    CommandType.PLAY: {},
    CommandType.PAUSE: {},
    CommandType.STOP: {},
    CommandType.SEEK: {"position_s": True},
    CommandType.VOLUME_SET: {"volume": True},
    CommandType.VOLUME_MUTE: {},
    CommandType.VOLUME_UNMUTE: {},
    CommandType.LOAD_CONTENT: {"content_id": True, "start_position_s": False},
    CommandType.CAST_TO: {"target_device_id": True, "content_id": True},
}
#: Loudest, in per cent.
_MAX_VOLUME = 100


def _is_id(value: object) -> bool:
    """Whether a value is a UUID, or the text of one."""
    try:
        return isinstance(value, UUID) or (isinstance(value, str) and bool(UUID(value)))
    except ValueError:
        return False


def _is_whole(value: object, most: int) -> bool:
    # Not isinstance: True is an int, and no position.
    return type(value) is int and 0 <= value <= most


#: Argument -> whether a value may stand there.
_FORMS: Mapping[str, Callable[[Any], bool]] = {
    "position_s": lambda value: _is_whole(value, MAX_POSITION_S),
    "start_position_s": lambda value: _is_whole(value, MAX_POSITION_S),
    "volume": lambda value: _is_whole(value, _MAX_VOLUME),
    "content_id": _is_id,
    "target_device_id": _is_id,
}


def is_online(last_seen_at: datetime, now: datetime) -> bool:
    """Whether a device has been heard of within `OFFLINE_AFTER_S`."""
    return now - last_seen_at <= timedelta(seconds=OFFLINE_AFTER_S)


def may_follow(status: CommandStatus, new: CommandStatus) -> bool:
    """Whether a command can go from one status to another."""
    return new in _FOLLOWING[status]


def wrong_arguments(command: CommandType, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the arguments that are missing, that this command does not have, or that hold no such value; in order."""
    known = ARGUMENTS[command]
    missing = {name for name, is_needed in known.items() if is_needed} - arguments.keys()
    unfit = {name for name in arguments.keys() & known.keys() if not _FORMS[name](arguments[name])}
    return tuple(sorted(missing | unfit | (arguments.keys() - known.keys())))
