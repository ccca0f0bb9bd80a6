"""Trends follow what is watched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.discover.services.trends import Viewing, count_viewing
from mediagateway.events import subscribe


@subscribe("playback.watched")
def count(payload: Mapping[str, Any]) -> None:
    """Count a viewing for its title, or its series."""
    count_viewing(
        Viewing(
            account_id=UUID(payload["account_id"]),
            profile_id=UUID(payload["profile_id"]),
            content_id=UUID(payload["series_id"]),
            region=payload["region"],
            completion_ratio=payload["completion_ratio"],
            at=datetime.fromisoformat(payload["at"]),
        )
    )
