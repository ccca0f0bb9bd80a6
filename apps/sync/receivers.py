"""Keeping the devices in step with preferences that are changed elsewhere."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.sync.services.preferences import hear_preferences
from mediagateway.events import subscribe


@subscribe("user.preferences_changed")
def pass_on_preferences(payload: Mapping[str, Any]) -> None:
    """Write what was changed in `user` into the person's log."""
    hear_preferences(UUID(payload["profile_id"]), payload["writes"])
