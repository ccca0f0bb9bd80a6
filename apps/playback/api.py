"""
The door to playback for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

Each function's own docstring is its contract. All begin with a `Viewer` (`apps.user.api.get_viewer`) or another holder.
"""

from apps.playback.queries.continuing import list_continue_watching
from apps.playback.queries.history import list_history, watched_ids
from apps.playback.queries.links import device_kind_of, get_deep_link, link_to
from apps.playback.queries.titles import check_window
from apps.playback.services.control import control
from apps.playback.services.personal import export_account
from apps.playback.services.progress import hide_from_continuing, report_progress
from apps.playback.services.sessions import end_session, start_session
from apps.playback.services.sweeping import sweep

__all__ = [
    "check_window",
    "control",
    "device_kind_of",
    "end_session",
    "export_account",
    "get_deep_link",
    "hide_from_continuing",
    "link_to",
    "list_continue_watching",
    "list_history",
    "report_progress",
    "start_session",
    "sweep",
    "watched_ids",
]
