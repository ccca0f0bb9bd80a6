"""Searches that people keep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.search.contracts import SavedSearchRecord
from apps.search.errors import SavedSearchNotFoundError
from apps.search.models import SavedSearch
from apps.search.queries.searching import SearchRequest, filters_of
from apps.user import api as user
from mediagateway.http.pagination import Page
from mediagateway.ownership import Viewer, owned
from mediagateway.policy import Policy


def list_saved_searches(viewer: Viewer, *, after: Sequence[Any] | None, limit: int) -> Page[SavedSearchRecord]:
    """List the profile's saved searches, newest first. One SQL statement."""
    rows = owned(SavedSearch, viewer).defer("known")
    if after is not None:
        created_at, row_id = datetime.fromisoformat(after[0]), UUID(after[1])
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    next_key = (page[-1].created_at.isoformat(), str(page[-1].pk)) if len(found) > limit else None
    return Page(tuple(map(record_of, page)), next_key)


def get_saved_search(viewer: Viewer, search_id: UUID) -> SavedSearchRecord:
    """
    Read a saved search. One SQL statement.

    Raises:
        SavedSearchNotFoundError: The profile has none of this id.
    """
    row = owned(SavedSearch, viewer).defer("known").filter(pk=search_id).first()
    if row is None:
        raise SavedSearchNotFoundError("There is no saved search with this id.")
    return record_of(row)


def request_of(row: SavedSearch, viewer: Viewer) -> tuple[SearchRequest, Policy]:
    """Write the search that a row keeps, and its person's policy for the region it is about. One SQL statement."""
    request = SearchRequest(row.query, filters_of(row.filters), without=frozenset(row.without))
    return request, user.resolve_policy(viewer.principal, row.region or None)


def record_of(row: SavedSearch) -> SavedSearchRecord:
    """Write a saved search; no SQL."""
    return SavedSearchRecord(
        id=row.id,
        name=row.name,
        query=row.query,
        filters=row.filters,
        without=tuple(row.without),
        region=row.region,
        notify=row.notify,
        matches=row.matches,
        is_too_broad=row.is_too_broad,
        last_news_at=row.last_news_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )
