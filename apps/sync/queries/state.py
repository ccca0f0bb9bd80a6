"""The state of the CRDTs, whole or as far as some operations touch it, read from the views."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.sync.domain.changes import Add, Hide, Operation, Progress, Remove
from apps.sync.domain.state import Addition, Register, Session, State
from apps.sync.models import HiddenTitle, ProgressRegister, WatchlistTag
from apps.user import api as user
from mediagateway.ownership import Holder, owned
from mediagateway.prepared import prepared


def get_state(holder: Holder) -> State:
    """Read everything that is kept in step for a person. Four SQL statements."""
    live = owned(WatchlistTag, holder).filter(removed_at__isnull=True)
    return State(
        additions={row.tag: Addition(row.content_id, row.stamp) for row in live},
        registers=_registers(owned(ProgressRegister, holder)),
        hidden=dict(owned(HiddenTitle, holder).values_list("content_id", "stamp")),
        preferences={write.key: (write.stamp, write.value) for write in user.list_preference_writes(holder)},
    )


def get_touched(holder: Holder, operations: Sequence[Operation]) -> State:
    """
    Read as much of the state as decides what operations do; an addition needs the whole watchlist, which has a limit.

    One SQL statement for each of watchlist, progress and hidden titles that the operations touch.
    """
    state, changes = State(), [operation.change for operation in operations]
    added = {operation.id for operation in operations if isinstance(operation.change, Add)}
    tags = added.union(*(change.tags for change in changes if isinstance(change, Remove)))
    if tags:
        wanted = Q(tag__in=tags) | Q(removed_at__isnull=True) if added else Q(tag__in=tags)
        for row in owned(WatchlistTag, holder).filter(wanted):
            if row.removed_at is None:
                state.additions[row.tag] = Addition(row.content_id, row.stamp)
            else:
                state.removed.add(row.tag)
    if watched := {change.content_id for change in changes if isinstance(change, Progress)}:
        state.registers = _registers(read_registers(holder, watched))
    if hidden := {change.content_id for change in changes if isinstance(change, Hide)}:
        state.hidden = dict(read_hidden(holder, hidden))
    return state


@prepared
def read_registers(holder: Holder, content_ids: Collection[UUID]) -> QuerySet[ProgressRegister]:
    """Read where sessions of some titles stand. One SQL statement."""
    return owned(ProgressRegister, holder).filter(content_id__in=content_ids)


@prepared
def read_hidden(holder: Holder, content_ids: Collection[UUID]) -> QuerySet[HiddenTitle, tuple[UUID, str]]:
    """Read which titles were hidden, by id with the stamp. One SQL statement."""
    return owned(HiddenTitle, holder).filter(content_id__in=content_ids).values_list("content_id", "stamp")


def _registers(rows: Iterable[ProgressRegister]) -> dict[Session, Register]:
    return {
        Session(row.content_id, row.session_id): Register(
            row.started, row.stamp, row.position_s, row.duration_s, row.state
        )
        for row in rows
    }
