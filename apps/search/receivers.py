"""Reactions to what happens in the catalogue."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.search.services import documents
from mediagateway.events import subscribe


@subscribe("content.titles_changed", makes_transactions=True)
def follow_catalogue(payload: Mapping[str, Any]) -> None:
    """Index the titles that changed."""
    documents.index_titles([UUID(title_id) for title_id in payload["ids"]])
