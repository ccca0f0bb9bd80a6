"""`manage.py worker`: deliver events, and do what is to be done between them, until told to stop."""

import signal
import threading
import time
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string
from prometheus_client import Gauge

from mediagateway import events
from mediagateway.sweeps import sweep_all
from mediagateway.telemetry import tracing
from mediagateway.telemetry.exposition import serve_worker_metrics

#: Seconds between two looks at an empty outbox: short at first, because events come in bursts.
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.05, 1.0
#: Seconds that events which go together wait for others: nobody sees the difference, and many cost what one does.
_GATHER_S = 0.25
#: Seconds between two sweeps of what is kept no longer.
_SWEEP_S = 3600.0
#: Seconds to wait at most while the database does not answer.
_LONGEST_OUTAGE_WAIT_S = 30.0

LAST_ROUND = Gauge("mg_worker_last_round_timestamp_seconds", "When the worker last looked at the outbox, Unix time.")

_log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Deliver the outbox, one event after the other."""

    help = "Deliver events from the outbox until SIGTERM; the event under way is finished first."

    # The checks import every view, which this process has no use for; the servers do so themselves.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)
        tracing.instrument()
        tracing.start()
        serve_worker_metrics()
        _log.info("worker.started")
        wait_s, swept_at = _SHORTEST_WAIT_S, float("-inf")
        while not stop.is_set():
            is_sweep_due = time.monotonic() - swept_at > _SWEEP_S
            wait_s = _work(stop, wait_s, sweep=is_sweep_due)
            swept_at = time.monotonic() if is_sweep_due else swept_at
            LAST_ROUND.set_to_current_time()
            stop.wait(wait_s)
        tracing.stop()
        _log.info("worker.stopped")


def _work(stop: threading.Event, last_wait_s: float, *, sweep: bool) -> float:
    """Deliver what waits, one event at a time so that a stop is heard, and say how long to wait then."""
    try:
        close_old_connections()
        if sweep:
            sweep_all(now=timezone.now())
        delivered = 0
        while not stop.is_set() and events.deliver_pending(limit=1, gather_s=_GATHER_S):
            delivered += 1
        # One step of each, then events again: they come first.
        done = [step for step in settings.BACKGROUND_STEPS if not stop.is_set() and _take(step)]
    except (DatabaseError, InterfaceError) as err:
        wait_s = min(max(last_wait_s, _LONGEST_WAIT_S) * 2, _LONGEST_OUTAGE_WAIT_S)
        _log.warning("worker.database_failed", error=repr(err), wait_s=wait_s)
        return wait_s
    if done:
        return 0.0
    return _SHORTEST_WAIT_S if delivered else min(max(last_wait_s * 2, _SHORTEST_WAIT_S), _LONGEST_WAIT_S)


def _take(step: str) -> bool:
    """Take a background step, and say whether there is more; one that fails holds up nobody."""
    try:
        return bool(import_string(step)())
    except (DatabaseError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001 -- a step may fail in any way; it is logged and tried again
        _log.exception("worker.step_failed", step=step)
        return False
