"""Watchlist and progress, changed through this server: the operations that its clients would otherwise write."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import QuerySet

from apps.content import api as content
from apps.sync.contracts import PlayState, ProgressDraft, ProgressRecord, WatchlistItem
from apps.sync.domain.changes import Add, Hide, Progress, Remove
from apps.sync.domain.devices import Activity
from apps.sync.domain.limits import MAX_WATCHLIST
from apps.sync.errors import (
    InvalidProgressError,
    NotOnWatchlistError,
    ProgressNotFoundError,
    WatchlistFullError,
)
from apps.sync.models import Device, ProgressRegister, WatchlistTag
from apps.sync.queries.lists import get_title_id, list_tags
from apps.sync.services.log import open_log
from mediagateway.errors import FieldError
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.prepared import prepared


def add_to_watchlist(viewer: Viewer, content_id: UUID, now: datetime) -> WatchlistItem:
    """
    Put a title on the watchlist; what is there stays as it is.

    Publishes "sync.watchlist_changed" `{"profile_id", "added": [ids], "removed": [ids], "at"}`.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
        WatchlistFullError: There are as many titles on it as may be.
    """
    title_id = get_title_id(viewer, content_id)
    ids = {title_id, *content.find_aliases([title_id])}
    with open_log(viewer, now=now) as log:
        live = owned(WatchlistTag, viewer).filter(removed_at__isnull=True)
        present = dict(live.values_list("content_id", "added_at"))
        if there := [at for each, at in present.items() if each in ids]:
            return WatchlistItem(title_id, max(there))
        if len(present) >= MAX_WATCHLIST:
            raise WatchlistFullError(f"A watchlist has at most {MAX_WATCHLIST} titles.")
        operation = log.write(Add(title_id))
    return WatchlistItem(title_id, now, operation.id)


def remove_from_watchlist(viewer: Viewer, content_id: UUID, now: datetime) -> UUID:
    """
    Take a title off the watchlist; one that is gone from the catalogue, or hidden from the viewer, too.

    Publishes "sync.watchlist_changed".

    Returns:
        The operation's id, for `undo`.

    Raises:
        NotOnWatchlistError: It is not there.
    """
    with open_log(viewer, now=now) as log:
        tags = list_tags(viewer, content_id)
        if not tags:
            raise NotOnWatchlistError("This title is not on the watchlist.")
        return log.write(Remove(content_id, tags)).id


def record_progress(viewer: Viewer, draft: ProgressDraft, now: datetime) -> ProgressRecord:
    """
    Record where somebody is in a title, and say where the title then stands.

    That is another session's word when one has begun after this session: see `ProgressDraft`. Publishes
    "sync.progress_recorded" `{"profile_id", "content_ids": [ids], "at"}`.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
        InvalidProgressError: The position is beyond the end.
    """
    if not 0 <= draft.position_s <= draft.duration_s:
        error = FieldError("/position_s", "range", "Must lie within the duration.")
        raise InvalidProgressError("The position must lie within the duration.", [error])
    title_id = get_title_id(viewer, draft.content_id)
    with open_log(viewer, now=now) as log:
        session_id, started = _session(viewer, title_id, draft.session_id)
        state = PlayState(draft.state)
        operation = log.write(Progress(title_id, session_id, draft.position_s, draft.duration_s, state, started))
        if draft.device_id is not None:
            is_playing = draft.state is PlayState.PLAYING
            owned(Device, viewer).filter(pk=draft.device_id).update(
                activity=Activity.WATCHING if is_playing else Activity.BROWSING,
                content_id=title_id if is_playing else None,
                last_seen_at=now,
            )
    speaker, register = log.state.current()[title_id]
    return ProgressRecord(
        content_id=title_id,
        session_id=speaker,
        position_s=register.position_s,
        duration_s=register.duration_s,
        state=PlayState(register.state),
        # Whatever was hidden before has just been watched.
        is_hidden=False,
        updated_at=now,
        operation_id=operation.id,
    )


def hide_progress(viewer: Viewer, content_id: UUID, now: datetime) -> UUID:
    """
    Take a title out of what is being watched, until it is watched again.

    Returns:
        The operation's id, for `undo`.

    Raises:
        ProgressNotFoundError: This profile has not watched it, or may not see it.
    """
    title_id = content.resolve_titles([content_id], policy=viewer.policy).get(content_id)
    ids = {title_id, *content.find_aliases([title_id])} if title_id else set()
    with open_log(viewer, now=now) as log:
        watched = owned(ProgressRegister, viewer).filter(content_id__in=ids).values_list("content_id", flat=True)
        # The newest of all ids that the title has had speaks for it; hiding one hides the title.
        if title_id is None or not watched.exists():
            raise ProgressNotFoundError("This profile has not watched this title.")
        return log.write(Hide(title_id)).id


def _session(viewer: Viewer, title_id: UUID, asked: UUID | None) -> tuple[UUID, str]:
    """Say which session a write belongs to, and with which stamp that began; "" for one that begins. One statement."""
    sessions = _sessions(viewer, title_id)
    if asked is None:
        return sessions[0] if sessions else (uuid4(), "")
    return asked, dict(sessions).get(asked, "")


@prepared
def _sessions(viewer: Holder, title_id: UUID) -> QuerySet[ProgressRegister, tuple[UUID, str]]:
    """List the sessions of a title, the one that began last first."""
    sessions = owned(ProgressRegister, viewer).filter(content_id=title_id)
    return sessions.order_by("-started", "-session_id").values_list("session_id", "started")
