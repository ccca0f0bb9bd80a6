"""What a household is given of its own, on request."""

from typing import Any
from uuid import UUID

import orjson

from apps.playback.models import Session, Watch
from mediagateway.ownership import owned_by_accounts


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give everything that this app has of an account, as JSON values. Two SQL statements."""
    sessions = owned_by_accounts(Session, [account_id]).values(
        "profile_id", "content_id", "device_id", "platform", "region", "state", "position_s", "duration_s", "started_at"
    )
    history = owned_by_accounts(Watch, [account_id]).values(
        "profile_id",
        "content_id",
        "position_s",
        "duration_s",
        "play_count",
        "first_watched_at",
        "last_watched_at",
        "completed_at",
    )
    tables = {"session": list(sessions), "history": list(history)}
    written: dict[str, Any] = orjson.loads(orjson.dumps(tables, option=orjson.OPT_UTC_Z))
    return written
