"""What time does to a log: it is thinned out after a day and compacted after ninety."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from apps.sync.domain.changes import Kind
from apps.sync.domain.state import State
from apps.sync.domain.versions import join
from apps.sync.domain.wire import read_state, write_state
from apps.sync.models import Base, LogEntry, ProgressRegister, WatchlistTag
from apps.sync.queries.log import to_operation
from apps.sync.services.commands import delete_old_commands
from apps.sync.services.log import Person, lock_head
from apps.sync.services.tickets import delete_expired_tickets
from mediagateway.ownership import owned

#: After this, of what a session wrote within an hour the last is kept: somebody watching writes every few seconds.
THINNED_AFTER = timedelta(days=1)
#: How far back lists can be looked at and restored, and how long a device may be away and still be told what it missed
#: operation by operation; after that it is given the whole state.
HORIZON = timedelta(days=90)
#: Logs that one sweep compacts, so that it comes to an end.
_COMPACTED_AT_ONCE = 500

_log = structlog.get_logger(__name__)


def sweep(*, now: datetime) -> None:
    """Delete what has had its time; safe to repeat, and to interrupt."""
    commands, tickets = delete_old_commands(now=now), delete_expired_tickets(now=now)
    thinned = thin_out(now)
    compacted = compact_logs(now)
    _log.info("sync.swept", commands=commands, tickets=tickets, thinned=thinned, compacted=compacted)


def thin_out(now: datetime) -> int:
    """
    Delete progress of the day before yesterday's hours but the last of each session and hour; say how many operations.

    Nobody misses them: a register holds the newest write, and version vectors do not ask for the numbers in between.
    """
    until = now - THINNED_AFTER
    entries = (
        LogEntry.objects.filter(kind=Kind.PROGRESS, received_at__gte=until - THINNED_AFTER, received_at__lt=until)
        .order_by("profile_id", "position")
        .values_list("pk", "profile_id", "details__session_id", "received_at")
    )
    kept: dict[tuple[UUID, str, datetime], int] = {}
    superseded = []
    for key, profile_id, session_id, received_at in entries.iterator():
        hour = (profile_id, session_id, received_at.replace(minute=0, second=0, microsecond=0))
        if hour in kept:
            superseded.append(kept[hour])
        kept[hour] = key
    for start in range(0, len(superseded), 1000):
        LogEntry.objects.filter(pk__in=superseded[start : start + 1000]).delete()
    return len(superseded)


def compact_logs(now: datetime) -> int:
    """Compact logs with operations from before the horizon, some at a time; say how many logs that were."""
    old = LogEntry.objects.filter(received_at__lt=now - HORIZON).order_by()
    profiles = list(old.values_list("profile_id", flat=True).distinct()[:_COMPACTED_AT_ONCE])
    for profile_id in profiles:
        compact(Person(profile_id), before=now - HORIZON)
    return len(profiles)


def compact(person: Person, *, before: datetime) -> None:
    """Fold the part of a log from before a time into its base, and forget what that makes superfluous."""
    with transaction.atomic():
        head = lock_head(person)
        newest = owned(LogEntry, person).filter(received_at__lt=before).order_by("-position").first()
        if newest is None:
            return
        old = owned(LogEntry, person).filter(position__lte=newest.position)
        base = owned(Base, person).first()
        state = _fold(read_state(base.state) if base else State(), old.filter(refusal="").order_by("position"))
        Base.objects.update_or_create(
            profile_id=person.profile_id,
            defaults={"as_of": newest.received_at, "state": write_state(state, everything=True)},
        )
        folded: dict[str, int] = {}
        for origin, seq in old.values_list("origin", "seq"):
            folded = join(folded, {origin: seq})
        head.compacted_to, head.compacted_vector = newest.position, join(head.compacted_vector, folded)
        head.save(update_fields=["compacted_to", "compacted_vector"])
        old.delete()
        owned(WatchlistTag, person).filter(removed_at__lt=before).delete()
        _delete_superseded(person, before)


def _fold(state: State, entries: Iterable[LogEntry]) -> State:
    for entry in entries:
        operation = to_operation(entry)
        state.apply(operation.id, operation.stamp, operation.change)
    return state


def _delete_superseded(person: Person, before: datetime) -> None:
    """Forget sessions that speak for no title any more; each write says when its session began, so none comes back."""
    newest: dict[UUID, tuple[str, UUID]] = {}
    rows = list(owned(ProgressRegister, person).values_list("pk", "content_id", "session_id", "started", "written_at"))
    for _, content_id, session_id, started, _ in rows:
        newest[content_id] = max(newest.get(content_id, ("", session_id)), (started, session_id))
    superseded = [
        key
        for key, content_id, session_id, started, written_at in rows
        if written_at < before and newest[content_id] != (started, session_id)
    ]
    owned(ProgressRegister, person).filter(pk__in=superseded).delete()
