"""How far somebody is with a title: sync's log knows, playback asks."""

from dataclasses import dataclass
from uuid import UUID

from apps.playback.domain import progress
from apps.sync import api as sync
from mediagateway.ownership import Viewer


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a title was left."""

    position_s: int
    duration_s: int | None

    @property
    def resume_position_s(self) -> int:
        """Where it starts the next time; 0 is the beginning."""
        return progress.resume_position_s(self.position_s, self.duration_s)


def get_progress(viewer: Viewer, content_id: UUID) -> Progress:
    """Say where a title was left; at the beginning when it was never begun. The SQL of `sync.get_progress`."""
    left = sync.get_progress(viewer, [content_id]).get(content_id)
    return Progress(left.position_s, left.duration_s) if left else Progress(0, None)
