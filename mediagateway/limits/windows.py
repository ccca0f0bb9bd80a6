"""
Moving windows: how many times a key was hit in the last seconds; in this process, or in Redis for all.

The `limits` library does it for Redis. Its memory storage starts a timer thread for each sweep, up to a hundred in a
second, and each walks all keys; the one here keeps a deque for each key.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import redis
from django.conf import settings
from limits.storage import RedisStorage
from redis.backoff import NoBackoff
from redis.retry import Retry

#: Seconds between two sweeps of keys that nobody has hit for a whole window.
_SWEEP_S = 60.0
#: Longest wait for Redis: limits are worth less than a request.
_REDIS_TIMEOUT_S = 0.2


@dataclass(frozen=True, slots=True)
class Use:
    """
    What came of one hit.

    Attributes:
        is_allowed: Whether it was counted; a hit that is refused is not.
        remaining: Hits that the window would take now.
        frees_in_s: Seconds until the oldest hit leaves the window.
    """

    is_allowed: bool
    remaining: int
    frees_in_s: float


class Windows(Protocol):
    """A store of windows."""

    def hit(self, key: str, *, limit: int, window_s: int) -> Use:
        """Count a hit on a key, unless the window is full."""


class MemoryWindows:
    """Windows of this process; safe to share among its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing counted, by a clock that never goes back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._hits: dict[str, tuple[int, deque[float]]] = {}
        self._swept_at = clock()

    def hit(self, key: str, *, limit: int, window_s: int) -> Use:
        """Count a hit on a key, unless the window is full. O(1) for each hit, spread over those that it outlives."""
        now = self._clock()
        with self._lock:
            if now - self._swept_at > _SWEEP_S:
                self._sweep(now)
            if key not in self._hits:
                self._hits[key] = (window_s, deque())
            hits = self._hits[key][1]
            while hits and hits[0] <= now - window_s:
                hits.popleft()
            is_allowed = len(hits) < limit
            if is_allowed:
                hits.append(now)
            # An override may have lowered the limit below what the window holds.
            return Use(is_allowed, max(limit - len(hits), 0), hits[0] + window_s - now if hits else 0.0)

    def _sweep(self, now: float) -> None:
        """Forget the keys whose last hit has left its window."""
        self._hits = {
            key: (window_s, hits) for key, (window_s, hits) in self._hits.items() if hits[-1] > now - window_s
        }
        self._swept_at = now


class RedisWindows:
    """Windows that all processes share. Two round trips for each hit."""

    def __init__(self, url: str) -> None:
        """Prepare; nothing is connected yet, so a fork is safe."""
        pool = redis.ConnectionPool.from_url(
            url,
            socket_timeout=_REDIS_TIMEOUT_S,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
            # Once more, because a connection may have died with the Redis before this one.
            retry=Retry(NoBackoff(), 1),
        )
        self._storage = RedisStorage("redis://", connection_pool=pool, key_prefix="mg:limits")

    def hit(self, key: str, *, limit: int, window_s: int) -> Use:
        """
        Count a hit on a key, unless the window is full.

        Raises:
            redis.RedisError: Redis does not answer.
        """
        is_allowed = self._storage.acquire_entry(key, limit, window_s)
        started_at, used = self._storage.get_moving_window(key, limit, window_s)
        return Use(is_allowed, max(limit - used, 0), max(started_at + window_s - time.time(), 0.0))


def open_windows() -> Windows:
    """Open the store of this deployment: Redis when there is one, else this process, which then is the only one."""
    return RedisWindows(settings.REDIS_URL) if settings.REDIS_URL else MemoryWindows()
