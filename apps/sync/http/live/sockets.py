"""The WebSocket: operations, commands and presence in both directions."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from rest_framework import serializers

from apps.sync.contracts import Activity, CommandStatus
from apps.sync.domain.changes import Kind
from apps.sync.domain.devices import HEARTBEAT_S, OFFLINE_AFTER_S
from apps.sync.domain.wire import read_operation
from apps.sync.http.live.asgi import Receive, Scope, Send, header, is_origin_allowed, query_value, subject_of
from apps.sync.http.live.connections import (
    FORBIDDEN,
    NOT_TEXT,
    SILENT,
    TOO_BIG,
    TOO_MANY,
    UNAUTHENTICATED,
    Connection,
    Ending,
)
from apps.sync.http.live.feed import MAX_MESSAGE_BYTES
from apps.sync.http.live.hub import Hub
from apps.sync.http.reading import read_operations
from apps.sync.http.scopes import check_may_write
from apps.sync.http.serializers.requests import AcknowledgementBody, HeartbeatBody
from apps.sync.metrics import MESSAGES
from apps.sync.queries.log import get_position
from apps.sync.services.commands import acknowledge_command
from apps.sync.services.delta import receive as receive_operations
from apps.sync.services.devices import record_heartbeat
from apps.sync.services.tickets import redeem_ticket
from mediagateway.errors import DomainError, InvalidInputError, UnavailableError
from mediagateway.http.errors import InsufficientScopeError, MalformedBodyError, RateLimitedError
from mediagateway.http.problem import field_errors
from mediagateway.http.queries import read_body
from mediagateway.limits.windows import MemoryWindows, Window

PATH = "/ws"
_KIND = "websocket"
#: Messages of one connection in any second.
_BURST = 20
#: In front of a ticket that comes as a subprotocol, for clients that keep it out of the address.
_TICKET_PROTOCOL = "ticket."
_PROTOCOL = "mediagateway.sync.v1"

_log = structlog.get_logger(__name__)


class SocketHandler:
    """Serves WebSocket connections."""

    def __init__(self, hub: Hub) -> None:
        """Share the hub; messages are counted by connection, and so in this process."""
        self._hub = hub
        self._windows = MemoryWindows()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a client in, if it may come, and stay until one of the two ends it."""
        await receive()  # websocket.connect
        opened = await self._open(scope)
        await send({"type": "websocket.accept", **_subprotocol(scope)})
        if isinstance(opened, Ending):
            await send({"type": "websocket.close", "code": opened.code, "reason": opened.reason})
            return
        self._hub.join(opened, _KIND)
        writer = asyncio.create_task(self._write(opened, send))
        reader = asyncio.create_task(self._read(opened, receive))
        try:
            await asyncio.wait((writer, reader), return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and not writer.done() and opened.ending is not None:
                await writer
        finally:
            self._hub.leave(opened, _KIND)
            for task in (writer, reader):
                task.cancel()
            # A client that has gone is how connections end.
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def _open(self, scope: Scope) -> Connection | Ending:
        """Look at the ticket, and find where in the log the client stands."""
        if not is_origin_allowed(header(scope, b"origin")):
            return FORBIDDEN
        if not await self._hub.is_admitted(PATH, subject_of(scope), None):
            return TOO_MANY
        try:
            viewer, device_id = await self._hub.run(redeem_ticket, _ticket(scope), timezone.now())
            at = await self._hub.run(get_position, viewer)
            if device_id is not None:
                await self._hub.run(
                    record_heartbeat, viewer, device_id, activity=None, content_id=None, now=timezone.now()
                )
        except DomainError:
            return UNAUTHENTICATED
        given = query_value(scope, "position")
        connection = Connection(viewer, device_id, int(given) if given.isascii() and given.isdigit() else at.position)
        hello = {
            "type": "hello",
            "position": at.position,
            "version": at.vector,
            "heartbeat_s": HEARTBEAT_S,
            "max_message_bytes": MAX_MESSAGE_BYTES,
        }
        connection.tell(orjson.dumps(hello))
        return connection

    async def _write(self, connection: Connection, send: Send) -> None:
        """Send what the connection is told; `send` waits for a client that does not read."""
        with suppress(OSError):
            while (message := await connection.next_message()) is not None:
                await send({"type": "websocket.send", "text": message.body.decode()})
                MESSAGES.labels("out").inc()
            ending = connection.ending or SILENT
            if ending.reason == "moved":
                await send({"type": "websocket.send", "text": '{"type":"moved"}'})
            await send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})

    async def _read(self, connection: Connection, receive: Receive) -> None:
        """Take messages one after the other; while one is worked on, the next waits in the client's socket."""
        while True:
            try:
                async with asyncio.timeout(OFFLINE_AFTER_S):
                    event = await receive()
            except TimeoutError:
                connection.end(SILENT)
                return
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text")
            if text is None:
                connection.end(NOT_TEXT)
                return
            if len(text.encode()) > MAX_MESSAGE_BYTES:
                connection.end(TOO_BIG)
                return
            MESSAGES.labels("in").inc()
            await self._take(connection, text)

    async def _take(self, connection: Connection, text: str) -> None:
        """Do what a message asks, and answer; what cannot be done is answered with a problem."""
        ref: Any = None
        try:
            (use,) = self._windows.hit([Window(str(id(connection)), _BURST, 1)])
            if not use.is_allowed:
                raise RateLimitedError(f"At most {_BURST} messages in any second here.")
            message = _parse(text)
            ref = message.pop("ref", None)
            answer = await self._answer(connection, str(message.pop("type", "")), message)
        except DomainError as err:
            answer = _problem(err)
        except (DatabaseError, InterfaceError) as err:
            _log.warning("live.database_failed", error=repr(err))
            answer = _problem(UnavailableError("The database does not answer; try again shortly."))
        connection.tell(orjson.dumps(answer | ({} if ref is None else {"ref": ref}), option=orjson.OPT_UTC_Z))

    async def _answer(self, connection: Connection, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        """Do what one kind of message asks."""
        if kind == "ping":
            await self._beat(connection, {})
            return {"type": "pong"}
        if kind == "heartbeat":
            await self._beat(connection, read_body(HeartbeatBody, message))
            return {"type": "pong"}
        if kind == "operations":
            return await self._take_operations(connection, message)
        if kind == "acknowledge":
            return await self._acknowledge(connection, message)
        raise InvalidInputError("Messages are of type ping, heartbeat, operations or acknowledge.")

    async def _beat(self, connection: Connection, asked: Mapping[str, Any]) -> None:
        """Note that the device is there."""
        if connection.device_id is None:
            return
        activity = Activity(asked["activity"]) if "activity" in asked else None
        await self._hub.run(
            record_heartbeat,
            connection.viewer,
            connection.device_id,
            activity=activity,
            content_id=asked.get("content_id"),
            now=timezone.now(),
        )

    async def _take_operations(self, connection: Connection, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take operations as `POST /sync/delta` does; what others wrote comes by itself."""
        device_id = _device_of(connection)
        try:
            bodies = read_operations(message.get("operations"))
        except serializers.ValidationError as err:
            raise InvalidInputError("An operation is not of its form.", field_errors(err.detail)) from err
        check_may_write(connection.viewer.principal, (Kind(body["type"]) for body in bodies))
        if any(body["stamp"][19:] != str(device_id) for body in bodies):
            raise InvalidInputError("A stamp was made by another device.")
        operations = [read_operation(body, origin=str(device_id)) for body in bodies]
        answers = await self._hub.run(receive_operations, connection.viewer, device_id, operations, now=timezone.now())
        # Without waiting for the database to be looked at.
        self._hub.wake(connection.viewer.profile_id)
        return {"type": "answers", "answers": answers}

    async def _acknowledge(self, connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
        """Say how far the device has come with what it was asked."""
        device_id = _device_of(connection)
        try:
            command_id = UUID(str(message.pop("command_id", "")))
        except ValueError as err:
            raise InvalidInputError("command_id is not a UUID.") from err
        asked = read_body(AcknowledgementBody, message)
        command = await self._hub.run(
            acknowledge_command,
            connection.viewer,
            device_id,
            command_id,
            status=CommandStatus(asked["status"]),
            error=asked["error"],
            now=timezone.now(),
        )
        self._hub.wake(connection.viewer.profile_id)
        return {"type": "acknowledged", "command": command}


def _device_of(connection: Connection) -> UUID:
    """Name the device of a connection, which writes as that device and no other."""
    if connection.device_id is None:
        raise InvalidInputError("This connection is no device's: its ticket was issued without a device_id.")
    if not connection.viewer.principal.has_scopes(frozenset({"read:devices"})):
        raise InsufficientScopeError(frozenset({"read:devices"}))
    return connection.device_id


def _parse(text: str) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as err:
        raise MalformedBodyError("This is not JSON.") from err
    if not isinstance(message, dict):
        raise MalformedBodyError("A message is an object.")
    return message


def _problem(error: DomainError) -> dict[str, Any]:
    """Write a problem as HTTP answers it, less what belongs to HTTP."""
    errors = getattr(error, "errors", ())
    return {
        "type": "problem",
        "code": error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "errors": [{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in errors],
    }


def _ticket(scope: Scope) -> str:
    """Find the ticket: in the address, or among the subprotocols."""
    offered = [name for name in scope.get("subprotocols", ()) if name.startswith(_TICKET_PROTOCOL)]
    return offered[0].removeprefix(_TICKET_PROTOCOL) if offered else query_value(scope, "ticket")


def _subprotocol(scope: Scope) -> dict[str, str]:
    """Choose our subprotocol, if the client offers it: a browser that has offered some wants one chosen."""
    return {"subprotocol": _PROTOCOL} if _PROTOCOL in scope.get("subprotocols", ()) else {}
