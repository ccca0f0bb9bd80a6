"""The log of one person, open for writing: every operation, from wherever it comes, goes through here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from apps.sync.domain.changes import (
    Add,
    Change,
    Operation,
    Progress,
    Remove,
    content_of,
    details_of,
    kind_of,
)
from apps.sync.domain.clock import SERVER, HybridClock, stamp_ms
from apps.sync.domain.state import State
from apps.sync.models import Head, HiddenTitle, LogEntry, ProgressRegister, WatchlistTag
from apps.sync.queries.state import get_touched
from apps.sync.services.signals import announce
from mediagateway.events import publish
from mediagateway.ownership import Holder, owned
from mediagateway.prepared import prepared


@dataclass(frozen=True, slots=True)
class Person:
    """A holder known by the profile alone, as events and sweeps name it: the log is the profile's."""

    profile_id: UUID

    @property
    def account_id(self) -> UUID:
        """Refuse: who names a profile alone does not say which account."""
        raise NotImplementedError


class Log:
    """
    A person's log under the lock on its head; `open_log` makes it, and writes what was put in when it closes.

    Attributes:
        holder: Whose log.
        now: When what is put in was received.
        head: The locked row.
        clock: The server's clock for this person.
        state: After the log has closed, the part of the state that its operations touched.
    """

    def __init__(self, holder: Holder, head: Head, now: datetime) -> None:
        """Take over where the head stands."""
        self.holder, self.head, self.now = holder, head, now
        self.clock = HybridClock(SERVER, head.clock)
        self.state = State()
        self._taken: list[tuple[Operation, str]] = []

    @property
    def now_ms(self) -> int:
        """The wall's clock."""
        return int(self.now.timestamp() * 1000)

    def write(self, change: Change, *, operation_id: UUID | None = None, stamp: str = "") -> Operation:
        """
        Put in an operation of the server's own.

        Args:
            change: What happens.
            operation_id: Its id, when a second attempt must find it again; else a new one.
            stamp: When it was written, if that was before and by another clock of the server's; else now.
        """
        operation = Operation(
            id=operation_id or uuid4(),
            origin=SERVER,
            seq=self.head.vector.get(SERVER, 0) + 1,
            stamp=stamp or self.clock.tick(self.now_ms),
            change=change,
        )
        self.take(operation)
        return operation

    def take(self, operation: Operation, refusal: str = "") -> None:
        """Put in an operation that is the next of its origin; one with a refusal is kept and has no effect."""
        self.head.vector[operation.origin] = operation.seq
        if not refusal:
            self.clock.observe(operation.stamp)
        self._taken.append((operation, refusal))

    def close(self) -> None:
        """
        Write everything: entries, views, head, events.

        SQL: the reads of `get_touched`; one statement for each view that changes, the entries, the head, each event.
        """
        if not self._taken:
            return
        accepted = [operation for operation, refusal in self._taken if not refusal]
        before = get_touched(self.holder, accepted)
        self.state = State(
            additions=dict(before.additions),
            removed=set(before.removed),
            registers=dict(before.registers),
            hidden=dict(before.hidden),
        )
        for operation in accepted:
            self.state.apply(operation.id, operation.stamp, operation.change)
        self._write_watchlist(before, accepted)
        self._write_progress(before)
        self._write_entries()
        self._publish(accepted)

    def _write_entries(self) -> None:
        """Append to the log and move the head."""
        entries = [
            LogEntry(
                profile_id=self.holder.profile_id,
                position=position,
                operation_id=operation.id,
                origin=operation.origin,
                seq=operation.seq,
                stamp=operation.stamp,
                kind=kind_of(operation.change),
                content_id=content_of(operation.change),
                details=details_of(operation.change),
                refusal=refusal,
                received_at=self.now,
            )
            for position, (operation, refusal) in enumerate(self._taken, start=self.head.position + 1)
        ]
        LogEntry.objects.bulk_create(entries)
        self.head.position += len(entries)
        self.head.signal += 1
        self.head.clock = self.clock.last
        self.head.save(update_fields=["position", "signal", "clock", "vector"])
        announce(self.holder.profile_id)

    def _write_watchlist(self, before: State, accepted: Sequence[Operation]) -> None:
        """Write what came on the watchlist and what went."""
        contents = {
            tag: operation.change.content_id
            for operation in accepted
            if isinstance(operation.change, Remove)
            for tag in operation.change.tags
        }
        added = [
            WatchlistTag(
                profile_id=self.holder.profile_id,
                tag=tag,
                content_id=addition.content_id,
                stamp=addition.stamp,
                added_at=self._time_of(addition.stamp),
            )
            for tag, addition in self.state.additions.items()
            if tag not in before.additions
        ]
        removed = self.state.removed - before.removed
        # Taken off in the same batch, or before its addition came: the row says that this tag is spent.
        spent = [
            WatchlistTag(
                profile_id=self.holder.profile_id,
                tag=tag,
                content_id=contents[tag],
                added_at=self.now,
                removed_at=self.now,
            )
            for tag in sorted(removed - before.additions.keys())
        ]
        if added or spent:
            WatchlistTag.objects.bulk_create([*added, *spent])
        if gone := removed & before.additions.keys():
            owned(WatchlistTag, self.holder).filter(tag__in=gone).update(removed_at=self.now)

    def _write_progress(self, before: State) -> None:
        """Write the registers that moved."""
        moved = [
            ProgressRegister(
                profile_id=self.holder.profile_id,
                content_id=session.content_id,
                session_id=session.session_id,
                **register._asdict(),
                written_at=self._time_of(register.stamp),
            )
            for session, register in self.state.registers.items()
            if register != before.registers.get(session)
        ]
        if moved:
            ProgressRegister.objects.bulk_create(
                moved,
                update_conflicts=True,
                unique_fields=["profile", "content_id", "session_id"],
                update_fields=["started", "stamp", "position_s", "duration_s", "state", "written_at"],
            )
        hidden = [
            HiddenTitle(profile_id=self.holder.profile_id, content_id=content_id, stamp=stamp)
            for content_id, stamp in self.state.hidden.items()
            if stamp != before.hidden.get(content_id)
        ]
        if hidden:
            HiddenTitle.objects.bulk_create(
                hidden, update_conflicts=True, unique_fields=["profile", "content_id"], update_fields=["stamp"]
            )

    def _publish(self, accepted: Sequence[Operation]) -> None:
        """Tell other apps which titles are concerned, once for the whole batch."""
        common = {"profile_id": str(self.holder.profile_id), "at": self.now.isoformat()}
        added = sorted({str(each.change.content_id) for each in accepted if isinstance(each.change, Add)})
        removed = sorted({str(each.change.content_id) for each in accepted if isinstance(each.change, Remove)})
        if added or removed:
            publish("sync.watchlist_changed", {**common, "added": added, "removed": removed})
        watched = sorted({str(each.change.content_id) for each in accepted if isinstance(each.change, Progress)})
        if watched:
            publish("sync.progress_recorded", {**common, "content_ids": watched})

    def _time_of(self, stamp: str) -> datetime:
        """When something happened by the writer's clock, but never later than we heard of it."""
        return min(datetime.fromtimestamp(stamp_ms(stamp) / 1000, UTC), self.now)


@contextmanager
def open_log(holder: Holder, *, now: datetime) -> Iterator[Log]:
    """
    Open a person's log under its lock, in a transaction; what was put in is written at the end.

    Two SQL statements beside those of `Log.close`; one more the first time.
    """
    with transaction.atomic():
        log = Log(holder, lock_head(holder), now)
        yield log
        log.close()


def lock_head(holder: Holder) -> Head:
    """Lock the head of a person's log, within the caller's transaction; the first time, make it."""
    heads = _locked_heads(holder)
    if not heads:
        # Somebody else may make it at the same time.
        Head.objects.bulk_create([Head(profile_id=holder.profile_id)], ignore_conflicts=True)
        heads = _locked_heads(holder)
    return heads[0]


@prepared
def _locked_heads(holder: Holder) -> QuerySet[Head]:
    return owned(Head, holder).select_for_update()
