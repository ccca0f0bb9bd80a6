"""The log, read: what somebody lacks, what has come since a position, how things stood at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.sync.domain.changes import Operation, read_change
from apps.sync.domain.limits import MAX_MISSING
from apps.sync.domain.state import State
from apps.sync.domain.versions import Vector, covers
from apps.sync.domain.wire import read_state
from apps.sync.errors import HistoryGoneError, OperationNotFoundError
from apps.sync.models import Base, Head, LogEntry
from apps.sync.queries.state import get_state
from mediagateway.ownership import Holder, owned
from mediagateway.prepared import prepared

#: Attempts to read log and views while nobody writes, for an answer whose parts belong together.
_ATTEMPTS = 3
#: Entries that are read at once.
_READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Position:
    """Where a log stands; `compacted` is what of each origin it holds no more."""

    position: int
    signal: int
    vector: Vector
    compacted_to: int
    compacted: Vector


@dataclass(frozen=True, slots=True)
class Missing:
    """
    What somebody lacks.

    Attributes:
        operations: In the order of the log; None when the whole state is needed instead.
        state: Everything as it stands.
        at: Where the log stands with that.
    """

    operations: tuple[Operation, ...] | None
    state: State
    at: Position


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """An operation with its place in the log."""

    operation: Operation
    position: int
    refusal: str
    received_at: datetime


def get_position(holder: Holder) -> Position:
    """Tell where a log stands; it begins at zero. One SQL statement."""
    head = next(iter(_heads(holder)), None) or Head()
    return Position(head.position, head.signal, head.vector, head.compacted_to, head.compacted_vector)


@prepared
def _heads(holder: Holder) -> QuerySet[Head]:
    return owned(Head, holder)


def get_missing(holder: Holder, known: Vector) -> Missing:
    """
    Find what somebody lacks who knows what this vector says. Seven SQL statements; more while the log is written.

    The whole state is needed by who knows less than the log still holds, lacks more than `MAX_MISSING` operations, or
    claims to know what the log has never seen, as after a restored backup.
    """
    for _ in range(_ATTEMPTS):
        at = get_position(holder)
        operations = _list_missing(holder, known, at)
        state = get_state(holder)
        if get_position(holder).position == at.position:
            return Missing(operations, state, at)
    # Somebody writes all the time. The state is newer than the position then, which does no harm: what it holds
    # already has no effect a second time.
    return Missing(None, state, at)


def list_since(holder: Holder, position: int) -> tuple[LoggedOperation, ...]:
    """List what came into the log after a position, refused operations too, 200 at most. One SQL statement."""
    return tuple(map(_logged, _entries(holder, position)))


@prepared
def _entries(holder: Holder, position: int) -> QuerySet[LogEntry]:
    return owned(LogEntry, holder).filter(position__gt=position).order_by("position")[:_READ_AT_ONCE]


def list_recent(holder: Holder, *, until: datetime, limit: int) -> tuple[LoggedOperation, ...]:
    """List the newest operations that have had an effect until a time, the newest first. One SQL statement."""
    rows = owned(LogEntry, holder).filter(refusal="", received_at__lte=until).order_by("-position")[:limit]
    return tuple(map(_logged, rows))


def get_operation(holder: Holder, operation_id: UUID) -> LoggedOperation:
    """
    Find an operation that had an effect. One SQL statement.

    Raises:
        OperationNotFoundError: The log of this person has none with this id, or not any more.
    """
    row = owned(LogEntry, holder).filter(operation_id=operation_id, refusal="").first()
    if row is None:
        raise OperationNotFoundError("There is no operation with this id in the log.")
    return _logged(row)


def get_state_at(holder: Holder, at: datetime) -> State:
    """
    Tell how things stood at a time, by the order in which operations came here. Two SQL statements.

    Raises:
        HistoryGoneError: The log does not reach back that far.
    """
    base = owned(Base, holder).first()
    if base is not None and at < base.as_of:
        raise HistoryGoneError(f"The log begins at {base.as_of.isoformat()}.")
    return _replay(base, owned(LogEntry, holder).filter(received_at__lte=at, refusal="").order_by("position"))


def get_state_before(holder: Holder, position: int) -> State:
    """Tell how things stood before a position of the log that is still there. Two SQL statements."""
    entries = owned(LogEntry, holder).filter(position__lt=position, refusal="").order_by("position")
    return _replay(owned(Base, holder).first(), entries)


def _list_missing(holder: Holder, known: Vector, at: Position) -> tuple[Operation, ...] | None:
    """List the operations that somebody lacks; None when the whole state is needed."""
    if not covers(known, at.compacted) or not covers(at.vector, known):
        return None
    lacking = [
        Q(origin=origin, seq__gt=known.get(origin, 0))
        for origin, seq in at.vector.items()
        if seq > known.get(origin, 0)
    ]
    if not lacking:
        return ()
    rows = owned(LogEntry, holder).filter(reduce(or_, lacking), refusal="", position__lte=at.position)
    found = tuple(map(to_operation, rows.order_by("position")[: MAX_MISSING + 1]))
    return found if len(found) <= MAX_MISSING else None


def _replay(base: Base | None, entries: Iterable[LogEntry]) -> State:
    state = read_state(base.state) if base else State()
    for entry in entries:
        operation = to_operation(entry)
        state.apply(operation.id, operation.stamp, operation.change)
    return state


def _logged(row: LogEntry) -> LoggedOperation:
    return LoggedOperation(to_operation(row), row.position, row.refusal, row.received_at)


def to_operation(row: LogEntry) -> Operation:
    """Read an entry as the operation that it is."""
    change = read_change(row.kind, row.content_id, row.details)
    return Operation(row.operation_id, row.origin, row.seq, row.stamp, change)
