"""Telling the rest of the product which titles changed."""

from collections.abc import Collection
from uuid import UUID

from mediagateway.events import publish

TITLES_CHANGED = "content.titles_changed"
#: Most ids that one event carries, and most titles that one save takes.
MAX_BATCH = 500


def publish_changes(ids: Collection[UUID]) -> None:
    """Publish "content.titles_changed" for listed titles, at most `MAX_BATCH` ids an event; one SQL statement each."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), MAX_BATCH):
        publish(TITLES_CHANGED, {"ids": [str(title_id) for title_id in ordered[start : start + MAX_BATCH]]})
