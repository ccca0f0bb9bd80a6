"""How far somebody is with a title."""

from dataclasses import dataclass
from uuid import UUID

from apps.playback.domain import progress
from apps.playback.models import Watch
from mediagateway.ownership import Holder, owned


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a title was left."""

    position_s: int
    duration_s: int | None

    @property
    def resume_position_s(self) -> int:
        """Where it starts the next time; 0 is the beginning."""
        return progress.resume_position_s(self.position_s, self.duration_s)


def get_progress(holder: Holder, content_id: UUID) -> Progress:
    """Say where a title was left; at the beginning when it was never begun. One SQL statement."""
    left = owned(Watch, holder).filter(content_id=content_id).values_list("position_s", "duration_s").first()
    return Progress(*left) if left else Progress(0, None)
