"""Search on the databases: one full-text adapter for each, and the rows that both share."""

from functools import cache

from django.db import connection

from apps.search.adapters.postgres import PostgresIndex
from apps.search.adapters.sqlite import SQLiteIndex
from apps.search.domain.ports import LexicalIndex


@cache
def lexical_index() -> LexicalIndex:
    """Give the full-text engine of the configured database."""
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()
