"""Bodies of hot answers, written once for each version of what they show and kept in the cache as text."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import cache

from mediagateway.http.conditional import dump

#: Longest life of a cached body. Versions make it exact; what has none, such as a platform's name, waits this long.
MAX_AGE_S = 600


def cached_body(key: str, build: Callable[[], tuple[Any, datetime | None]], *, now: datetime) -> bytes:
    """
    Read a body from the cache, or write it.

    Args:
        key: Names the body by everything that shapes it besides the clock, versions included.
        build: Makes the payload and says when the clock alone will change it (None: never).
        now: The moment for which it is built.
    """
    text = cache.get(key)
    if text is not None:
        return str(text).encode()
    payload, changes_at = build()
    body = dump(payload)
    # One second early, because some of it passed while the body was being built.
    life_s = MAX_AGE_S if changes_at is None else min(MAX_AGE_S, int((changes_at - now).total_seconds()) - 1)
    if life_s > 0:
        cache.set(key, body.decode(), life_s)
    return body
