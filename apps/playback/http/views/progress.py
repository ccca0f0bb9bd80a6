"""Where somebody stopped, and what to go on with."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.playback.contracts import PlaybackState, ProgressReport
from apps.playback.http import examples
from apps.playback.http.serializers import ContinuePage, ProgressBody, ProgressShape
from apps.playback.http.views.base import READ_HISTORY, WRITE_HISTORY, ListAddress, PersonalView, viewer_of
from apps.playback.queries.continuing import list_continue_watching
from apps.playback.services.progress import hide_from_continuing, report_progress
from mediagateway.http.conditional import json_response
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

_CONTENT_ID = OpenApiParameter("content_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the title.")


class ContinueListView(PersonalView):
    """What somebody is in the middle of."""

    scopes = {"GET": READ_HISTORY}

    @extend_schema(
        operation_id="playback_continue_list",
        summary="List what to go on with",
        parameters=[PageQuery],
        responses={200: ContinuePage, **problems(403)},
        examples=[examples.CONTINUE_PAGE],
    )
    def get(self, request: Request) -> HttpResponse:
        """
        List films that were left between 30 seconds and 95 %, and of each series the episode to go on with.

        That is the episode that was left last, or the next one once it is watched to the end. The last watched first.
        """
        asked, viewer = read_query(PageQuery, request.GET), viewer_of(request)
        address = ListAddress("continue", asked, viewer)
        after = (str(address.after[0]), str(address.after[1])) if address.after else None
        page = list_continue_watching(viewer, now=timezone.now(), after=after, limit=address.limit)
        return address.answer(request, page)


class ContinueView(PersonalView):
    """One title that somebody is in the middle of."""

    scopes = {"DELETE": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_continue_delete",
        summary="Take a title off what to go on with",
        parameters=[_CONTENT_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, content_id: UUID) -> HttpResponse:
        """Hide a film, or the series of an episode, until more of it is watched; the history keeps it."""
        hide_from_continuing(viewer_of(request), content_id, now=timezone.now())
        return HttpResponse(status=204)


class ProgressView(PersonalView):
    """Where somebody is in a title, told without a session."""

    scopes = {"POST": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_progress_record",
        summary="Record where somebody is",
        request=ProgressBody,
        responses={200: ProgressShape, **problems(403, 404)},
        examples=[examples.PROGRESS, examples.PROGRESS_TAKEN],
    )
    def post(self, request: Request) -> HttpResponse:
        """Record a position, for players that keep no session; every device of the profile hears of it."""
        asked, now = read_body(ProgressBody, json_body(request)), timezone.now()
        report = ProgressReport(
            content_id=asked["content_id"],
            position_s=asked["position_s"],
            duration_s=asked["duration_s"],
            state=PlaybackState(asked["state"]),
            observed_at=asked.get("observed_at", now),
            device_id=asked.get("device_id"),
            session_id=asked.get("session_id"),
        )
        return json_response(report_progress(viewer_of(request), report, now=now))
