"""How many streams a household may have at once, and which of its sessions count as one."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from mediagateway.principal import Tier

#: Streams at once by tier. No standard names a number; these are what services of this kind commonly allow.
STREAM_LIMITS: Final = MappingProxyType({Tier.FREE: 2, Tier.PREMIUM: 4, Tier.ENTERPRISE: 20})
#: How often a player says that it is still there.
HEARTBEAT_INTERVAL_S: Final = 30
#: A session that was silent for three heartbeats is no stream any more; the next word of it asks for a place again.
LIVE_FOR: Final = timedelta(seconds=3 * HEARTBEAT_INTERVAL_S)
#: A session that was silent for so long is over.
KEPT_FOR: Final = timedelta(hours=24)


def live_since(now: datetime) -> datetime:
    """Say from when on a session must have been heard of to count as a stream."""
    return now - LIVE_FOR
