"""What a household is given of its own, on request. Erasure needs nothing: every row goes with its profile."""

from typing import Any
from uuid import UUID

import orjson

from apps.sona.models import Conversion, Exposure, Feedback, TrainingSignal
from mediagateway.ownership import owned_by_accounts


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give everything that this app has of an account, as JSON values. Four SQL statements."""
    tables = {
        "feedback": owned_by_accounts(Feedback, [account_id]).values(
            "profile_id", "kind", "scope", "key", "value", "at", "until"
        ),
        "signal": owned_by_accounts(TrainingSignal, [account_id]).values(
            "profile_id", "content_id", "kind", "value", "at"
        ),
        "exposure": owned_by_accounts(Exposure, [account_id]).values("profile_id", "experiment_id", "variant", "at"),
        "conversion": owned_by_accounts(Conversion, [account_id]).values("profile_id", "metric", "value", "at"),
    }
    written: dict[str, Any] = orjson.loads(
        orjson.dumps({name: list(rows) for name, rows in tables.items()}, option=orjson.OPT_UTC_Z)
    )
    return written
