"""From the start of a session to its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.playback.contracts import PlaybackSessionRecord, PlaybackState, PositionAnswer, SessionDraft, StartedSession
from apps.playback.domain.positions import Outcome, Position, settle
from apps.playback.domain.progress import completion_ratio, is_begun, is_completed
from apps.playback.domain.streams import HEARTBEAT_INTERVAL_S, KEPT_FOR, STREAM_LIMITS, live_since
from apps.playback.errors import SessionClosedError, SessionNotFoundError, StreamLimitError
from apps.playback.models import Session, StreamCounter
from apps.playback.queries.progress import get_progress
from apps.playback.queries.sessions import live_streams, session_record
from apps.playback.queries.titles import check_window, get_title, series_id_of
from apps.playback.services.history import Sight, keeps_history, record_watch
from apps.playback.services.progress import tell_sync
from mediagateway.events import publish
from mediagateway.ownership import Holder, Viewer, owned, owned_by_accounts


@dataclass(frozen=True, slots=True)
class PositionReport:
    """What a player says; `observed_at` is when it was there (aware), by its own clock."""

    position_s: int
    observed_at: datetime
    state: PlaybackState | None = None
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose a session is, when nobody asks."""

    account_id: UUID
    profile_id: UUID


def start_session(viewer: Viewer, draft: SessionDraft, *, now: datetime) -> StartedSession:
    """
    Begin to play a title where the viewer stopped.

    A device plays one title: what the household still played on it ends. The household's row is locked while its
    streams are counted, so that of two who start at once the limit lets in one. Publishes "playback.session_started"
    `{"session_id", "account_id", "profile_id", "content_id", "series_id", "region", "at"}`.

    Raises:
        ViewingWindowClosedError: Not at this hour.
        TitleNotFoundError: No such title, or one that the viewer may not see.
        StreamLimitError: The household has as many streams as its tier allows.
    """
    check_window(viewer.policy, now=now)
    title = get_title(draft.content_id, policy=viewer.policy, now=now)
    runtime_s = title.runtime_minutes * 60 if title.runtime_minutes else None
    duration_s = draft.duration_s or runtime_s
    resume_s = min(get_progress(viewer, title.id).resume_position_s, duration_s or 2**31 - 1)
    with transaction.atomic():
        _lock_streams(viewer)
        if draft.device_id is not None:
            for row in owned_by_accounts(Session, [viewer.account_id]).filter(device_id=draft.device_id):
                _end(_Holder(viewer.account_id, row.profile_id), row, now=now)
        _check_limit(viewer, now=now)
        row = Session.objects.create(
            profile_id=viewer.profile_id,
            content_id=title.id,
            series_id=series_id_of(title),
            device_id=draft.device_id,
            platform=draft.platform,
            region=viewer.policy.region,
            state=PlaybackState.PLAYING,
            started_position_s=resume_s,
            position_s=resume_s,
            duration_s=duration_s,
            started_at=now,
            observed_at=now,
            heard_at=now,
        )
        publish("playback.session_started", _names(viewer, row) | {"at": now.isoformat()})
    return StartedSession(session_record(row, now=now), resume_s, HEARTBEAT_INTERVAL_S)


def report_position(viewer: Viewer, session_id: UUID, report: PositionReport, *, now: datetime) -> PositionAnswer:
    """
    Take a player's word of where it is; `domain.positions` says what becomes of it.

    A report counts as a heartbeat. One that reaches the end, or says that it is over, closes the session.

    Raises:
        SessionNotFoundError: The profile has none with this id.
        SessionClosedError: It is over.
        StreamLimitError: It was silent, and others have taken the household's places.
        BeyondTheEndError: A position behind the end.
    """
    with transaction.atomic():
        row = _open_session(viewer, session_id, now=now)
        held = Position(row.position_s, row.duration_s, row.observed_at)
        settled, outcome = settle(held, Position(report.position_s, report.duration_s, report.observed_at), now=now)
        row.heard_at = now
        if outcome is not Outcome.STALE:
            row.position_s, row.duration_s, row.observed_at = (
                settled.position_s,
                settled.duration_s,
                settled.observed_at,
            )
            row.state = _state_after(report.state or PlaybackState(row.state), settled)
            _remember(viewer, row)
            tell_sync(viewer, row, state=PlaybackState(row.state), now=now)
        if row.is_over:
            _publish_watched(viewer, row, now=now)
        row.save()
    return PositionAnswer(outcome, session_record(row, now=now))


def beat(viewer: Viewer, session_id: UUID, *, now: datetime) -> PlaybackSessionRecord:
    """
    Note that a session goes on.

    Raises:
        ViewingWindowClosedError: The hours in which the viewer may watch are over.
        SessionNotFoundError, SessionClosedError, StreamLimitError: As for `report_position`.
    """
    check_window(viewer.policy, now=now)
    with transaction.atomic():
        row = _open_session(viewer, session_id, now=now)
        row.heard_at = now
        row.save(update_fields=["heard_at"])
    return session_record(row, now=now)


def end_session(viewer: Viewer, session_id: UUID, *, now: datetime) -> None:
    """
    Stop a session and forget it; what was watched stays in the history.

    Raises:
        SessionNotFoundError: The profile has none with this id.
    """
    with transaction.atomic():
        row = owned(Session, viewer).select_for_update().filter(pk=session_id).first()
        if row is None:
            raise SessionNotFoundError("There is no session with this id.")
        if not row.is_over and row.position_s != row.started_position_s:
            tell_sync(viewer, row, state=PlaybackState.STOPPED, now=now)
        _end(viewer, row, now=now)


def end_silent_sessions(*, now: datetime) -> int:
    """
    End the sessions that nobody has heard of for a day, and say how many that were.

    Each goes in a transaction of its own, so that one with many of them holds up nobody.
    """
    ended = 0
    for session_id in list(Session.objects.filter(heard_at__lt=now - KEPT_FOR).values_list("pk", flat=True)):
        with transaction.atomic():
            row = (
                Session.objects.select_for_update(of=("self",))
                .select_related("profile")
                .filter(pk=session_id, heard_at__lt=now - KEPT_FOR)
                .first()
            )
            if row is not None:
                _end(_Holder(row.profile.account_id, row.profile_id), row, now=now)
                ended += 1
    return ended


def _lock_streams(holder: Holder) -> None:
    """Take the lock under which a household's streams are counted; always before that of a session."""
    StreamCounter.objects.get_or_create(account_id=holder.account_id)
    owned(StreamCounter, holder).select_for_update().get()


def _check_limit(viewer: Viewer, *, now: datetime) -> None:
    limit = STREAM_LIMITS[viewer.principal.tier]
    if live_streams(viewer.account_id, now=now).count() >= limit:
        raise StreamLimitError(f"This household watches {limit} streams already, as many as it may at once.")


def _open_session(viewer: Viewer, session_id: UUID, *, now: datetime) -> Session:
    """Lock a session that takes reports; one that was silent first asks for a place among the streams again."""
    silent = owned(Session, viewer).filter(pk=session_id, heard_at__lt=live_since(now)).exists()
    if silent:
        _lock_streams(viewer)
    row = owned(Session, viewer).select_for_update().filter(pk=session_id).first()
    if row is None:
        raise SessionNotFoundError("There is no session with this id.")
    if row.is_over:
        raise SessionClosedError("This session is over; start another one.")
    if silent:
        _check_limit(viewer, now=now)
    return row


def _state_after(state: PlaybackState, position: Position) -> PlaybackState:
    """Call a session ended that has reached the end, whatever its player calls it."""
    is_at_end = position.duration_s is not None and position.position_s >= position.duration_s
    return PlaybackState.ENDED if is_at_end else state


def _end(holder: Holder, row: Session, *, now: datetime) -> None:
    """Write down what was watched, and delete the session."""
    if not row.is_over:
        _remember(holder, row)
        _publish_watched(holder, row, now=now)
    row.delete()


def _remember(holder: Holder, row: Session) -> None:
    """Bring the history up to where a session is."""
    if row.position_s != row.started_position_s and keeps_history(holder):
        record_watch(
            holder.profile_id,
            Sight(row.content_id, row.series_id, row.id, row.position_s, row.duration_s, row.observed_at),
        )


def _publish_watched(holder: Holder, row: Session, *, now: datetime) -> None:
    """
    Say that a session is over, unless nothing was watched or the household keeps no history.

    "playback.watched" is what "playback.session_started" is, with `{"position_s", "watched_s", "completion_ratio",
    "is_completed"}`.
    """
    watched_s = row.position_s - row.started_position_s
    if not watched_s or not is_begun(row.position_s, row.duration_s) or not keeps_history(holder):
        return
    facts = {
        "position_s": row.position_s,
        "watched_s": max(0, watched_s),
        "completion_ratio": round(completion_ratio(row.position_s, row.duration_s), 4),
        "is_completed": is_completed(row.position_s, row.duration_s),
        "at": now.isoformat(),
    }
    publish("playback.watched", _names(holder, row) | facts)


def _names(holder: Holder, row: Session) -> dict[str, str]:
    return {
        "session_id": str(row.id),
        "account_id": str(holder.account_id),
        "profile_id": str(holder.profile_id),
        "content_id": str(row.content_id),
        "series_id": str(row.series_id),
        "region": row.region,
    }
