"""The history follows what devices tell sync."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from apps.playback.services.progress import hear_progress
from mediagateway.events import subscribe_many


@subscribe_many("sync.progress_recorded")
def remember_progress(payloads: Sequence[Mapping[str, Any]]) -> None:
    """Put into the history what was watched on devices, offline or not; every device says so every few seconds."""
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for payload in payloads:
        people[UUID(payload["profile_id"])].update(UUID(each) for each in payload["content_ids"])
    hear_progress(people)
