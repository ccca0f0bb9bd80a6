"""One live connection, seen from what it has to be told."""

import asyncio
import time
from dataclasses import dataclass, field
from uuid import UUID

from apps.sync.http.live.feed import Feed, command_messages, pack_operations
from mediagateway.ownership import Viewer

#: Messages that may wait for a client; one that reads no faster is told to come again from where it was.
_QUEUE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a connection ends: a WebSocket close code and a word for it."""

    code: int
    reason: str


#: The server stops or has had the connection for long; a new ticket leads to another.
MOVED = Ending(1012, "moved")
SLOW = Ending(1013, "too slow")
TOO_BIG = Ending(1009, "too big")
NOT_TEXT = Ending(1003, "text only")
UNAUTHENTICATED = Ending(4401, "unauthenticated")
FORBIDDEN = Ending(4403, "forbidden")
SILENT = Ending(4408, "silent")
TOO_MANY = Ending(4429, "too many")


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way; `position` is set on those that move the reader along the log."""

    body: bytes
    position: int | None = None


@dataclass(eq=False, slots=True)
class Connection:
    """
    A connection of one person.

    Attributes:
        viewer: Whose.
        device_id: Of which device, if it is one.
        position: Up to where in the log it has been told everything.
        opened: By the monotonic clock.
        ending: Why it is to end, once it is.
    """

    viewer: Viewer
    device_id: UUID | None
    position: int
    opened: float = field(default_factory=time.monotonic)
    ending: Ending | None = None
    _queue: "asyncio.Queue[Message | None]" = field(default_factory=lambda: asyncio.Queue(_QUEUE_LENGTH))
    _told: set[tuple[UUID, str]] = field(default_factory=set)
    _devices: bytes = b""

    def tell(self, body: bytes, position: int | None = None) -> None:
        """Queue a message; when too many wait, end the connection."""
        if self.ending is not None:
            return
        try:
            self._queue.put_nowait(Message(body, position))
        except asyncio.QueueFull:
            self.end(SLOW)

    def tell_feed(self, feed: Feed) -> None:
        """Queue what is new to this connection."""
        if not feed.compacted_to <= self.position <= feed.position:
            # What it lacks is not in the log: it has to fetch the state.
            self.position = feed.position
            self.tell(b'{"type":"reset","position":%d}' % feed.position)
        new = tuple(entry for entry in feed.entries if entry.position > self.position)
        for body, position in pack_operations(new, without=str(self.device_id)):
            self.position = position
            self.tell(body, position)
        for body in command_messages(feed.commands, self.device_id, self._told):
            self.tell(body)
        if feed.devices != self._devices:
            self._devices = feed.devices
            self.tell(b'{"type":"devices","items":%b}' % feed.devices)

    def end(self, ending: Ending) -> None:
        """End the connection; when it is slow, what waits is dropped, else it is still sent."""
        if self.ending is not None:
            return
        self.ending = ending
        if ending is SLOW:
            while not self._queue.empty():
                self._queue.get_nowait()
        # Room was kept or made: the queue is read by one task, which sees the end after what is before it.
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next_message(self) -> Message | None:
        """Wait for the next message; None when the connection is to end."""
        return await self._queue.get()
