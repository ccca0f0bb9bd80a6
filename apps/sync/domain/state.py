"""
The state that operations make, and its rules. In whatever order they come, and however often, the state is the same.

- Watchlist: an observed-remove set (Shapiro et al., 2011). Each addition has a tag of its own, a removal names the tags
  that its writer saw, and so an addition that the writer did not see stays: adding wins.
- Progress: a last-writer-wins register for each playback session of a title. The session that began last speaks for the
  title, so a late write of an older session, however its clock stands, never moves a rewatch.
- Hidden titles, preferences: last-writer-wins registers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, assert_never
from uuid import UUID

from apps.sync.domain.changes import Add, Change, Hide, Preference, Progress, Remove


class Addition(NamedTuple):
    """One addition to the watchlist."""

    content_id: UUID
    stamp: str


class Register(NamedTuple):
    """Where a session stands; `started` is its earliest stamp, `stamp` that of the newest write."""

    started: str
    stamp: str
    position_s: int
    duration_s: int
    state: str


class Session(NamedTuple):
    """Names a playback session of a title."""

    content_id: UUID
    session_id: UUID


@dataclass(slots=True)
class State:
    """
    Everything that is kept in step for one person, or the part of it that some operations touch.

    Attributes:
        additions: Live additions by tag.
        removed: Tags that were taken off, whether or not their addition has been seen.
        registers: Progress by session.
        hidden: Title -> stamp until which it is not being watched.
        preferences: Key -> stamp and value.
    """

    additions: dict[UUID, Addition] = field(default_factory=dict)
    removed: set[UUID] = field(default_factory=set)
    registers: dict[Session, Register] = field(default_factory=dict)
    hidden: dict[UUID, str] = field(default_factory=dict)
    preferences: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def apply(self, tag: UUID, stamp: str, change: Change) -> None:
        """Let an operation take effect; a second time it has none."""
        match change:
            case Add():
                add(self, tag, Addition(change.content_id, stamp))
            case Remove():
                remove(self, change.tags)
            case Progress():
                session = Session(change.content_id, change.session_id)
                position = (change.position_s, change.duration_s, str(change.state))
                record(self, session, Register(earliest(change.started or stamp, stamp), stamp, *position))
            case Hide():
                hide(self, change.content_id, stamp)
            case Preference():
                prefer(self, change.key, stamp, change.value)
            case _:
                assert_never(change)

    def merge(self, other: "State") -> None:
        """Take over everything that another state knows: the join of the two."""
        for tag, addition in other.additions.items():
            add(self, tag, addition)
        remove(self, other.removed)
        for session, register in other.registers.items():
            record(self, session, register)
        for content_id, stamp in other.hidden.items():
            hide(self, content_id, stamp)
        for key, (stamp, value) in other.preferences.items():
            prefer(self, key, stamp, value)

    def watchlist(self) -> dict[UUID, list[UUID]]:
        """List the titles on the watchlist, each with the tags of its additions in order."""
        tags: dict[UUID, list[UUID]] = {}
        for tag in sorted(self.additions):
            tags.setdefault(self.additions[tag].content_id, []).append(tag)
        return tags

    def current(self) -> dict[UUID, tuple[UUID, Register]]:
        """Tell for each title which session speaks for it, and where that stands; hidden titles too."""
        newest: dict[UUID, tuple[UUID, Register]] = {}
        for (content_id, session_id), register in self.registers.items():
            present = newest.get(content_id)
            if present is None or began_later((session_id, register), present):
                newest[content_id] = (session_id, register)
        return newest

    def is_hidden(self, content_id: UUID, register: Register) -> bool:
        """Whether a title has not been watched since it was hidden."""
        return not wins(register.stamp, self.hidden.get(content_id, ""))


def wins(stamp: str, over: str) -> bool:
    """Whether a write is newer than another; the same write is not."""
    return stamp > over


def add(state: State, tag: UUID, addition: Addition) -> None:
    """Add, unless just this addition is known to have been taken off."""
    if tag not in state.removed:
        state.additions[tag] = addition


def remove(state: State, tags: Iterable[UUID]) -> None:
    """Take off these additions and no others, those too that are still to come."""
    for tag in tags:
        state.removed.add(tag)
        state.additions.pop(tag, None)


def record(state: State, session: Session, written: Register) -> None:
    """Keep the newest write of a session, and when it began."""
    present = state.registers.get(session)
    if present is None:
        state.registers[session] = written
        return
    newest = written if wins(written.stamp, present.stamp) else present
    state.registers[session] = newest._replace(started=earliest(written.started, present.started))


def earliest(one: str, other: str) -> str:
    """Tell which stamp came first."""
    return min(one, other)


def began_later(one: tuple[UUID, Register], other: tuple[UUID, Register]) -> bool:
    """Whether a session of a title began after another; sessions of one stamp are ordered by id."""
    return (one[1].started, one[0]) > (other[1].started, other[0])


def hide(state: State, content_id: UUID, stamp: str) -> None:
    """Hide a title; the newest time counts."""
    if wins(stamp, state.hidden.get(content_id, "")):
        state.hidden[content_id] = stamp


def prefer(state: State, key: str, stamp: str, value: Any) -> None:  # noqa: ANN401 -- what a preference holds is user's business
    """Set a preference; the newest write counts."""
    if wins(stamp, state.preferences.get(key, ("", None))[0]):
        state.preferences[key] = (stamp, value)
