"""Names of the cached bodies about titles: by id and version."""

import hashlib
from collections.abc import Collection

from apps.content.queries.handles import TitleHandle
from mediagateway.policy import Policy


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


def include_key(parts: Collection[str]) -> str:
    """Write a set of parts in one order."""
    return ",".join(sorted(parts))
