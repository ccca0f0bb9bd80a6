"""The history follows what devices tell sync."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.playback.services.progress import hear_progress
from apps.user import api as user
from mediagateway.events import subscribe


@subscribe("sync.progress_recorded")
def remember_progress(payload: Mapping[str, Any]) -> None:
    """Put into the history what was watched on a device, offline or not."""
    viewer = user.find_viewer(UUID(payload["profile_id"]))
    if viewer is not None:
        hear_progress(viewer, [UUID(each) for each in payload["content_ids"]], now=timezone.now())
