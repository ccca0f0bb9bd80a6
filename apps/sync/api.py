"""
The door to watchlists, progress and devices for other apps: plain functions, frozen dataclasses (`contracts`).

Everything is of one person, whom a `mediagateway.ownership.Viewer` names; what is another's answers as if it were not
there. Title ids that were merged stand for their survivors. Each write is one transaction, which may lie within the
caller's, appends to the person's log and reaches their devices; published are "sync.watchlist_changed" `{"profile_id",
"added": [ids], "removed": [ids], "at"}` and "sync.progress_recorded" `{"profile_id", "content_ids": [ids], "at"}`.
"""

from apps.sync.queries.devices import get_command, get_device, list_devices
from apps.sync.queries.lists import get_progress, get_progress_of, list_progress, list_watchlist
from apps.sync.services.commands import send_command
from apps.sync.services.exports import erase_account, export_account
from apps.sync.services.lists import add_to_watchlist, hide_progress, record_progress, remove_from_watchlist
from apps.sync.services.restoring import undo
from apps.sync.services.upkeep import sweep

__all__ = [
    "add_to_watchlist",
    "erase_account",
    "export_account",
    "get_command",
    "get_device",
    "get_progress",
    "get_progress_of",
    "hide_progress",
    "list_devices",
    "list_progress",
    "list_watchlist",
    "record_progress",
    "remove_from_watchlist",
    "send_command",
    "sweep",
    "undo",
]
