"""Work that follows a request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.user.services import exports
from mediagateway.events import subscribe


@subscribe("user.export_requested")
def gather(payload: Mapping[str, Any]) -> None:
    """Gather the export that was asked for."""
    exports.gather_export(UUID(payload["export_id"]))
