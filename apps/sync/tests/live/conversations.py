"""Talking to the live application without a server: an ASGI client for tests."""

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from apps.sync.http.live.application import LiveApplication

#: Seconds to wait for a message that must come.
PATIENCE_S = 20


async def no_django(scope, receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Talk:
    """One connection of a client."""

    def __init__(self, app, scope):
        self._sent: asyncio.Queue[Any] = asyncio.Queue()
        self._received: asyncio.Queue[Any] = asyncio.Queue()
        self._task = asyncio.create_task(app(scope, self._received.get, self._sent.put))

    async def event(self):
        return await asyncio.wait_for(self._sent.get(), PATIENCE_S)

    def put(self, **event):
        self._received.put_nowait(event)

    def say(self, kind, **message):
        self.put(type="websocket.receive", text=json.dumps({"type": kind, **message}))

    async def hear(self, *kinds):
        """Wait for a message of one of these types; what comes before it is not of interest."""
        while True:
            event = await self.event()
            if event["type"] == "websocket.close":
                assert "close" in kinds, event
                return event
            if event["type"] == "websocket.send":
                message = json.loads(event["text"])
                assert len(event["text"].encode()) <= 32 * 1024
                if message["type"] in kinds:
                    return message

    async def hear_event(self, *kinds):
        """The same on a stream: the event's fields."""
        while True:
            event = await self.event()
            lines = event.get("body", b"").decode().split("\n")
            fields = dict(line.split(": ", 1) for line in lines if ": " in line)
            if fields.get("event") in kinds:
                return fields

    async def leave(self):
        self.put(type="websocket.disconnect", code=1000)
        self.put(type="http.disconnect")
        await asyncio.wait_for(self._task, PATIENCE_S)


class Live:
    """The live application in this event loop."""

    def __init__(self):
        self._app = LiveApplication(no_django)
        self._talks = []

    def open(self, kind, url, *, headers=(), **scope):
        split = urlsplit(url)
        talk = Talk(
            self._app,
            {
                "type": kind,
                "path": split.path,
                "query_string": split.query.encode(),
                "headers": [(name.encode(), value.encode()) for name, value in headers],
                "client": ("203.0.113.7", 50000),
                "method": "GET",
                "subprotocols": [],
                **scope,
            },
        )
        self._talks.append(talk)
        return talk

    async def socket(self, url, **scope):
        """Open a WebSocket, and give it with its greeting."""
        talk = self.open("websocket", url, **scope)
        talk.put(type="websocket.connect")
        assert (await talk.event())["type"] == "websocket.accept"
        return talk, await talk.hear("hello", "close")

    async def close(self):
        for talk in self._talks:
            await talk.leave()
        lifespan = Talk(self._app, {"type": "lifespan"})
        lifespan.put(type="lifespan.startup")
        lifespan.put(type="lifespan.shutdown")
        kinds = [(await lifespan.event())["type"] for _ in range(2)]
        assert kinds == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@asynccontextmanager
async def live():
    """Run the application until the end of the test."""
    running = Live()
    try:
        yield running
    finally:
        await running.close()


def converse(scenario):
    """Play a scenario, an async function of the application, in a loop of its own."""

    async def play():
        async with live() as running:
            await scenario(running)

    asyncio.run(play())
