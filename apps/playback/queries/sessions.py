"""Sessions of a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.content import api as content
from apps.playback.contracts import PlaybackSessionRecord, PlaybackState
from apps.playback.domain.progress import completion_ratio
from apps.playback.domain.streams import live_since
from apps.playback.errors import SessionNotFoundError
from apps.playback.models import Session
from mediagateway.http.pagination import Page
from mediagateway.ownership import Viewer, owned, owned_by_accounts

_FINAL = [state.value for state in PlaybackState if state.is_final]


def get_session(viewer: Viewer, session_id: UUID, *, now: datetime) -> PlaybackSessionRecord:
    """
    Read a session. One SQL statement and those of `content.get_summaries`.

    Raises:
        SessionNotFoundError: The profile has none with this id, or its title is kept from it.
    """
    row = owned(Session, viewer).filter(pk=session_id).first()
    if row is None or not content.get_summaries([row.content_id], policy=viewer.policy, now=now):
        raise SessionNotFoundError("There is no session with this id.")
    return session_record(row, now=now)


def list_sessions(
    viewer: Viewer, *, is_live: bool | None, now: datetime, after: Sequence[Any] | None, limit: int
) -> Page[PlaybackSessionRecord]:
    """
    List the profile's sessions, newest first. One SQL statement and those of `content.get_summaries`.

    Args:
        viewer: Whose sessions.
        is_live: Only those that are streams now, or only the others; None is all.
        now: Decides which are.
        after: `Page.next_key` of the page before.
        limit: Most sessions; a page has fewer when titles are kept from the viewer.
    """
    rows = owned(Session, viewer).order_by("-started_at", "-id")
    if is_live is not None:
        condition = Q(heard_at__gte=live_since(now)) & ~Q(state__in=_FINAL)
        rows = rows.filter(condition if is_live else ~condition)
    if after is not None:
        started_at, row_id = datetime.fromisoformat(after[0]), after[1]
        rows = rows.filter(Q(started_at__lt=started_at) | Q(started_at=started_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    visible = content.get_summaries([row.content_id for row in page], policy=viewer.policy, now=now)
    next_key = (page[-1].started_at.isoformat(), str(page[-1].pk)) if len(found) > limit else None
    return Page(tuple(session_record(row, now=now) for row in page if row.content_id in visible), next_key)


def live_streams(account_id: UUID, *, now: datetime) -> QuerySet[Session]:
    """Find the sessions of a household that count as streams now."""
    return owned_by_accounts(Session, [account_id]).filter(heard_at__gte=live_since(now)).exclude(state__in=_FINAL)


def session_record(row: Session, *, now: datetime) -> PlaybackSessionRecord:
    """Write a session; no SQL."""
    return PlaybackSessionRecord(
        id=row.id,
        content_id=row.content_id,
        device_id=row.device_id,
        platform=row.platform or None,
        state=PlaybackState(row.state),
        position_s=row.position_s,
        duration_s=row.duration_s,
        completion_ratio=completion_ratio(row.position_s, row.duration_s),
        is_live=not row.is_over and row.heard_at >= live_since(now),
        started_at=row.started_at,
        updated_at=row.observed_at,
    )
