"""What a person's connections have to hear, read in one go for all of them; runs in threads."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import orjson
from django.utils import timezone

from apps.sync.contracts import CommandRecord, CommandStatus
from apps.sync.domain.wire import write_operation
from apps.sync.queries.devices import list_devices, list_recent_commands
from apps.sync.queries.log import LoggedOperation, get_position, list_since
from mediagateway.ownership import Viewer

#: Bytes of one message to a client, at most; a single operation is far shorter.
MAX_MESSAGE_BYTES = 32 * 1024
_MARGIN_BYTES = 4 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation in the log, written once for all connections; a refused one moves the version only."""

    position: int
    origin: str
    seq: int
    body: bytes | None
    received_s: float


@dataclass(frozen=True, slots=True)
class Feed:
    """
    What there is to hear.

    Attributes:
        entries: In the order of the log.
        has_more: Whether further entries are in the log already.
        compacted_to: Up to where the log holds nothing any more.
        position, signal: Where the log stands.
        commands: What was asked and answered lately.
        devices: The person's devices as JSON.
    """

    entries: tuple[Entry, ...]
    has_more: bool
    compacted_to: int
    position: int
    signal: int
    commands: tuple[CommandRecord, ...]
    devices: bytes


def load_feed(viewer: Viewer, after: int) -> Feed:
    """Read what has happened since a position of the log. Four SQL statements."""
    now, at = timezone.now(), get_position(viewer)
    start = min(max(after, at.compacted_to), at.position)
    logged = list_since(viewer, start) if at.position > start else ()
    # Who is online is said; when exactly one was heard of last is not, or every heartbeat would be news to all.
    devices = [
        {name: getattr(device, name) for name in device.__slots__ if name != "last_seen_at"}
        for device in list_devices(viewer, now)
    ]
    return Feed(
        entries=tuple(map(_entry, logged)),
        has_more=bool(logged) and logged[-1].position < at.position,
        compacted_to=at.compacted_to,
        position=at.position,
        signal=at.signal,
        commands=list_recent_commands(viewer, since=now - timedelta(seconds=60)),
        devices=orjson.dumps(devices, option=orjson.OPT_UTC_Z),
    )


def pack_operations(entries: tuple[Entry, ...], *, without: str) -> list[tuple[bytes, int]]:
    """
    Pack entries into messages, each with the position that it brings its reader to.

    Args:
        entries: In the order of the log.
        without: Origin whose operations the reader has written itself.
    """
    messages, bodies, size, version = [], list[bytes](), 0, dict[str, int]()
    position = 0
    for entry in entries:
        body = entry.body if entry.origin != without else None
        if body is not None and size + len(body) > MAX_MESSAGE_BYTES - _MARGIN_BYTES:
            messages.append((_operations(bodies, position, version), position))
            bodies, size, version = [], 0, {}
        if body is not None:
            bodies.append(body)
            size += len(body) + 1
        version[entry.origin] = entry.seq
        position = entry.position
    if version:
        messages.append((_operations(bodies, position, version), position))
    return messages


def command_messages(
    commands: tuple[CommandRecord, ...], device_id: UUID | None, told: set[tuple[UUID, str]]
) -> list[bytes]:
    """Write what a device was asked, and how far has come what it asked; `told` is what it has heard already."""
    now, messages = timezone.now(), []
    for command in commands:
        key = (command.id, str(command.status))
        is_asked = command.target_device_id == device_id and command.status == CommandStatus.SENT
        is_answered = command.source_device_id == device_id and command.status != CommandStatus.SENT
        if device_id is None or key in told or not (is_answered or (is_asked and command.expires_at > now)):
            continue
        told.add(key)
        kind = "command" if is_asked else "command_status"
        messages.append(orjson.dumps({"type": kind, "command": command}, option=orjson.OPT_UTC_Z))
    return messages


def _operations(bodies: list[bytes], position: int, version: dict[str, int]) -> bytes:
    """Write a message of operations whose bodies are JSON already."""
    return b'{"type":"operations","operations":[%b],"position":%d,"version":%b}' % (
        b",".join(bodies),
        position,
        orjson.dumps(version),
    )


def _entry(logged: LoggedOperation) -> Entry:
    operation = logged.operation
    body = None if logged.refusal else orjson.dumps(write_operation(operation))
    return Entry(logged.position, operation.origin, operation.seq, body, logged.received_at.timestamp())
