"""Server-sent events: the same messages, one way, for clients that want no WebSocket."""

import asyncio
from contextlib import suppress
from uuid import UUID

import orjson
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.sync.domain.devices import HEARTBEAT_S
from apps.sync.http.live.asgi import (
    Receive,
    Scope,
    Send,
    header,
    query_value,
    response_headers,
    send_problem,
    subject_of,
)
from apps.sync.http.live.connections import MOVED, TOO_MANY, Connection
from apps.sync.http.live.hub import Hub
from apps.sync.http.views.base import READ_ALL
from apps.sync.metrics import MESSAGES
from apps.sync.queries.log import get_position
from apps.sync.services.devices import record_heartbeat
from apps.sync.services.tickets import redeem_ticket
from apps.user import api as user
from mediagateway import lifecycle
from mediagateway.errors import DomainError, UnauthenticatedError, UnavailableError
from mediagateway.http.errors import InsufficientScopeError, InvalidTokenError, MethodNotAllowedError, RateLimitedError
from mediagateway.ownership import Viewer
from mediagateway.principal import Principal

PATH = "/api/v1/sync/events"
_KIND = "sse"
#: Seconds of silence before a comment is sent, so that nobody in between takes the stream for dead.
_PING_S = 15.0


class StreamHandler:
    """Serves streams of events."""

    def __init__(self, hub: Hub) -> None:
        """Share the hub."""
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a client in, if it may come, and stay until one of the two ends it."""
        try:
            connection = await self._open(scope)
        except DomainError as err:
            await send_problem(scope, send, err)
            return
        self._hub.join(connection, _KIND)
        if connection.ending is TOO_MANY:
            self._hub.leave(connection, _KIND)
            await send_problem(scope, send, RateLimitedError("There are too many connections of this profile."))
            return
        extra = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        await send({"type": "http.response.start", "status": 200, "headers": response_headers(scope, extra)})
        writer = asyncio.create_task(self._write(connection, send))
        gone = asyncio.create_task(_wait_for_end(receive))
        try:
            await asyncio.wait((writer, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(connection, _KIND)
            for task in (writer, gone):
                task.cancel()
            # A client that has gone is how streams end.
            await asyncio.gather(writer, gone, return_exceptions=True)

    async def _open(self, scope: Scope) -> Connection:
        """Find whose stream it is, and from where it goes on."""
        if scope["method"] != "GET":
            raise MethodNotAllowedError(f"{scope['method']} is not possible here.")
        if lifecycle.is_draining():
            raise UnavailableError("This process stops; connect again.")
        if not await self._hub.is_admitted(PATH, subject_of(scope), None):
            raise RateLimitedError("Too many connections from here.")
        viewer, device_id = await self._identify(scope)
        at = await self._hub.run(get_position, viewer)
        given = header(scope, b"last-event-id") or query_value(scope, "last_event_id")
        connection = Connection(viewer, device_id, int(given) if given.isascii() and given.isdigit() else at.position)
        await self._beat(connection)
        connection.tell(orjson.dumps({"type": "hello", "position": at.position, "version": at.vector}))
        return connection

    async def _identify(self, scope: Scope) -> tuple[Viewer, UUID | None]:
        """Find the person by ticket or by token."""
        if ticket := query_value(scope, "ticket"):
            return await self._hub.run(redeem_ticket, ticket, timezone.now())
        scheme, _, token = header(scope, b"authorization").partition(" ")
        if scheme.lower() != "bearer":
            raise UnauthenticatedError("This needs a ticket or an access token.")
        verify = import_string(settings.TOKEN_VERIFIER)
        principal: Principal | None = await self._hub.run(verify, token.strip())
        if principal is None:
            raise InvalidTokenError("The Authorization header holds no valid bearer token.")
        if not principal.has_scopes(READ_ALL):
            raise InsufficientScopeError(READ_ALL)
        return await self._hub.run(user.get_viewer, principal), None

    async def _write(self, connection: Connection, send: Send) -> None:
        """Send what the connection is told, and a comment in silence; `send` waits for a client that does not read."""
        with suppress(OSError):
            silent_s = 0.0
            while True:
                try:
                    async with asyncio.timeout(_PING_S):
                        message = await connection.next_message()
                except TimeoutError:
                    silent_s += _PING_S
                    if silent_s >= HEARTBEAT_S:
                        silent_s = 0.0
                        await self._beat(connection)
                    await _send(send, b": ping\n\n")
                    continue
                if message is None:
                    break
                kind = orjson.loads(message.body)["type"]
                at = b"" if message.position is None else b"id: %d\n" % message.position
                await _send(send, b"event: %b\n%bdata: %b\n\n" % (kind.encode(), at, message.body))
                MESSAGES.labels("out").inc()
            if connection.ending is MOVED:
                await _send(send, b'event: moved\nretry: 1000\ndata: {"type":"moved"}\n\n')
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _beat(self, connection: Connection) -> None:
        """An open stream says that its device is there; one that was removed meanwhile is not."""
        if connection.device_id is None:
            return
        with suppress(DomainError):
            await self._hub.run(
                record_heartbeat,
                connection.viewer,
                connection.device_id,
                activity=None,
                content_id=None,
                now=timezone.now(),
            )


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _wait_for_end(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
