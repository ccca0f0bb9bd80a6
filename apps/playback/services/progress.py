"""Telling sync's log where somebody is, and hearing from it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import assert_never
from uuid import UUID, uuid4

from django.db import transaction

from apps.content import api as content
from apps.content.errors import TitleNotFoundError
from apps.playback.contracts import Outcome, PlaybackState, ProgressAnswer, ProgressReport
from apps.playback.domain.positions import Position, settle
from apps.playback.domain.progress import completion_ratio, is_completed, resume_position_s
from apps.playback.errors import NotBeingWatchedError
from apps.playback.models import Session
from apps.playback.queries.continuing import find_newest_of
from apps.playback.queries.titles import get_title, series_id_of
from apps.playback.services.history import HISTORY_PURPOSE, Sight, keeps_history, record_watch, record_watches
from apps.sync import api as sync
from apps.sync.contracts import PlayState, ProgressDraft, ProgressRecord
from apps.user import api as user
from mediagateway.ownership import Viewer

#: What holds of a title that was never begun: older than any report.
_NEVER = Position(0, None, datetime.min.replace(tzinfo=UTC))


def report_progress(viewer: Viewer, report: ProgressReport, *, now: datetime) -> ProgressAnswer:
    """
    Record where somebody is in a title; `domain.positions` says what becomes of a report.

    Raises:
        TitleNotFoundError: No such title, or one that the viewer may not see.
        BeyondTheEndError: A position behind the end.
    """
    title = get_title(report.content_id, policy=viewer.policy, now=now)
    reported = Position(report.position_s, report.duration_s, report.observed_at)
    with transaction.atomic():
        left = sync.get_progress(viewer, [title.id]).get(title.id)
        held = Position(left.position_s, left.duration_s, left.updated_at) if left else _NEVER
        settled, outcome = settle(held, reported, now=now)
        if left is not None and outcome is Outcome.STALE:
            return _answer(left, outcome)
        recorded = sync.record_progress(
            viewer,
            ProgressDraft(
                content_id=title.id,
                session_id=report.session_id or (left.session_id if left else uuid4()),
                position_s=settled.position_s,
                duration_s=report.duration_s,
                state=play_state(report.state),
                device_id=report.device_id,
            ),
            now,
        )
        if keeps_history(viewer):
            sight = Sight(
                title.id,
                series_id_of(title),
                recorded.session_id,
                settled.position_s,
                report.duration_s,
                settled.observed_at,
            )
            record_watch(viewer.profile_id, sight)
    return _answer(recorded, outcome)


def tell_sync(viewer: Viewer, row: Session, *, state: PlaybackState, now: datetime) -> None:
    """
    Write where a session is into the person's log, within the caller's transaction.

    Nothing for a title whose duration nobody knows, for the log keeps positions within one, and for one that the viewer
    may not see any more: there is nothing to show of it on any device.
    """
    if row.duration_s is None:
        return
    draft = ProgressDraft(row.content_id, row.id, row.position_s, row.duration_s, play_state(state), row.device_id)
    try:
        sync.record_progress(viewer, draft, now)
    except TitleNotFoundError:
        return


def hide_from_continuing(viewer: Viewer, content_id: UUID, *, now: datetime) -> UUID:
    """
    Take a film, or the series that a title belongs to, out of what is being watched, until more of it is watched.

    Returns:
        The operation's id, for undoing it through sync.

    Raises:
        TitleNotFoundError: No such title, or one that the viewer may not see.
        NotBeingWatchedError: Nothing of it was watched.
    """
    newest = find_newest_of(viewer, content_id, now=now)
    if newest is None:
        raise NotBeingWatchedError("Nothing of this title was watched.")
    return sync.hide_progress(viewer, newest, now)


def hear_progress(people: Mapping[UUID, Collection[UUID]]) -> None:
    """
    Bring the history of many people up to what devices have told sync, offline or not. Some ten SQL statements.

    Idempotent: reads what holds now, and what a session of ours has written already changes nothing. What somebody may
    no longer see is kept as what they watched before is, and like that it is not shown.

    Args:
        people: Titles by profile.
    """
    willing = user.find_willing(people.keys(), HISTORY_PURPOSE)
    heard = sync.get_progress_of({profile_id: people[profile_id] for profile_id in people if profile_id in willing})
    series = content.get_series_ids({record.content_id for records in heard.values() for record in records})
    record_watches(
        {
            profile_id: [
                Sight(
                    left.content_id,
                    series[left.content_id],
                    left.session_id,
                    left.position_s,
                    left.duration_s,
                    left.updated_at,
                )
                for left in records
                if left.content_id in series
            ]
            for profile_id, records in heard.items()
        }
    )


def play_state(state: PlaybackState) -> PlayState:
    """Say it in sync's words, which know no buffers and no ends."""
    match state:
        case PlaybackState.PLAYING | PlaybackState.BUFFERING:
            return PlayState.PLAYING
        case PlaybackState.PAUSED:
            return PlayState.PAUSED
        case PlaybackState.STOPPED | PlaybackState.ENDED:
            return PlayState.STOPPED
        case _ as unreachable:
            assert_never(unreachable)


def _answer(record: ProgressRecord, outcome: Outcome) -> ProgressAnswer:
    return ProgressAnswer(
        outcome=outcome,
        content_id=record.content_id,
        position_s=record.position_s,
        duration_s=record.duration_s,
        resume_position_s=resume_position_s(record.position_s, record.duration_s),
        completion_ratio=completion_ratio(record.position_s, record.duration_s),
        is_completed=is_completed(record.position_s, record.duration_s),
        updated_at=record.updated_at,
    )
