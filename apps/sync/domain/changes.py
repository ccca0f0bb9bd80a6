"""
What can happen to a person's lists, and the operation that carries it.

Ids are UUIDs in the product; the rules ask of them only equality and order.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never
from uuid import UUID


class PlayState(StrEnum):
    """What a player was doing."""

    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"


class Kind(StrEnum):
    """The kinds of changes, as operations name them."""

    ADD = "watchlist_add"
    REMOVE = "watchlist_remove"
    PROGRESS = "progress"
    HIDE = "progress_hide"
    PREFERENCE = "preference"


@dataclass(frozen=True, slots=True)
class Add:
    """Put a title on the watchlist; the operation's id is the tag of this one addition."""

    content_id: UUID


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a title off the watchlist: exactly the additions that the writer has seen, by their tags."""

    content_id: UUID
    tags: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """
    Where a playback session stands, in whole seconds.

    `started` is the stamp with which the session began; empty when it begins with this operation. It comes with each
    operation, because whoever receives one may not know, or no longer know, the session's first.
    """

    content_id: UUID
    session_id: UUID
    position_s: int
    duration_s: int
    state: str
    started: str = ""


@dataclass(frozen=True, slots=True)
class Hide:
    """Take a title out of what is being watched, until it is watched again."""

    content_id: UUID


@dataclass(frozen=True, slots=True)
class Preference:
    """Set a preference; `user` knows what a key may hold."""

    key: str
    value: Any


Change = Add | Remove | Progress | Hide | Preference


@dataclass(frozen=True, slots=True)
class Operation:
    """
    A change by somebody at some time.

    Attributes:
        id: Names the operation wherever it is met again.
        origin: Who wrote it: a device's id, or `clock.SERVER`.
        seq: 1, 2, 3, … of this origin: a gap in it is an operation that has not arrived.
        stamp: When, by the origin's hybrid logical clock.
        change: What.
    """

    id: UUID
    origin: str
    seq: int
    stamp: str
    change: Change


def kind_of(change: Change) -> Kind:
    """Name the kind of a change."""
    match change:
        case Add():
            return Kind.ADD
        case Remove():
            return Kind.REMOVE
        case Progress():
            return Kind.PROGRESS
        case Hide():
            return Kind.HIDE
        case Preference():
            return Kind.PREFERENCE
    assert_never(change)


def content_of(change: Change) -> UUID | None:
    """Name the title that a change is about; None for a preference."""
    return None if isinstance(change, Preference) else change.content_id


def details_of(change: Change) -> dict[str, Any]:
    """Write what a change says beside its kind and its title, as JSON values."""
    match change:
        case Add() | Hide():
            return {}
        case Remove():
            return {"tags": [str(tag) for tag in change.tags]}
        case Progress():
            return {
                "session_id": str(change.session_id),
                "position_s": change.position_s,
                "duration_s": change.duration_s,
                "state": str(change.state),
                "started": change.started,
            }
        case Preference():
            return {"key": change.key, "value": change.value}
    assert_never(change)


def read_change(kind: str, content_id: UUID | None, details: dict[str, Any]) -> Change:
    """Read back what `kind_of`, `content_of` and `details_of` wrote."""
    if content_id is None:
        return Preference(details["key"], details["value"])
    match Kind(kind):
        case Kind.ADD:
            return Add(content_id)
        case Kind.HIDE:
            return Hide(content_id)
        case Kind.REMOVE:
            return Remove(content_id, tuple(UUID(str(tag)) for tag in details["tags"]))
        case Kind.PROGRESS:
            return Progress(
                content_id,
                UUID(str(details["session_id"])),
                details["position_s"],
                details["duration_s"],
                details["state"],
                details["started"],
            )
    raise ValueError(f"A change of kind {kind} has no title.")
