"""Noticing that somebody has something to hear: through Redis, or by following the database."""

import asyncio
from collections.abc import Callable, Collection
from uuid import UUID

import redis.asyncio
import structlog

from apps.sync.adapters.signals import CHANNEL
from apps.sync.models import Head

#: Seconds between two looks at the database without Redis, or while it is away …
FOLLOW_S = 0.03
#: … and with it: what Redis has lost comes so much later.
SAFETY_S = 2.0
#: Seconds before Redis is tried again.
_RETRY_S = 1.0

_log = structlog.get_logger(__name__)


def read_signals(profile_ids: Collection[UUID]) -> dict[UUID, int]:
    """Read how often each of these people had something to hear. One SQL statement."""
    return dict(Head.objects.filter(pk__in=profile_ids).values_list("pk", "signal"))


class RedisListener:
    """The receiving end of `adapters.signals`."""

    def __init__(self, url: str, wake: Callable[[UUID], None]) -> None:
        """Prepare; nothing is connected yet."""
        self._url, self._wake = url, wake
        self.is_listening = False

    async def run(self) -> None:
        """Wake whoever is named, for ever; while Redis is away, try again."""
        while True:
            client = redis.asyncio.Redis.from_url(self._url, socket_connect_timeout=_RETRY_S, health_check_interval=5)
            try:
                await self._listen(client)
            except (redis.RedisError, OSError) as err:
                if self.is_listening:
                    _log.warning("sync.signals_unheard", error=repr(err))
            finally:
                self.is_listening = False
                await client.aclose()
            await asyncio.sleep(_RETRY_S)

    async def _listen(self, client: "redis.asyncio.Redis") -> None:
        async with client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            self.is_listening = True
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=None)
                if message is not None:
                    self._hear(message["data"])

    def _hear(self, signal: bytes) -> None:
        """Wake whom a signal names; one that is not ours ends nothing."""
        try:
            profile_id = UUID(hex=signal.decode())
        except ValueError:
            _log.warning("sync.signal_unreadable", size_bytes=len(signal))
            return
        self._wake(profile_id)
