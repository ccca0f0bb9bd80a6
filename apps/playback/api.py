"""
The door to playback for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

Each function's own docstring is its contract. All begin with a `Viewer` (`apps.user.api.get_viewer`) or another holder.
"""

from apps.playback.queries.history import list_history, watched_ids
from apps.playback.queries.links import get_deep_link, link_to
from apps.playback.queries.titles import check_window
from apps.playback.services.personal import export_account
from apps.playback.services.sessions import end_session, start_session
from apps.playback.services.sweeping import sweep

__all__ = [
    "check_window",
    "end_session",
    "export_account",
    "get_deep_link",
    "link_to",
    "list_history",
    "start_session",
    "sweep",
    "watched_ids",
]
