"""Sessions: from play to stop."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.playback.contracts import PlaybackState, SessionDraft
from apps.playback.http import examples
from apps.playback.http.serializers import (
    PositionBody,
    PositionShape,
    SessionBody,
    SessionPage,
    SessionQuery,
    SessionShape,
    StartedSessionShape,
)
from apps.playback.http.views.base import READ_HISTORY, WRITE_HISTORY, ListAddress, PersonalView, viewer_of
from apps.playback.queries.sessions import get_session, list_sessions
from apps.playback.services.sessions import PositionReport, beat, end_session, report_position, start_session
from mediagateway.http.conditional import json_response, personal_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

_SESSION_ID = OpenApiParameter("session_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the session.")


class SessionListView(PersonalView):
    """What somebody plays."""

    scopes = {"GET": READ_HISTORY, "POST": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_session_list",
        summary="List playback sessions",
        parameters=[SessionQuery],
        responses={200: SessionPage, **problems(403)},
        examples=[examples.SESSION_PAGE],
    )
    def get(self, request: Request) -> HttpResponse:
        """List the profile's sessions of the last day, newest first."""
        asked, viewer = read_query(SessionQuery, request.GET), viewer_of(request)
        address = ListAddress("sessions", asked, viewer)
        page = list_sessions(
            viewer, is_live=asked.get("is_live"), now=timezone.now(), after=address.after, limit=address.limit
        )
        return address.answer(request, page)

    @extend_schema(
        operation_id="playback_session_create",
        summary="Start to play a title",
        request=SessionBody,
        responses={201: StartedSessionShape, **problems(403, 404, 409)},
        examples=[examples.START, examples.STARTED],
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """
        Start a session where the viewer stopped.

        A title that was left before 30 seconds or after 95 % starts from the beginning. What the same device still
        played ends. A household may have as many streams at once as its tier allows: 2, with premium 4, with
        enterprise 20; one that nobody has heard of for 90 seconds does not count.
        """
        asked = read_body(SessionBody, json_body(request))
        draft = SessionDraft(
            content_id=asked["content_id"],
            device_id=asked.get("device_id"),
            platform=asked.get("platform", ""),
            duration_s=asked.get("duration_s"),
        )
        started = start_session(viewer_of(request), draft, now=timezone.now())
        response = json_response(started, status=201)
        response["Location"] = f"{request.path}/{started.session.id}"
        return response


class SessionView(PersonalView):
    """One session."""

    scopes = {"GET": READ_HISTORY, "DELETE": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_session_get",
        summary="Read a playback session",
        parameters=[_SESSION_ID],
        responses={200: SessionShape, **problems(403, 404)},
        examples=[examples.SESSION],
    )
    def get(self, request: Request, session_id: UUID) -> HttpResponse:
        """Read a session."""
        return personal_response(request, get_session(viewer_of(request), session_id, now=timezone.now()))

    @extend_schema(
        operation_id="playback_session_delete",
        summary="Stop a playback session",
        parameters=[_SESSION_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, session_id: UUID) -> HttpResponse:
        """Stop a session; what was watched stays in the history."""
        end_session(viewer_of(request), session_id, now=timezone.now())
        return HttpResponse(status=204)


class PositionView(PersonalView):
    """Where a session is."""

    scopes = {"PATCH": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_position_update",
        summary="Report where a player is",
        parameters=[_SESSION_ID],
        request=PositionBody,
        responses={200: PositionShape, **problems(403, 404, 409)},
        examples=[examples.POSITION, examples.SETTLED],
    )
    def patch(self, request: Request, session_id: UUID) -> HttpResponse:
        """
        Report a position, every 10 seconds or so and at each pause, jump and stop.

        Time stamps settle what holds: a report that is older than the one before arrived late, changes nothing and is
        answered as `stale`; a newer one that lies before it is `rewound`. Up to 5 seconds beyond the end count as the
        end, more is refused.
        """
        asked, now = read_body(PositionBody, json_body(request)), timezone.now()
        report = PositionReport(
            position_s=asked["position_s"],
            observed_at=asked.get("observed_at", now),
            state=PlaybackState(asked["state"]) if "state" in asked else None,
            duration_s=asked.get("duration_s"),
        )
        return json_response(report_position(viewer_of(request), session_id, report, now=now))


class HeartbeatView(PersonalView):
    """Whether a session goes on."""

    scopes = {"POST": WRITE_HISTORY}

    @extend_schema(
        operation_id="playback_heartbeat_create",
        summary="Say that a session goes on",
        parameters=[_SESSION_ID],
        request=None,
        responses={200: SessionShape, **problems(403, 404, 409)},
        examples=[examples.SESSION],
    )
    def post(self, request: Request, session_id: UUID) -> HttpResponse:
        """
        Say that a session goes on, every 30 seconds while nothing else is reported.

        403 `viewing_window_closed` tells a child's player to stop, 409 one whose place among the household's streams
        was taken while it was silent.
        """
        return json_response(beat(viewer_of(request), session_id, now=timezone.now()))
