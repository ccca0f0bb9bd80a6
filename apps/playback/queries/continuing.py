"""What somebody is in the middle of, on whatever device."""

from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import TitleId, TitleSummary
from apps.playback.contracts import ContinueReason, ContinueRecord
from apps.playback.domain.continuing import Left, collapse, wants_next
from apps.playback.domain.progress import completion_ratio, resume_position_s
from apps.playback.queries.titles import get_title, series_id_of
from apps.sync import api as sync
from mediagateway.http.pagination import Page
from mediagateway.ownership import Viewer

Key = tuple[str, str]


def list_continue_watching(
    viewer: Viewer, *, now: datetime, after: Key | None = None, limit: int = 20
) -> Page[ContinueRecord]:
    """
    List what a profile is in the middle of, the last watched first; a series stands for all its episodes.

    SQL: that of `sync.list_progress`, of `content.get_summaries` twice, and of `content.find_next_episodes`.

    Args:
        viewer: Whose.
        now: Decides which offers are open.
        after: `Page.next_key` of the page before.
        limit: Most titles.
    """
    left = collapse(_left(viewer, now=now))
    followers = content.find_next_episodes([each.content_id for each in left if wants_next(each)])
    # Watched to the end, a series goes on with its next episode, or is over.
    going = [each for each in left if not wants_next(each) or each.content_id in followers]
    rest = going if after is None else [each for each in going if _key(each) < after]
    page = rest[:limit]
    shown = content.get_summaries(
        [followers[each.content_id] if wants_next(each) else each.content_id for each in page],
        policy=viewer.policy,
        now=now,
    )
    items = [_record(each, shown, followers.get(each.content_id) if wants_next(each) else None) for each in page]
    return Page(tuple(item for item in items if item), _key(page[-1]) if len(rest) > limit else None)


def find_newest_of(viewer: Viewer, content_id: UUID, *, now: datetime) -> UUID | None:
    """
    Find what was watched last of a film, or of the series that a title belongs to; None when nothing was.

    Raises:
        TitleNotFoundError: No such title, or one that the viewer may not see.
    """
    series_id = series_id_of(get_title(content_id, policy=viewer.policy, now=now))
    watched = [each for each in _left(viewer, now=now) if each.series_id == series_id]
    return max(watched, key=lambda each: (each.left_at, each.content_id)).content_id if watched else None


def _left(viewer: Viewer, *, now: datetime) -> list[Left]:
    records = sync.list_progress(viewer)
    titles = content.get_summaries([record.content_id for record in records], policy=viewer.policy, now=now)
    return [
        Left(
            content_id=record.content_id,
            series_id=series_id_of(titles[TitleId(record.content_id)]),
            position_s=record.position_s,
            duration_s=record.duration_s,
            is_hidden=record.is_hidden,
            left_at=record.updated_at,
        )
        for record in records
        if record.content_id in titles
    ]


def _key(left: Left) -> Key:
    # Fixed widths, so that the order of the texts is the order of the times.
    return left.left_at.isoformat(timespec="microseconds"), str(left.content_id)


def _record(left: Left, shown: dict[TitleId, TitleSummary], follower: TitleId | None) -> ContinueRecord | None:
    """Write an entry; None when its title has gone meanwhile."""
    title = shown.get(follower or TitleId(left.content_id))
    if title is None:
        return None
    if follower:
        duration_s = title.runtime_minutes * 60 if title.runtime_minutes else None
        return ContinueRecord(title, ContinueReason.NEXT_EPISODE, 0, 0, duration_s, 0.0, left.left_at)
    return ContinueRecord(
        title=title,
        reason=ContinueReason.UNFINISHED,
        position_s=left.position_s,
        resume_position_s=resume_position_s(left.position_s, left.duration_s),
        duration_s=left.duration_s,
        completion_ratio=completion_ratio(left.position_s, left.duration_s),
        last_watched_at=left.left_at,
    )
