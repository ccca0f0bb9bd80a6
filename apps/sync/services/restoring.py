"""Undoing: new operations that bring back what was, on top of a log that forgets nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from apps.content import api as content
from apps.sync.domain.changes import Add, Change, Hide, Kind, Operation, Preference, Progress, Remove
from apps.sync.domain.limits import MAX_WATCHLIST
from apps.sync.domain.state import State
from apps.sync.queries.log import LoggedOperation, get_operation, get_state_at, get_state_before
from apps.sync.queries.state import get_state
from apps.sync.services.log import Log, open_log
from apps.user import api as user
from apps.user.contracts import PreferenceWrite
from mediagateway.ownership import Viewer

#: List -> a kind of operation that bringing it back writes.
KINDS_OF_LIST = {"watchlist": Kind.ADD, "progress": Kind.PROGRESS, "preferences": Kind.PREFERENCE}


@dataclass(frozen=True, slots=True)
class _Difference:
    """Two states, and which titles may be added again."""

    then: State
    now: State
    addable: Collection[UUID]


def undo(viewer: Viewer, operation_id: UUID, now: datetime) -> tuple[Operation, ...]:
    """
    Take an operation back as far as it still has an effect, and say by which operations; none when it has none.

    Raises:
        OperationNotFoundError: The log of this person has none with this id, or not any more.
    """
    with open_log(viewer, now=now) as log:
        logged = get_operation(viewer, operation_id)
        then = get_state_before(viewer, logged.position)
        difference = _difference(viewer, then)
        return _write(viewer, log, _reversal(logged, difference))


def restore(viewer: Viewer, at: datetime, lists: Collection[str], now: datetime) -> tuple[Operation, ...]:
    """
    Bring lists back to how they stood at a time, and say by which operations.

    Titles that are gone from the catalogue, or that the viewer may not see, are not put back.

    Args:
        viewer: Whose.
        at: The time; aware.
        lists: Any of "watchlist", "progress", "preferences".
        now: Of the new operations.

    Raises:
        HistoryGoneError: The log does not reach back that far.
    """
    with open_log(viewer, now=now) as log:
        difference = _difference(viewer, get_state_at(viewer, at))
        changes: list[Change] = []
        if "watchlist" in lists:
            changes += _restored_watchlist(difference)
        if "progress" in lists:
            titles = sorted(difference.then.current().keys() | difference.now.current().keys())
            changes += [change for title in titles for change in _restored_progress(difference, title)]
        if "preferences" in lists:
            changes += _restored_preferences(
                difference, difference.then.preferences.keys() | difference.now.preferences
            )
        return _write(viewer, log, changes)


def _difference(viewer: Viewer, then: State) -> _Difference:
    titles = {addition.content_id for addition in then.additions.values()}
    return _Difference(then, get_state(viewer), content.resolve_titles(titles, policy=viewer.policy))


def _write(viewer: Viewer, log: Log, changes: Iterable[Change]) -> tuple[Operation, ...]:
    """Put changes into the log; those of preferences into their rows too."""
    written = []
    for change in changes:
        stamp = ""
        if isinstance(change, Preference):
            for write in user.list_preference_writes(viewer):
                log.clock.observe(write.stamp)
            stamp = log.clock.tick(log.now_ms)
            (refusal,) = user.apply_preferences(viewer, [PreferenceWrite(change.key, change.value, stamp)])
            if refusal:
                continue
        written.append(log.write(change, stamp=stamp))
    return tuple(written)


def _reversal(logged: LoggedOperation, difference: _Difference) -> list[Change]:
    """Say what takes one operation back; nothing when something newer stands in its place."""
    operation, present = logged.operation, difference.now
    match operation.change:
        case Add():
            live = operation.id in present.additions
            return [Remove(operation.change.content_id, (operation.id,))] if live else []
        case Remove():
            seen = {
                difference.then.additions[tag].content_id
                for tag in operation.change.tags
                if tag in difference.then.additions
            }
            return _added(difference, seen - present.watchlist().keys())
        case Progress():
            register = dict(present.current()).get(operation.change.content_id)
            is_newest = register is not None and register[1].stamp == operation.stamp
            return _restored_progress(difference, operation.change.content_id) if is_newest else []
        case Hide():
            is_newest = present.hidden.get(operation.change.content_id) == operation.stamp
            return _restored_progress(difference, operation.change.content_id) if is_newest else []
        case Preference():
            is_newest = present.preferences.get(operation.change.key, ("", None))[0] == operation.stamp
            return _restored_preferences(difference, [operation.change.key]) if is_newest else []


def _restored_watchlist(difference: _Difference) -> list[Change]:
    then, present = difference.then.watchlist(), difference.now.watchlist()
    gone: list[Change] = [Remove(title, tuple(tags)) for title, tags in sorted(present.items()) if title not in then]
    room = MAX_WATCHLIST - len(present) + len(gone)
    return gone + _added(difference, then.keys() - present.keys())[:room]


def _added(difference: _Difference, titles: Collection[UUID]) -> list[Change]:
    return [Add(title) for title in sorted(titles) if title in difference.addable]


def _restored_progress(difference: _Difference, title: UUID) -> list[Change]:
    """Bring a title back to where it stood: in its session if that still speaks for it, else in a new one."""
    then, present = difference.then.current().get(title), difference.now.current().get(title)
    if then is None:
        return [Hide(title)] if present and not difference.now.is_hidden(title, present[1]) else []
    was_hidden = difference.then.is_hidden(title, then[1])
    is_hidden = present is not None and difference.now.is_hidden(title, present[1])
    if present is not None and (present[1], is_hidden) == (then[1], was_hidden):
        return []
    if was_hidden:
        return [] if is_hidden else [Hide(title)]
    same = present is not None and present[0] == then[0]
    session_id, started = (then[0], then[1].started) if same else (uuid4(), "")
    register = then[1]
    return [Progress(title, session_id, register.position_s, register.duration_s, register.state, started)]


def _restored_preferences(difference: _Difference, keys: Iterable[str]) -> list[Change]:
    defaults: Mapping[str, Any] = user.default_preferences()
    changes: list[Change] = []
    for key in sorted(keys):
        value = difference.then.preferences.get(key, ("", defaults.get(key)))[1]
        if key in defaults and difference.now.preferences.get(key, ("", defaults[key]))[1] != value:
            changes.append(Preference(key, value))
    return changes
