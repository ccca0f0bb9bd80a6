"""What somebody is in the middle of: one entry for each film and each series."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.playback.domain.progress import is_completed, resume_position_s


@dataclass(frozen=True, slots=True)
class Left:
    """
    A title as it was left.

    Attributes:
        series_id: Of an episode or season, else the title itself.
        is_hidden: Taken out of what is being watched, and not watched since.
    """

    content_id: UUID
    series_id: UUID
    position_s: int
    duration_s: int
    is_hidden: bool
    left_at: datetime

    @property
    def is_part(self) -> bool:
        """Whether it belongs to a series."""
        return self.series_id != self.content_id


def collapse(left: Collection[Left]) -> tuple[Left, ...]:
    """
    Keep of each series, and of what stands alone, what was watched last; the newest first.

    What was hidden hides its series until more of it is watched. What stands alone counts only where it would be
    resumed; of a series the last episode counts always, because there may be a next one.
    """
    newest: dict[UUID, Left] = {}
    for each in sorted(left, key=lambda each: (each.left_at, each.content_id), reverse=True):
        newest.setdefault(each.series_id, each)
    return tuple(each for each in newest.values() if not each.is_hidden and (each.is_part or _resumes(each)))


def wants_next(left: Left) -> bool:
    """Say whether the next episode is what to go on with."""
    return left.is_part and is_completed(left.position_s, left.duration_s)


def _resumes(left: Left) -> bool:
    return resume_position_s(left.position_s, left.duration_s) > 0
