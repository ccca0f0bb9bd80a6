"""What the door to synchronised state speaks, and what clients see of it: frozen values, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.sync.domain.changes import PlayState
from apps.sync.domain.devices import Activity, CommandStatus, CommandType, DeviceKind, DevicePlatform

__all__ = [
    "Activity",
    "CommandDraft",
    "CommandRecord",
    "CommandStatus",
    "CommandType",
    "DeviceKind",
    "DevicePlatform",
    "DeviceRecord",
    "OperationAnswer",
    "PlayState",
    "ProgressDraft",
    "ProgressRecord",
    "WatchlistItem",
]


@dataclass(frozen=True, slots=True)
class WatchlistItem:
    """
    A title on a watchlist.

    Attributes:
        content_id: The title's own id, whatever it was added by.
        operation_id: Of the addition that this answers, for undoing it; null in lists, and when it was there before.
    """

    content_id: UUID
    added_at: datetime
    operation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OperationAnswer:
    """What became of an operation: "accepted", "duplicate", or "rejected" with the reason."""

    id: UUID
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ProgressDraft:
    """
    Where somebody is in a title.

    Attributes:
        content_id: A film or an episode; a merged id stands for its survivor.
        session_id: The sitting; None goes on with the newest one of the title, or begins the first. The session that
            began last speaks for the title; who watches a title again, or goes on with it after another session has
            begun, begins a new one.
        position_s, duration_s: Whole seconds; the position lies within the duration.
        device_id: Where, if that is one of the person's devices: it is shown as watching.
    """

    content_id: UUID
    session_id: UUID | None
    position_s: int
    duration_s: int
    state: PlayState
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """
    Where a title stands: what the session says that began last.

    Attributes:
        is_hidden: Taken out of what is being watched, and not watched since.
        updated_at: When the position was reached, by the clock of who reached it, but never later than it was received.
        operation_id: Of the write that this answers, for `POST /sync/restore`; null in lists.
    """

    content_id: UUID
    session_id: UUID
    position_s: int
    duration_s: int
    state: PlayState
    is_hidden: bool
    updated_at: datetime
    operation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A device of a person. `is_online`: heard of within the last 60 seconds."""

    id: UUID
    kind: DeviceKind
    platform: DevicePlatform
    name: str
    app_version: str
    capabilities: Mapping[str, Any]
    is_online: bool
    activity: Activity
    content_id: UUID | None
    registered_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class CommandDraft:
    """
    What to ask of a device.

    Attributes:
        arguments: As `domain.devices.ARGUMENTS` lists them for the type: `position_s`, `volume` (0–100), `content_id`
            with `start_position_s`, or `target_device_id` with `content_id`; JSON values.
        source_device_id: Which device of the same person asks; None for a client that is none.
        ttl_s: Seconds after which the device must not obey any more.
    """

    type: CommandType
    arguments: Mapping[str, Any]
    source_device_id: UUID | None = None
    ttl_s: int = 5


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command and how far it has come."""

    id: UUID
    target_device_id: UUID
    source_device_id: UUID | None
    type: CommandType
    arguments: Mapping[str, Any]
    sent_at: datetime
    expires_at: datetime
    status: CommandStatus
    error: str
    acknowledged_at: datetime | None
