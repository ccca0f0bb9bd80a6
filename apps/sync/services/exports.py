"""What a household is given of all this when it asks, and how it goes when the household goes."""

from typing import Any
from uuid import UUID

import orjson

from apps.sync.models import (
    Base,
    Command,
    Device,
    Head,
    HiddenTitle,
    LogEntry,
    ProgressRegister,
    Ticket,
    WatchlistTag,
)
from mediagateway.ownership import owned_by_accounts

#: Section -> table with the fields that mean something to a person.
_SECTIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "watchlist": (WatchlistTag, ("profile_id", "content_id", "added_at", "removed_at")),
    "progress": (
        ProgressRegister,
        ("profile_id", "content_id", "session_id", "position_s", "duration_s", "state", "written_at"),
    ),
    "hidden_titles": (HiddenTitle, ("profile_id", "content_id")),
    "devices": (
        Device,
        (
            "profile_id",
            "id",
            "kind",
            "platform",
            "name",
            "app_version",
            "capabilities",
            "registered_at",
            "last_seen_at",
        ),
    ),
    "operations": (LogEntry, ("profile_id", "origin", "kind", "content_id", "details", "received_at")),
}

#: Everything of a person, what points to others first.
TABLES = (Ticket, Command, Device, LogEntry, WatchlistTag, ProgressRegister, HiddenTitle, Base, Head)


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give everything that this app has of an account, as JSON values. One SQL statement for each table."""
    sections = {
        name: list(owned_by_accounts(model, [account_id]).values(*fields))
        for name, (model, fields) in _SECTIONS.items()
    }
    written: dict[str, Any] = orjson.loads(orjson.dumps(sections, option=orjson.OPT_UTC_Z))
    return written


def erase_account(account_id: UUID) -> None:
    """Delete everything that this app has of an account, within the caller's transaction. One statement each."""
    for model in TABLES:
        owned_by_accounts(model, [account_id]).delete()
