"""The history of a profile."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.playback.http.serializers import WatchPage, WatchShape
from apps.playback.http.views.base import READ_HISTORY, WRITE_HISTORY, ListAddress, PersonalView, viewer_of
from apps.playback.queries.history import get_watch, list_watches
from apps.playback.services.history import clear_history, delete_watch
from mediagateway.http.conditional import personal_response
from mediagateway.http.queries import PageQuery, read_query
from mediagateway.http.schema import problems

_CONTENT_ID = OpenApiParameter("content_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the title.")


class HistoryView(PersonalView):
    """What the profile has watched."""

    scopes = {"GET": READ_HISTORY, "DELETE": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_history_list",
        summary="List what was watched",
        parameters=[PageQuery],
        responses={200: WatchPage, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the history, newest first; a title that was watched twice stands there once."""
        asked, viewer = read_query(PageQuery, request.GET), viewer_of(request)
        address = ListAddress("history", asked, viewer)
        page = list_watches(viewer, now=timezone.now(), after=address.after, limit=address.limit)
        return address.answer(request, page)

    @extend_schema(
        operation_id="playback_history_delete",
        summary="Forget everything that was watched",
        request=None,
        responses={204: None, **problems(403)},
    )
    def delete(self, request: Request) -> HttpResponse:
        """Forget the whole history of the profile."""
        clear_history(viewer_of(request))
        return HttpResponse(status=204)


class WatchView(PersonalView):
    """One title that the profile has watched."""

    scopes = {"GET": READ_HISTORY, "DELETE": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_watch_get",
        summary="Read when a title was watched",
        parameters=[_CONTENT_ID],
        responses={200: WatchShape, **problems(403, 404)},
    )
    def get(self, request: Request, content_id: UUID) -> HttpResponse:
        """Read how far a title was watched, and when."""
        return personal_response(request, get_watch(viewer_of(request), content_id, now=timezone.now()))

    @extend_schema(
        operation_id="playback_watch_delete",
        summary="Forget that a title was watched",
        parameters=[_CONTENT_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, content_id: UUID) -> HttpResponse:
        """Forget a title of the history."""
        delete_watch(viewer_of(request), content_id)
        return HttpResponse(status=204)
