"""
Whether this process can serve: its checks run side by side, each with a second to answer.

`settings.HEALTH_CHECKS` names the checks, so that an app can add one. A check is a function without arguments that
returns when all is well and raises otherwise.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils.module_loading import import_string

from mediagateway import events
from mediagateway.lifecycle import is_draining
from mediagateway.telemetry import tracing
from mediagateway.telemetry.metrics import CHECK_OK, CHECK_SECONDS

Check = Callable[[], None]
Status = Literal["ok", "degraded", "failed", "not_configured"]

#: Seconds that `/ready` waits for a check before it counts as failed.
CHECK_TIMEOUT_S = 1.0
#: Seconds that a starting worker waits for a check that loads something.
WARM_UP_TIMEOUT_S = 10.0
#: An undelivered event older than this means that no worker is running, or that one is stuck.
OUTBOX_LAG_S = 60.0

#: What `mg_health_check_ok` says of a status.
_OK: Mapping[Status, float] = {"ok": 1.0, "not_configured": 1.0, "degraded": 0.5, "failed": 0.0}

_log = structlog.get_logger(__name__)


class DegradedError(Exception):
    """The dependency answers, and not well."""


class NotConfiguredError(Exception):
    """There is no such dependency in this deployment; the embedded one does its work."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one dependency is, and how long its check took."""

    status: Status
    latency_ms: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether to send requests here, and the checks by name that say so."""

    status: Literal["ready", "degraded", "unready"]
    checks: Mapping[str, CheckResult]


@dataclass(slots=True)
class _Run:
    """One execution of a check; `result` is set before `done`."""

    started: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)
    result: CheckResult | None = None


class _Checks:
    """
    Runs each check on a thread of its own and never twice at once.

    A dependency that hangs holds one thread however often somebody asks; the next caller waits for the same run. The
    threads are daemons, so that a hanging one cannot keep the process from stopping.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, _Run] = {}

    def begin(self, name: str, check: Check) -> _Run:
        """Start a check, or join the run that has not ended yet."""
        with self._lock:
            if name in self._running:
                return self._running[name]
            run = self._running[name] = _Run()
        threading.Thread(target=self._execute, args=(name, check, run), name=f"check-{name}", daemon=True).start()
        return run

    def _execute(self, name: str, check: Check, run: _Run) -> None:
        try:
            with tracing.untraced():
                status, detail = _outcome(name, check)
        finally:
            # The thread ends, and so do the connections that Django opened for it.
            connections.close_all()
            with self._lock:
                del self._running[name]
        run.result = CheckResult(status, _elapsed_ms(run.started), detail)
        run.done.set()


_checks = _Checks()


def read_readiness() -> Readiness:
    """
    Run all checks side by side; takes as long as the slowest of them, and at most `CHECK_TIMEOUT_S`.

    Returns:
        "unready" when a critical check fails or the process drains, "degraded" when another one is not well.
    """
    runs = {name: _checks.begin(name, import_string(check)) for name, check in settings.HEALTH_CHECKS.items()}
    results = {name: _await(run) for name, run in runs.items()}
    for name, result in results.items():
        CHECK_OK.labels(name).set(_OK[result.status])
        CHECK_SECONDS.labels(name).set(result.latency_ms / 1000)
    if is_draining() or any(results[name].status == "failed" for name in settings.CRITICAL_HEALTH_CHECKS):
        return Readiness("unready", results)
    is_well = all(result.status in {"ok", "not_configured"} for result in results.values())
    return Readiness("ready" if is_well else "degraded", results)


def warm_up() -> None:
    """
    Run the group's own checks, side by side, before the first request: what they look at is loaded by looking.

    A dependency that hangs holds the start up for `WARM_UP_TIMEOUT_S` at most.
    """
    runs = {name: _checks.begin(name, import_string(check)) for name, check in settings.GROUP.checks}
    give_up_at = time.monotonic() + WARM_UP_TIMEOUT_S
    for name, run in runs.items():
        run.done.wait(max(give_up_at - time.monotonic(), 0))
        _log.info("health.warmed_up", check=name, status=run.result.status if run.result else "late")


def check_database() -> None:
    """Ask a fresh connection for our tables: an old one may be dead without knowing it, a new database empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        cursor.fetchone()


def check_cache() -> None:
    """Write a value and read it back: a cache that swallows its errors shows them only here."""
    value = uuid4().hex
    cache.set(f"mediagateway.health.{value}", value, timeout=5)
    if cache.get(f"mediagateway.health.{value}") != value:
        raise DegradedError("the cache does not keep what it is given")


def check_vectors() -> None:
    """Ask Qdrant for its collections."""
    if not settings.QDRANT_URL:
        raise NotConfiguredError("no QDRANT_URL")
    # Imported late: the client costs 40 MB, and only deployments with Qdrant need it.
    from qdrant_client import QdrantClient

    client = QdrantClient(url=settings.QDRANT_URL, timeout=2)
    try:
        client.get_collections()
    finally:
        client.close()


def check_outbox() -> None:
    """Compare the oldest undelivered event with the clock. One SQL statement."""
    lag_s = events.oldest_pending_age_s()
    if lag_s > OUTBOX_LAG_S:
        raise DegradedError(f"the oldest event has waited {lag_s:.0f} s for delivery")


def _outcome(name: str, check: Check) -> tuple[Status, str]:
    """Run a check and name what happened."""
    try:
        check()
    except NotConfiguredError as err:
        return "not_configured", str(err)
    except DegradedError as err:
        return "degraded", str(err)
    except Exception as err:  # noqa: BLE001 -- whatever a dependency's client raises means that it is not there
        # The text may hold an address or a user name: it goes to the log, the class name to the caller.
        _log.warning("health.check_failed", check=name, error=repr(err))
        return "failed", type(err).__name__
    return "ok", ""


def _await(run: _Run) -> CheckResult:
    """Wait for a run; what has not answered within its time has failed, whoever started it."""
    run.done.wait(max(0.0, run.started + CHECK_TIMEOUT_S - time.monotonic()))
    return run.result or CheckResult("failed", _elapsed_ms(run.started), f"no answer within {CHECK_TIMEOUT_S:g} s")


def _elapsed_ms(started: float) -> float:
    """Milliseconds since a monotonic time, to one decimal."""
    return round((time.monotonic() - started) * 1000, 1)
