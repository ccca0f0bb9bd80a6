"""What search has of a household: given out, and deleted."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.search.services import query_log, saved_searches


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give what search has of a household, as JSON values. Two SQL statements."""
    return {
        "saved_searches": saved_searches.export_saved_searches(account_id),
        "queries": query_log.export_searches(account_id, now=timezone.now()),
    }


def erase_account(account_id: UUID) -> None:
    """Delete what search has of a household; saved searches go with their profiles. Two SQL statements."""
    query_log.erase_searches(account_id, now=timezone.now())
