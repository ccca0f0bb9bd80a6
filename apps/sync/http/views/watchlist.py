"""The watchlist with its titles."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.sync.http.serializers.answers import WatchlistItemShape, WatchlistPage
from apps.sync.http.serializers.requests import WatchlistAdditionBody
from apps.sync.http.views.base import PersonalView, viewer_of
from apps.sync.queries.watchlist import describe_item, list_watchlist_page
from apps.sync.services.lists import add_to_watchlist, remove_from_watchlist
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

_READ = frozenset({"read:watchlist"})
_WRITE = frozenset({"write:watchlist"})
_CONTENT_ID = OpenApiParameter("content_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the title.")


class WatchlistView(PersonalView):
    """What the profile wants to watch."""

    scopes = {"GET": _READ, "POST": _WRITE}

    @extend_schema(
        operation_id="sync_watchlist_list",
        summary="List the watchlist",
        parameters=[PageQuery],
        responses={200: WatchlistPage, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the watchlist, newest first."""
        asked, viewer = read_query(PageQuery, request.GET), viewer_of(request)
        # A cursor of one person fits no other's list.
        list_name = f"sync:watchlist:{viewer.profile_id}"
        page = list_watchlist_page(
            viewer, after=decode_cursor(list_name, asked["cursor"]), limit=asked["limit"], now=timezone.now()
        )
        next_cursor = encode_cursor(list_name, page.next_key) if page.next_key else None
        response = json_response(page_body(page.items, next_cursor))
        if next_cursor:
            response["Link"] = next_link(request, next_cursor)
        return response

    @extend_schema(
        operation_id="sync_watchlist_add",
        summary="Put a title on the watchlist",
        request=WatchlistAdditionBody,
        responses={200: WatchlistItemShape, 201: WatchlistItemShape, **problems(403, 404, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Put a title on the watchlist: 201, or 200 when it was there before."""
        content_id = read_body(WatchlistAdditionBody, json_body(request))["content_id"]
        viewer, now = viewer_of(request), timezone.now()
        item = add_to_watchlist(viewer, content_id, now)
        response = json_response(describe_item(viewer, item, now=now), status=201 if item.operation_id else 200)
        response["Location"] = f"{request.path}/{item.content_id}"
        return response


class WatchlistItemView(PersonalView):
    """One title on the watchlist."""

    scopes = {"DELETE": _WRITE}

    @extend_schema(
        operation_id="sync_watchlist_remove",
        summary="Take a title off the watchlist",
        parameters=[_CONTENT_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, content_id: UUID) -> HttpResponse:
        """Take a title off the watchlist, on all devices."""
        remove_from_watchlist(viewer_of(request), content_id, timezone.now())
        return HttpResponse(status=204)
