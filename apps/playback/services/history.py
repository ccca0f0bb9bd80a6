"""Writing what a person has watched."""

from collections.abc import Mapping, Sequence
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
HISTORY_PURPOSE = "watch_history"

#: What a sight changes.
_SEEN = (
    *("position_s", "duration_s", "session_id", "play_count"),
    *("first_watched_at", "last_watched_at", "completed_at"),
)


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
    return user.find_consent(holder, HISTORY_PURPOSE) is not False


def record_watch(profile_id: UUID, sight: Sight) -> None:
    """
    Put a title into the history, or move it to where it was seen last; nothing for what is not begun yet.

    Within the caller's transaction. A sight from before the one that holds changes no position.
    """
    if not is_begun(sight.position_s, sight.duration_s):
        return
    values = {"position_s": sight.position_s, "duration_s": sight.duration_s, "session_id": sight.session_id}
    completed = is_completed(sight.position_s, sight.duration_s)
    row, is_new = Watch.objects.select_for_update().get_or_create(
        profile_id=profile_id,
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
    _see(row, sight)
    row.save()


def record_watches(people: Mapping[UUID, Sequence[Sight]]) -> None:
    """
    Do what `record_watch` does for many people at once, by profile. Two SQL statements, and those for what is new.

    In one transaction, or within the caller's.
    """
    with transaction.atomic():
        seen = {(profile_id, sight.content_id): sight for profile_id, sights in people.items() for sight in sights}
        rows = Watch.objects.filter(profile_id__in=people, content_id__in={content_id for _, content_id in seen})
        # Locked in one order, so that two who do this wait for each other instead of failing.
        known = {(row.profile_id, row.content_id): row for row in rows.order_by("id").select_for_update()}
        changed = []
        for key, sight in seen.items():
            if key not in known:
                record_watch(key[0], sight)
            elif is_begun(sight.position_s, sight.duration_s) and _see(known[key], sight):
                # Written as though it were new: it meets the row by person and title.
                known[key].pk = None
                changed.append(known[key])
        if changed:
            Watch.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["profile", "content_id"], update_fields=_SEEN
            )


def _see(row: Watch, sight: Sight) -> bool:
    """Take a sight into a row, and say whether that changes it."""
    before = [getattr(row, name) for name in _SEEN]
    if sight.session_id is not None and sight.session_id != row.session_id:
        row.play_count += 1
    if sight.observed_at >= row.last_watched_at:
        row.position_s, row.duration_s, row.session_id = sight.position_s, sight.duration_s, sight.session_id
        row.last_watched_at = sight.observed_at
    row.first_watched_at = min(row.first_watched_at, sight.observed_at)
    if is_completed(sight.position_s, sight.duration_s) and row.completed_at is None:
        row.completed_at = sight.observed_at
    return [getattr(row, name) for name in _SEEN] != before


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
