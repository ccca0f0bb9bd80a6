"""The way to the live channel, which another process group serves."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.sync import conf
from apps.sync.http.serializers.answers import TicketAnswer
from apps.sync.http.serializers.requests import TicketBody
from apps.sync.http.views.base import READ_ALL, PersonalView, viewer_of
from apps.sync.services.tickets import LIFETIME_S, issue_ticket
from mediagateway.http.conditional import json_response
from mediagateway.http.errors import MisdirectedError
from mediagateway.http.problem import problem_response
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body

EVENTS_PATH = "/api/v1/sync/events"
SOCKET_PATH = "/ws"


class EventStreamRenderer(BaseRenderer):
    """Says in content negotiation that a path is a stream of events; the live group writes it."""

    media_type = "text/event-stream"
    format = "event-stream"
    charset = None
    render_style = "binary"


class TicketView(PersonalView):
    """What lets a live connection in."""

    scopes = {"POST": READ_ALL}

    @extend_schema(
        operation_id="sync_ticket_issue",
        summary="Get a ticket for the live channel",
        request=TicketBody,
        responses={200: TicketAnswer, **problems(403, 404)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Get a ticket for one connection within 30 seconds, and where to connect."""
        device_id = read_body(TicketBody, json_body(request)).get("device_id")
        ticket = issue_ticket(viewer_of(request), device_id, timezone.now())
        live = conf.live_url()
        body = {
            "ticket": ticket,
            "expires_in_s": LIFETIME_S,
            "ws_url": f"{live.replace('http', 'ws', 1)}{SOCKET_PATH}?ticket={ticket}",
            "events_url": f"{live}{EVENTS_PATH}?ticket={ticket}",
        }
        return json_response(body)


class EventStreamView(ApiView):
    """Server-sent events, which only the live group serves."""

    renderer_classes = [EventStreamRenderer]

    @extend_schema(
        operation_id="sync_event_stream",
        summary="Follow one's lists as server-sent events",
        responses={(200, "text/event-stream"): OpenApiTypes.STR, **problems(421)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Follow operations as they come, by ticket or token, from `Last-Event-ID` on; elsewhere than here."""
        return _elsewhere(request, EVENTS_PATH)


class SocketView(ApiView):
    """The WebSocket, which only the live group serves."""

    @extend_schema(
        operation_id="sync_socket_open",
        summary="Open the live channel as a WebSocket",
        responses={101: None, **problems(421)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Exchange operations, commands and presence both ways, by ticket; elsewhere than here."""
        return _elsewhere(request, SOCKET_PATH)


def _elsewhere(request: Request, path: str) -> HttpResponse:
    """Say where."""
    url = f"{conf.live_url()}{path}"
    if path == SOCKET_PATH:
        url = url.replace("http", "ws", 1)
    error = MisdirectedError(f"Connect to {url}; POST /api/v1/sync/ticket gives the address with a ticket.")
    return problem_response(request, error, headers={"Link": f'<{url}>; rel="alternate"'})
