"""
Moving windows: how many times a key was hit in the last seconds; in this process, or in Redis for all.

A request is counted in several windows at once, and where one of them is full in none. The `limits` library takes two
round trips to Redis for each window and cannot count in none; its memory storage starts a timer thread for each sweep.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

#: Seconds between two sweeps of keys that nobody has hit for a whole window.
_SWEEP_S = 60.0
#: Longest wait for Redis: limits are worth less than a request.
_REDIS_TIMEOUT_S = 0.2
#: A list of times for each key, the newest first, by the clock of Redis, which is one for all. Times leave as text, for
#: Redis cuts numbers off at the point.
_HIT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local is_allowed, uses = true, {}
for i, key in ipairs(KEYS) do
  local limit, window_s = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local oldest = redis.call('LINDEX', key, -1)
  while oldest and tonumber(oldest) <= now - window_s do
    redis.call('RPOP', key)
    oldest = redis.call('LINDEX', key, -1)
  end
  local used = redis.call('LLEN', key)
  is_allowed = is_allowed and used < limit
  uses[i] = {used, tostring(oldest and oldest + window_s - now or window_s)}
end
if is_allowed then
  for i, key in ipairs(KEYS) do
    redis.call('LPUSH', key, string.format('%.6f', now))
    redis.call('PEXPIRE', key, ARGV[2 * i] * 1000)
  end
end
return uses
"""


class Window(NamedTuple):
    """At most `limit` hits on a key in any `window_s` seconds."""

    key: str
    limit: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Use:
    """
    What came of one hit in one window.

    Attributes:
        is_allowed: Whether this window had room for it.
        remaining: Hits that the window would take now.
        frees_in_s: Seconds until the oldest hit leaves the window; its length when it is empty.
    """

    is_allowed: bool
    remaining: int
    frees_in_s: float


class Windows(Protocol):
    """A store of windows."""

    def hit(self, windows: Sequence[Window]) -> tuple[Use, ...]:
        """Count a hit in every window, or in none when one of them is full; say how each stands, in their order."""


class MemoryWindows:
    """Windows of this process; safe to share among its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing counted, by a clock that never goes back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._hits: dict[str, tuple[int, deque[float]]] = {}
        self._swept_at = clock()

    def hit(self, windows: Sequence[Window]) -> tuple[Use, ...]:
        """As `Windows.hit`. O(1) for each window, spread over the hits that it outlives."""
        now = self._clock()
        with self._lock:
            if now - self._swept_at > _SWEEP_S:
                self._sweep(now)
            hits = [self._hits_of(window, now) for window in windows]
            used = [len(each) for each in hits]
            frees_in_s = [
                each[0] + window.window_s - now if each else float(window.window_s)
                for window, each in zip(windows, hits, strict=True)
            ]
            if all(count < window.limit for window, count in zip(windows, used, strict=True)):
                for each in hits:
                    each.append(now)
        return _uses(windows, used, frees_in_s)

    def _hits_of(self, window: Window, now: float) -> deque[float]:
        """Find the hits that a window still holds, the oldest first."""
        if window.key not in self._hits:
            self._hits[window.key] = (window.window_s, deque())
        hits = self._hits[window.key][1]
        while hits and hits[0] <= now - window.window_s:
            hits.popleft()
        return hits

    def _sweep(self, now: float) -> None:
        """Forget the keys whose last hit has left its window."""
        self._hits = {
            key: (window_s, hits) for key, (window_s, hits) in self._hits.items() if hits and hits[-1] > now - window_s
        }
        self._swept_at = now


class RedisWindows:
    """Windows that all processes share. One round trip for a hit, in however many windows."""

    def __init__(self, url: str) -> None:
        """Prepare; nothing is connected yet, so a fork is safe."""
        client = redis.Redis.from_url(
            url,
            socket_timeout=_REDIS_TIMEOUT_S,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
            # Once more, because a connection may have died with the Redis before this one.
            retry=Retry(NoBackoff(), 1),
        )
        self._hit = client.register_script(_HIT)

    def hit(self, windows: Sequence[Window]) -> tuple[Use, ...]:
        """
        As `Windows.hit`.

        Raises:
            redis.RedisError: Redis does not answer.
        """
        numbers = [number for window in windows for number in (window.limit, window.window_s)]
        answer = self._hit(keys=[f"mg:limits:{window.key}" for window in windows], args=numbers)
        return _uses(windows, [used for used, _ in answer], [float(frees_in_s) for _, frees_in_s in answer])


def _uses(windows: Sequence[Window], used: Sequence[int], frees_in_s: Sequence[float]) -> tuple[Use, ...]:
    """Say how windows stand that held so many before a hit, which was counted if all of them had room."""
    counted = int(all(count < window.limit for window, count in zip(windows, used, strict=True)))
    return tuple(
        # An override may have lowered the limit below what the window holds.
        Use(count < window.limit, max(window.limit - count - counted, 0), frees)
        for window, count, frees in zip(windows, used, frees_in_s, strict=True)
    )


def open_windows() -> Windows:
    """Open the store of this deployment: Redis when there is one, else this process, which then is the only one."""
    return RedisWindows(settings.REDIS_URL) if settings.REDIS_URL else MemoryWindows()
