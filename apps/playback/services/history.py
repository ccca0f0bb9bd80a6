"""Writing what a person has watched."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.playback.conf import history_kept_for
from apps.playback.domain.progress import is_begun, is_completed
from apps.playback.errors import WatchNotFoundError
from apps.playback.models import Watch
from apps.user import api as user
from mediagateway.ownership import Holder, owned

#: Slug of the consent that a history needs: kept as part of the service until somebody says no (ADR 0023).
_PURPOSE = "watch_history"


@dataclass(frozen=True, slots=True)
class Sight:
    """A title as somebody was seen watching it; `session_id` is None for a report without a session."""

    content_id: UUID
    series_id: UUID
    session_id: UUID | None
    position_s: int
    duration_s: int | None
    observed_at: datetime


def keeps_history(holder: Holder) -> bool:
    """Say whether what this person watches is remembered: not when the household has refused it. One SQL statement."""
    return user.find_consent(holder, _PURPOSE) is not False


def record_watch(holder: Holder, sight: Sight) -> None:
    """
    Put a title into the history, or move it to where it was seen last; nothing for what is not begun yet.

    Within the caller's transaction. A sight from before the one that holds changes no position.
    """
    if not is_begun(sight.position_s, sight.duration_s):
        return
    values = {"position_s": sight.position_s, "duration_s": sight.duration_s, "session_id": sight.session_id}
    completed = is_completed(sight.position_s, sight.duration_s)
    row, is_new = Watch.objects.select_for_update().get_or_create(
        profile_id=holder.profile_id,
        content_id=sight.content_id,
        defaults={
            **values,
            "series_id": sight.series_id,
            "first_watched_at": sight.observed_at,
            "last_watched_at": sight.observed_at,
            "completed_at": sight.observed_at if completed else None,
        },
    )
    if is_new:
        return
    if sight.session_id is not None and sight.session_id != row.session_id:
        row.play_count += 1
    if sight.observed_at >= row.last_watched_at:
        row.position_s, row.duration_s, row.session_id = sight.position_s, sight.duration_s, sight.session_id
        row.last_watched_at = sight.observed_at
    row.first_watched_at = min(row.first_watched_at, sight.observed_at)
    if completed and row.completed_at is None:
        row.completed_at = sight.observed_at
    row.save()


def delete_watch(holder: Holder, content_id: UUID) -> None:
    """
    Forget that a title was watched. One SQL statement.

    Raises:
        WatchNotFoundError: It is not in the history.
    """
    if not owned(Watch, holder).filter(content_id=content_id).delete()[0]:
        raise WatchNotFoundError("This title is not in the history.")


def clear_history(holder: Holder) -> int:
    """Forget everything that a profile has watched, and say how many titles that were. One SQL statement."""
    return owned(Watch, holder).delete()[0]


def forget_old_watches(*, now: datetime) -> int:
    """Delete from all histories what is too old, and say how many titles that were. One SQL statement."""
    with transaction.atomic():
        return Watch.objects.filter(last_watched_at__lte=now - history_kept_for()).delete()[0]
