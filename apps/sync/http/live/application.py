"""The ASGI application of the live group: live connections here, everything else by Django."""

from apps.sync.http.live import sockets, streams
from apps.sync.http.live.asgi import Application, Receive, Scope, Send
from apps.sync.http.live.hub import Hub


class LiveApplication:
    """Routes by protocol and path; `settings.LIVE_APPLICATION` names it."""

    def __init__(self, django: Application) -> None:
        """Wrap Django, which answers the probes."""
        self._django = django
        self._hub = Hub()
        self._socket, self._stream = sockets.SocketHandler(self._hub), streams.StreamHandler(self._hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection or request."""
        if scope["type"] == "websocket":
            if scope["path"] == sockets.PATH:
                await self._socket(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and scope["path"] == streams.PATH:
            await self._stream(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._django(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the worker process."""
        await receive()  # lifespan.startup
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        await self._hub.close()
        await send({"type": "lifespan.shutdown.complete"})
