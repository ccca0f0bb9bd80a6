"""Operations that devices wrote themselves, perhaps offline and long ago."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.sync.contracts import OperationAnswer
from apps.sync.domain.changes import Add, Change, Operation, Preference, Progress, Remove
from apps.sync.domain.clock import is_too_far_ahead
from apps.sync.domain.limits import MAX_WATCHLIST
from apps.sync.domain.versions import Arrival, judge
from apps.sync.models import LogEntry, WatchlistTag
from apps.sync.queries.devices import find_row
from apps.sync.services.log import Log, open_log
from apps.user import api as user
from apps.user.contracts import PreferenceWrite
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.prepared import prepared

#: Reasons for which an operation was not taken: its number is still to come.
NOT_TAKEN = frozenset({"gap", "sequence_reused", "id_reused"})


class Verdict(StrEnum):
    """What became of an operation."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(slots=True)
class _Known:
    """What the log holds already of a batch: refusals by operation id, ids by sequence number."""

    refusals: dict[UUID, str]
    seqs: dict[UUID, int]
    ids: dict[int, UUID]


def receive(
    viewer: Viewer, device_id: UUID, operations: Sequence[Operation], *, now: datetime
) -> tuple[OperationAnswer, ...]:
    """
    Take operations of a device, in the order of their sequence numbers, and answer each.

    A rejected operation has had its turn: its number is spent and it is kept in the log with the reason, without
    effect. Not so "gap" (an earlier number is missing: send that first), "sequence_reused" and "id_reused" (another
    operation had this number, or this id another number: number anew behind the version vector). Sending a batch again
    gives the same answers, "duplicate" in place of "accepted". Ten SQL statements at most, however large the batch,
    beside those of titles and preferences.

    Raises:
        DeviceNotFoundError: This person has no such device.
    """
    find_row(viewer, device_id)
    concerned = {change.content_id for each in operations if isinstance(change := each.change, Add | Progress)}
    titles = content.resolve_titles(concerned, policy=viewer.policy) if concerned else {}
    with open_log(viewer, now=now) as log:
        known = _known(viewer, str(device_id), operations)
        answers: dict[int, OperationAnswer] = {}
        taken: list[tuple[int, Operation]] = []
        vector = dict(log.head.vector)
        for place, operation in enumerate(operations):
            answer = _answer_of(operation, known, vector, log.head.compacted_vector)
            if answer is not None:
                answers[place] = answer
                continue
            vector[operation.origin] = operation.seq
            # A batch may hold an operation twice.
            known.refusals[operation.id], known.seqs[operation.id] = "", operation.seq
            taken.append((place, operation))
        refusals = _refusals(viewer, log, [operation for _, operation in taken], titles)
        for (place, operation), refusal in zip(taken, refusals, strict=True):
            log.take(operation, refusal)
            verdict = Verdict.REJECTED if refusal else Verdict.ACCEPTED
            answers[place] = OperationAnswer(operation.id, verdict, refusal or None)
    return tuple(answers[place] for place in range(len(operations)))


def _known(viewer: Viewer, origin: str, operations: Sequence[Operation]) -> _Known:
    """Read what the log holds of these operations. One SQL statement."""
    rows = _logged(viewer, {each.id for each in operations}, origin, {each.seq for each in operations})
    return _Known(
        refusals={operation_id: refusal for operation_id, _, _, refusal in rows},
        seqs={operation_id: seq for operation_id, whose, seq, _ in rows if whose == origin},
        ids={seq: operation_id for operation_id, whose, seq, _ in rows if whose == origin},
    )


@prepared
def _logged(
    viewer: Holder, ids: Collection[UUID], origin: str, seqs: Collection[int]
) -> QuerySet[LogEntry, tuple[UUID, str, int, str]]:
    entries = owned(LogEntry, viewer).filter(Q(operation_id__in=ids) | Q(origin=origin, seq__in=seqs))
    return entries.values_list("operation_id", "origin", "seq", "refusal")


def _answer_of(
    operation: Operation, known: _Known, vector: Mapping[str, int], compacted: Mapping[str, int]
) -> OperationAnswer | None:
    """Answer what is not to be taken; None for the next operation of its origin."""
    if operation.id in known.refusals:
        if known.seqs.get(operation.id, operation.seq) != operation.seq:
            return OperationAnswer(operation.id, Verdict.REJECTED, "id_reused")
        refusal = known.refusals[operation.id]
        return OperationAnswer(operation.id, Verdict.REJECTED if refusal else Verdict.DUPLICATE, refusal or None)
    arrival = judge(vector, operation.origin, operation.seq)
    if arrival is Arrival.NEXT:
        return None
    if arrival is Arrival.GAP:
        return OperationAnswer(operation.id, Verdict.REJECTED, "gap")
    if operation.seq in known.ids and operation.seq > compacted.get(operation.origin, 0):
        return OperationAnswer(operation.id, Verdict.REJECTED, "sequence_reused")
    # Thinned out or compacted long ago.
    return OperationAnswer(operation.id, Verdict.DUPLICATE, None)


def _refusals(
    viewer: Viewer, log: Log, operations: Sequence[Operation], titles: Mapping[UUID, TitleId]
) -> tuple[str, ...]:
    """Say of each operation why it has no effect; "" of one that has. At most one SQL statement and `user`'s."""
    refusals = [
        "clock_ahead" if is_too_far_ahead(each.stamp, log.now_ms) else _refusal_of(each.change, titles)
        for each in operations
    ]
    if any(isinstance(each.change, Add) for each in operations):
        refusals = list(_with_room(viewer, operations, refusals))
    settings = [
        (place, each.change, each.stamp)
        for place, each in enumerate(operations)
        if not refusals[place] and isinstance(each.change, Preference)
    ]
    if settings:
        writes = [PreferenceWrite(change.key, change.value, stamp) for _, change, stamp in settings]
        for (place, _, _), refusal in zip(settings, user.apply_preferences(viewer, writes), strict=True):
            refusals[place] = refusal
    return tuple(refusals)


def _refusal_of(change: Change, titles: Collection[UUID]) -> str:
    """Say why a change cannot be, by itself."""
    if isinstance(change, Add | Progress) and change.content_id not in titles:
        return "title_not_found"
    if isinstance(change, Progress) and not 0 <= change.position_s <= change.duration_s:
        return "invalid_progress"
    return ""


def _with_room(viewer: Viewer, operations: Sequence[Operation], refusals: Sequence[str]) -> tuple[str, ...]:
    """Refuse additions beyond what a watchlist holds, as it grows and shrinks. One SQL statement."""
    live = dict(owned(WatchlistTag, viewer).filter(removed_at__isnull=True).values_list("tag", "content_id"))
    titles, checked = Counter(live.values()), []
    for operation, refusal in zip(operations, refusals, strict=True):
        change, found = operation.change, refusal
        if not found and isinstance(change, Add):
            if change.content_id not in titles and len(titles) >= MAX_WATCHLIST:
                found = "watchlist_full"
            else:
                live[operation.id] = change.content_id
                titles[change.content_id] += 1
        elif not found and isinstance(change, Remove):
            for title in [live.pop(tag) for tag in change.tags if tag in live]:
                titles[title] -= 1
                if not titles[title]:
                    del titles[title]
        checked.append(found)
    return tuple(checked)
