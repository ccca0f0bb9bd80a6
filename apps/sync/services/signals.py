"""Telling the live channel that a person's devices have something to hear."""

from functools import cache, partial
from uuid import UUID

from django.db import transaction

from apps.sync.adapters.signals import NoSignals, RedisSignals, open_signals


def announce(profile_id: UUID) -> None:
    """Wake the live connections of a person once the present transaction has been committed."""
    transaction.on_commit(partial(_signals().send, profile_id), robust=True)


@cache
def _signals() -> RedisSignals | NoSignals:
    """Open the way once for each process, at its first signal."""
    return open_signals()
