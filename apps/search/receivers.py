"""Reactions to what happens in the catalogue, and to new connections."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from apps.search.adapters.postgres import set_threshold
from apps.search.services import documents
from mediagateway.events import subscribe


@subscribe("content.titles_changed", makes_transactions=True)
def follow_catalogue(payload: Mapping[str, Any]) -> None:
    """Index the titles that changed."""
    documents.index_titles([UUID(title_id) for title_id in payload["ids"]])


@receiver(connection_created)
def prepare_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Prepare a connection to PostgreSQL for near spellings."""
    if connection.vendor == "postgresql":
        set_threshold(connection)
