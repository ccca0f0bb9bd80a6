"""Remote control: one device of a person asks another."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.playback.http import examples
from apps.playback.http.serializers import CommandShape, ControlBody
from apps.playback.http.views.base import PersonalView, viewer_of
from apps.playback.services.control import control
from apps.sync.contracts import CommandDraft, CommandType
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body


class ControlView(PersonalView):
    """What another device is asked to do."""

    scopes = {"POST": frozenset({"playback:control"})}

    @extend_schema(
        operation_id="playback_command_send",
        summary="Control playback on another device",
        request=ControlBody,
        responses={202: CommandShape, **problems(403, 404, 409)},
        examples=[examples.CONTROL],
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """
        Ask a device of the same profile to do something now; it hears of it through the live channel.

        The answer says that the command was sent, not that it was obeyed; `Location` tells what became of it.
        """
        asked = read_body(ControlBody, json_body(request))
        draft = CommandDraft(
            type=CommandType(asked["command"]),
            arguments=asked.get("arguments", {}),
            source_device_id=asked.get("source_device_id"),
            ttl_s=asked["ttl_s"],
        )
        command = control(viewer_of(request), asked["device_id"], draft, now=timezone.now())
        response = json_response(command, status=202)
        response["Location"] = f"/api/v1/sync/devices/{command.target_device_id}/commands/{command.id}"
        return response
