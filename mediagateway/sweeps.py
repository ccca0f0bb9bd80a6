"""What is kept no longer goes: one pass over everything that `settings.SWEEPERS` names."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

_log = structlog.get_logger(__name__)


def sweep_all(*, now: datetime) -> None:
    """
    Call every sweeper, each of which deletes what its app keeps no longer at `now`.

    What one raises ends the pass; the worker's next one begins again, and what went stays gone.
    """
    for name in settings.SWEEPERS:
        sweep: Callable[..., object] = import_string(name)
        _log.info("sweep.finished", sweeper=name, gone=sweep(now=now))
