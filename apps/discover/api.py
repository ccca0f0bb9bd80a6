"""
The door to discovery for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

Each function's own docstring is its contract: what it costs in SQL, what it raises.
"""

from apps.discover.domain.tonight import MOOD_GENRES
from apps.discover.queries.plan import Prices, find_plan
from apps.discover.queries.rows import list_rows
from apps.discover.queries.tonight import Wish, find_tonight, list_room
from apps.discover.queries.trending import list_trending
from apps.discover.services.trends import erase_account, export_account, forget_faded

__all__ = [
    "MOOD_GENRES",
    "Prices",
    "Wish",
    "erase_account",
    "export_account",
    "find_plan",
    "find_tonight",
    "forget_faded",
    "list_room",
    "list_rows",
    "list_trending",
]
