"""Searches that people keep."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.search.contracts import SavedSearchRecord
from apps.search.http import examples
from apps.search.http.serializers import SavedSearchBody, SavedSearchChange
from apps.search.queries.saved_searches import get_saved_search, list_saved_searches
from apps.search.services.saved_searches import change_saved_search, create_saved_search, delete_saved_search
from apps.user.api import get_viewer
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body
from mediagateway.ownership import Viewer

_ID = OpenApiParameter("search_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Of the saved search.")
_READ, _WRITE = frozenset({"read:searches"}), frozenset({"write:searches"})
_SHAPE = shape_of(SavedSearchRecord)


class SavedSearchListView(ApiView):
    """All saved searches of a profile."""

    permission_classes = [Scoped]
    scopes = {"GET": _READ, "POST": _WRITE}

    @extend_schema(
        operation_id="search_saved_searches_list",
        summary="List saved searches",
        parameters=[PageQuery],
        responses={200: page_of(_SHAPE), **problems(400, 403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the profile's saved searches, newest first."""
        asked, viewer = read_query(PageQuery, request.GET), _viewer(request)
        # A cursor of one person fits no other's list.
        list_name = f"search:saved:{viewer.profile_id}"
        page = list_saved_searches(viewer, after=decode_cursor(list_name, asked["cursor"]), limit=asked["limit"])
        cursor = encode_cursor(list_name, page.next_key) if page.next_key is not None else None
        response = json_response(page_body(page.items, cursor))
        if cursor is not None:
            response["Link"] = next_link(request, cursor)
        return response

    @extend_schema(
        operation_id="search_saved_searches_create",
        summary="Save a search",
        request=SavedSearchBody,
        responses={201: _SHAPE, **problems(400, 403, 409)},
        examples=[examples.SAVED_SEARCH],
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """
        Keep a search, and be told when something new matches: a title that came, or one that came within the filters.

        What matches now is no news. A search that finds more than 2,000 titles is kept and tells nothing
        (`is_too_broad`), and a constraint that would have to give way finds nothing. A profile keeps up to 50.
        """
        asked = read_body(SavedSearchBody, json_body(request))
        record = create_saved_search(_viewer(request), _members(asked), now=timezone.now())
        response = versioned_response(request, record, version=record.version, status=201)
        response["Location"] = f"{request.path}/{record.id}"
        return response


class SavedSearchView(ApiView):
    """One saved search."""

    permission_classes = [Scoped]
    scopes = {"GET": _READ, "PATCH": _WRITE, "DELETE": _WRITE}

    @extend_schema(
        operation_id="search_saved_searches_get",
        summary="Read a saved search",
        parameters=[_ID],
        responses={200: _SHAPE, **problems(403, 404)},
    )
    def get(self, request: Request, search_id: UUID) -> HttpResponse:
        """Read a saved search; the ETag is its version."""
        record = get_saved_search(_viewer(request), search_id)
        return versioned_response(request, record, version=record.version)

    @extend_schema(
        operation_id="search_saved_searches_update",
        summary="Change a saved search",
        parameters=[_ID],
        request=SavedSearchChange,
        responses={200: _SHAPE, **problems(400, 403, 404, 412)},
        examples=[examples.SAVED_SEARCH_CHANGE],
    )
    def patch(self, request: Request, search_id: UUID) -> HttpResponse:
        """Change a saved search; when that changes what it finds, what it finds then is no news."""
        asked = read_body(SavedSearchChange, json_body(request))
        record = change_saved_search(
            _viewer(request), search_id, _members(asked), check=version_check(request), now=timezone.now()
        )
        return versioned_response(request, record, version=record.version)

    @extend_schema(
        operation_id="search_saved_searches_delete",
        summary="Delete a saved search",
        parameters=[_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, search_id: UUID) -> HttpResponse:
        """Delete a saved search."""
        delete_saved_search(_viewer(request), search_id)
        return HttpResponse(status=204)


def _viewer(request: Request) -> Viewer:
    return get_viewer(require_principal(request))


def _members(asked: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a filter is unless it is given."""
    if "filters" in asked:
        asked["filters"] = {name: value for name, value in asked["filters"].items() if value is not False}
    return asked
