"""
Waking live connections through Redis.

What is published is a person's id and nothing else: who wakes reads the database. A signal that is lost is therefore a
delay and no loss, and Redis may be away.
"""

import time
from uuid import UUID

import structlog

from apps.sync import conf
from apps.sync.metrics import SIGNALS_LOST

CHANNEL = "mg:live"
#: Longest wait for Redis: a signal is worth less than a request.
_TIMEOUT_S = 0.2
#: Seconds before Redis is asked again after it did not answer.
_RETRY_S = 1.0

_log = structlog.get_logger(__name__)


class RedisSignals:
    """The sending end; safe to share among threads."""

    def __init__(self, url: str) -> None:
        """Prepare; nothing is connected yet, so a fork is safe."""
        # Here, because most processes of a small deployment have no Redis, and the import is a tenth of their start.
        import redis

        self._failure = redis.RedisError
        self._redis = redis.Redis.from_url(url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)
        self._retry_at = 0.0

    def send(self, profile_id: UUID) -> None:
        """Wake a person's connections, wherever they are; while Redis is away, count what is lost."""
        if self._retry_at > time.monotonic():
            SIGNALS_LOST.inc()
            return
        try:
            self._redis.publish(CHANNEL, profile_id.hex)
        except self._failure as err:
            self._retry_at = time.monotonic() + _RETRY_S
            SIGNALS_LOST.inc()
            _log.warning("sync.signal_lost", error=repr(err))


class NoSignals:
    """Without Redis live connections follow the database by themselves."""

    def send(self, profile_id: UUID) -> None:
        """Do nothing."""


def open_signals() -> RedisSignals | NoSignals:
    """Open the way that this deployment has."""
    url = conf.redis_url()
    return RedisSignals(url) if url else NoSignals()
