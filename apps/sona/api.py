"""
The door to recommendations for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

Each function's own docstring is its contract. What is personal begins with a `Viewer` (`apps.user.api.get_viewer`),
whose policy holds within; dismissals that are recorded here count in the very next answer.
"""

from apps.sona.queries.recommendations import get_taste, recommend, score_title
from apps.sona.queries.similar import list_similar
from apps.sona.services.changes import follow_catalogue
from apps.sona.services.feedback import record_dismissal, withdraw
from apps.sona.services.personal import export_account

__all__ = [
    "export_account",
    "follow_catalogue",
    "get_taste",
    "list_similar",
    "recommend",
    "record_dismissal",
    "score_title",
    "withdraw",
]
