"""Devices, that they are there, and what one asks of another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.sync.contracts import Activity, CommandDraft, CommandStatus, CommandType
from apps.sync.domain.devices import HEARTBEAT_S, OFFLINE_AFTER_S
from apps.sync.http.serializers.answers import CommandList, CommandShape, DeviceList, DeviceShape, HeartbeatAnswer
from apps.sync.http.serializers.requests import (
    AcknowledgementBody,
    CommandBody,
    DeviceChangeBody,
    HandoffBody,
    HeartbeatBody,
    NewDeviceBody,
)
from apps.sync.http.views.base import PersonalView, viewer_of
from apps.sync.queries.devices import get_command, get_device, list_commands, list_devices
from apps.sync.services.commands import acknowledge_command, send_command
from apps.sync.services.devices import hand_off, record_heartbeat, register_device, remove_device, update_device
from mediagateway.http.conditional import json_response, personal_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

_READ = frozenset({"read:devices"})
_WRITE = frozenset({"write:devices"})
_CONTROL = frozenset({"playback:control"})
_DEVICE_ID = OpenApiParameter("device_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the device.")
_COMMAND_ID = OpenApiParameter("command_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the command.")


class DeviceListView(PersonalView):
    """A person's devices."""

    scopes = {"GET": _READ, "POST": _WRITE}

    @extend_schema(
        operation_id="sync_device_list",
        summary="List devices",
        responses={200: DeviceList, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the devices of the profile, the first registered first; there are ten at most."""
        return json_response({"items": list_devices(viewer_of(request), timezone.now())})

    @extend_schema(
        operation_id="sync_device_register",
        summary="Register a device",
        request=NewDeviceBody,
        responses={201: DeviceShape, **problems(403, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Register an installation of an app; its id is the origin of its operations."""
        fields = read_body(NewDeviceBody, json_body(request))
        device = register_device(viewer_of(request), fields, timezone.now())
        response = json_response(device, status=201)
        response["Location"] = f"{request.path}/{device.id}"
        return response


class DeviceView(PersonalView):
    """One device."""

    scopes = {"GET": _READ, "PATCH": _WRITE, "DELETE": _WRITE}

    @extend_schema(
        operation_id="sync_device_get",
        summary="Read a device",
        parameters=[_DEVICE_ID],
        responses={200: DeviceShape, **problems(403, 404)},
    )
    def get(self, request: Request, device_id: UUID) -> HttpResponse:
        """Read a device and whether it is there."""
        return personal_response(request, get_device(viewer_of(request), device_id, timezone.now()))

    @extend_schema(
        operation_id="sync_device_update",
        summary="Change a device",
        parameters=[_DEVICE_ID],
        request=DeviceChangeBody,
        responses={200: DeviceShape, **problems(403, 404)},
    )
    def patch(self, request: Request, device_id: UUID) -> HttpResponse:
        """Change its name, its version, or what it can do."""
        fields = read_body(DeviceChangeBody, json_body(request))
        return json_response(update_device(viewer_of(request), device_id, fields, timezone.now()))

    @extend_schema(
        operation_id="sync_device_remove",
        summary="Remove a device",
        parameters=[_DEVICE_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, device_id: UUID) -> HttpResponse:
        """Remove a device; what it wrote stays."""
        remove_device(viewer_of(request), device_id)
        return HttpResponse(status=204)


class HeartbeatView(PersonalView):
    """That a device is there."""

    scopes = {"POST": _WRITE}

    @extend_schema(
        operation_id="sync_device_heartbeat",
        summary="Say that a device is there",
        parameters=[_DEVICE_ID],
        request=HeartbeatBody,
        responses={200: HeartbeatAnswer, **problems(403, 404)},
    )
    def post(self, request: Request, device_id: UUID) -> HttpResponse:
        """Call every 30 seconds; after 60 of silence a device counts as gone. A live connection counts as a call."""
        asked, viewer, now = read_body(HeartbeatBody, json_body(request)), viewer_of(request), timezone.now()
        activity = Activity(asked["activity"]) if "activity" in asked else None
        device = record_heartbeat(viewer, device_id, activity=activity, content_id=asked.get("content_id"), now=now)
        body: dict[str, Any] = {
            "device": device,
            "commands": list_commands(viewer, device_id, now),
            "heartbeat_s": HEARTBEAT_S,
            "offline_after_s": OFFLINE_AFTER_S,
        }
        return json_response(body)


class HandoffView(PersonalView):
    """Going on with a title on another device."""

    scopes = {"POST": _CONTROL}

    @extend_schema(
        operation_id="sync_device_handoff",
        summary="Go on watching on another device",
        request=HandoffBody,
        responses={202: CommandShape, **problems(403, 404, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Ask another device to load a title where it stands."""
        asked = read_body(HandoffBody, json_body(request))
        command = hand_off(
            viewer_of(request),
            asked["target_device_id"],
            asked["content_id"],
            source_device_id=asked.get("source_device_id"),
            now=timezone.now(),
        )
        response = json_response(command, status=202)
        response["Location"] = f"/api/v1/sync/devices/{command.target_device_id}/commands/{command.id}"
        return response


class CommandListView(PersonalView):
    """What a device is asked."""

    scopes = {"GET": _READ, "POST": _CONTROL}

    @extend_schema(
        operation_id="sync_command_list",
        summary="List what a device must still obey",
        parameters=[_DEVICE_ID],
        responses={200: CommandList, **problems(403, 404)},
    )
    def get(self, request: Request, device_id: UUID) -> HttpResponse:
        """List commands that have neither been acknowledged nor expired, the oldest first."""
        return json_response({"items": list_commands(viewer_of(request), device_id, timezone.now())})

    @extend_schema(
        operation_id="sync_command_send",
        summary="Ask a device to do something",
        parameters=[_DEVICE_ID],
        request=CommandBody,
        responses={202: CommandShape, **problems(403, 404, 409)},
    )
    @idempotent
    def post(self, request: Request, device_id: UUID) -> HttpResponse:
        """Ask one of the person's devices to do something within five seconds, or not at all."""
        asked = read_body(CommandBody, json_body(request))
        draft = CommandDraft(
            CommandType(asked["type"]), asked["arguments"], asked.get("source_device_id"), asked["ttl_s"]
        )
        command = send_command(viewer_of(request), device_id, draft, timezone.now())
        response = json_response(command, status=202)
        response["Location"] = f"{request.path}/{command.id}"
        return response


class CommandView(PersonalView):
    """One command."""

    scopes = {"GET": _READ, "POST": _WRITE}

    @extend_schema(
        operation_id="sync_command_get",
        summary="See how far a command has come",
        parameters=[_DEVICE_ID, _COMMAND_ID],
        responses={200: CommandShape, **problems(403, 404)},
    )
    def get(self, request: Request, device_id: UUID, command_id: UUID) -> HttpResponse:
        """Read a command; it can be asked about for half a minute."""
        return personal_response(request, get_command(viewer_of(request), device_id, command_id))

    @extend_schema(
        operation_id="sync_command_acknowledge",
        summary="Say how far a command has come",
        parameters=[_DEVICE_ID, _COMMAND_ID],
        request=AcknowledgementBody,
        responses={200: CommandShape, **problems(403, 404, 409)},
    )
    def post(self, request: Request, device_id: UUID, command_id: UUID) -> HttpResponse:
        """Acknowledge a command as the device that was asked: received, completed or failed."""
        asked = read_body(AcknowledgementBody, json_body(request))
        now: datetime = timezone.now()
        command = acknowledge_command(
            viewer_of(request),
            device_id,
            command_id,
            status=CommandStatus(asked["status"]),
            error=asked["error"],
            now=now,
        )
        return json_response(command)
