"""Bodies of hot answers, written once for each version of a title and kept in the cache as text."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.core.cache import cache

from apps.content.queries.handles import TitleHandle
from mediagateway.http.conditional import dump
from mediagateway.policy import Policy

#: Longest life of a cached body. Versions make it exact for titles; names of platforms and sources have none.
MAX_AGE_S = 600


def body_key(part: str, handle: TitleHandle, policy: Policy, *details: str) -> str:
    """
    Name a body by everything that shapes it besides the clock.

    Whether the viewer may see the title is settled before, so of their policy only what chooses and orders offers
    counts.
    """
    services = ""
    if policy.services:
        services = hashlib.blake2b(",".join(sorted(policy.services)).encode(), digest_size=8).hexdigest()
    return ":".join(("content", part, handle.id.hex, handle.version, policy.region, services, *details))


def cached_body(key: str, build: Callable[[], tuple[Any, datetime | None]], *, now: datetime) -> bytes:
    """
    Read a body from the cache, or write it.

    Args:
        key: From `body_key`.
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


def include_key(parts: Collection[str]) -> str:
    """Write a set of parts in one order."""
    return ",".join(sorted(parts))
