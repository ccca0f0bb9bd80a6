"""What a person has watched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.content import api as content
from apps.content.contracts import TitleId, TitleSummary
from apps.playback.conf import history_kept_for
from apps.playback.contracts import WatchFacts, WatchRecord
from apps.playback.domain.progress import completion_ratio, is_completed
from apps.playback.errors import WatchNotFoundError
from apps.playback.models import Watch
from mediagateway.http.pagination import Page
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.prepared import prepared


def list_history(holder: Holder, *, now: datetime, limit: int | None = None) -> tuple[WatchFacts, ...]:
    """
    List what a profile has watched, newest first, titles that are hidden now too. One SQL statement.

    Args:
        holder: Whose history.
        now: Decides what is too old to be kept, swept or not.
        limit: Most titles; None is all.
    """
    rows = _all_kept(holder, now - history_kept_for()) if limit is None else _kept(holder, now)[:limit]
    return tuple(map(_facts, rows))


def watched_ids(holder: Holder, *, now: datetime) -> frozenset[UUID]:
    """Name the titles that a profile has watched to the end once, and the series it has begun. One SQL statement."""
    rows = _kept(holder, now).order_by().values_list("content_id", "series_id", "completed_at")
    return frozenset(
        title_id
        for content_id, series_id, completed_at in rows
        for title_id, counts in ((content_id, completed_at is not None), (series_id, series_id != content_id))
        if counts
    )


def get_watch(viewer: Viewer, content_id: UUID, *, now: datetime) -> WatchRecord:
    """
    Read one title of the history. One SQL statement and those of `content.get_summaries`.

    Raises:
        WatchNotFoundError: Not watched, or kept from this viewer.
    """
    row = _kept(viewer, now).filter(content_id=content_id).first()
    shown = content.get_summaries([content_id], policy=viewer.policy, now=now).get(TitleId(content_id))
    if row is None or shown is None:
        raise WatchNotFoundError("This title is not in the history.")
    return _record(row, shown)


def list_watches(viewer: Viewer, *, now: datetime, after: Sequence[Any] | None, limit: int) -> Page[WatchRecord]:
    """
    List the history, newest first. One SQL statement and those of `content.get_summaries`.

    Args:
        viewer: Whose history.
        now: Decides what is too old to be kept, and which offers are open.
        after: `Page.next_key` of the page before.
        limit: Most titles; a page has fewer when titles are kept from the viewer.
    """
    rows = _kept(viewer, now)
    if after is not None:
        watched_at, row_id = datetime.fromisoformat(after[0]), after[1]
        rows = rows.filter(Q(last_watched_at__lt=watched_at) | Q(last_watched_at=watched_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    shown = content.get_summaries([row.content_id for row in page], policy=viewer.policy, now=now)
    next_key = (page[-1].last_watched_at.isoformat(), page[-1].pk) if len(found) > limit else None
    items = [_record(row, shown[TitleId(row.content_id)]) for row in page if row.content_id in shown]
    return Page(tuple(items), next_key)


def _kept(holder: Holder, now: datetime) -> QuerySet[Watch]:
    return _watched_after(holder, now - history_kept_for())


def _watched_after(holder: Holder, moment: datetime) -> QuerySet[Watch]:
    return owned(Watch, holder).filter(last_watched_at__gt=moment).order_by("-last_watched_at", "-id")


_all_kept = prepared(_watched_after)


def _facts(row: Watch) -> WatchFacts:
    return WatchFacts(
        content_id=row.content_id,
        series_id=row.series_id,
        position_s=row.position_s,
        duration_s=row.duration_s,
        completion_ratio=completion_ratio(row.position_s, row.duration_s),
        is_completed=is_completed(row.position_s, row.duration_s),
        completed_at=row.completed_at,
        play_count=row.play_count,
        first_watched_at=row.first_watched_at,
        last_watched_at=row.last_watched_at,
    )


def _record(row: Watch, title: TitleSummary) -> WatchRecord:
    return WatchRecord(
        title=title,
        position_s=row.position_s,
        duration_s=row.duration_s,
        completion_ratio=completion_ratio(row.position_s, row.duration_s),
        is_completed=is_completed(row.position_s, row.duration_s),
        completed_at=row.completed_at,
        play_count=row.play_count,
        first_watched_at=row.first_watched_at,
        last_watched_at=row.last_watched_at,
    )
