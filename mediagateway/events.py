"""
Events between apps, by a transactional outbox.

A service publishes inside its transaction, so an event exists exactly when the change does. Delivery comes after the
commit, at least once, oldest first; an event that fails is tried again later and holds up nobody, so handlers are
idempotent and read the present state instead of trusting the order. The worker delivers; a command that wants to see
the effect before it ends calls `deliver_pending` itself.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from prometheus_client import Counter, Histogram

from mediagateway.models import OutboxEvent
from mediagateway.telemetry import tracing
from mediagateway.telemetry.facts import fact
from mediagateway.telemetry.metrics import declare

Handler = Callable[[Mapping[str, Any]], None]

#: After this long another deliverer may take an event over; longer than the slowest handler.
_LEASE = timedelta(minutes=5)
#: How long a delivered event stays, for whoever asks what happened.
_KEPT = timedelta(days=7)
#: Wait before the n-th retry; the last value repeats.
_BACKOFF_S = (1, 5, 30, 120, 600)

DELIVERIES = declare(
    Counter("mg_outbox_deliveries_total", "Events handed to their handlers, by how that went.", ["outcome"]),
    ("delivered", "failed"),
)
DELIVERY_SECONDS = Histogram(
    "mg_outbox_delivery_seconds",
    "What the handlers of one event took, failed or not.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0),
)

_handlers: dict[str, list[Handler]] = {}
_log = structlog.get_logger(__name__)


def subscribe(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler of a topic; used as a decorator in an app's `receivers.py`, at start-up only."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        return handler

    return register


def publish(topic: str, payload: Mapping[str, Any]) -> None:
    """
    Record an event with the current transaction.

    Args:
        topic: `<app>.<noun>_<past participle>`, such as "content.titles_changed".
        payload: JSON values only; ids rather than whole objects, because delivery is later.
    """
    OutboxEvent.objects.create(
        topic=topic, payload=dict(payload), created_at=timezone.now(), traceparent=tracing.current_traceparent()
    )


def deliver_pending(*, limit: int = 100) -> int:
    """
    Deliver what waits, oldest first, and say how many events were delivered.

    An event whose handler fails stays, with the error beside it, and is tried again later; those behind it go on.
    """
    delivered = 0
    for _ in range(limit):
        event = _lease_next(timezone.now())
        if event is None:
            break
        delivered += _deliver(event)
    return delivered


@fact("mg_outbox_pending_events")
def pending_count() -> int:
    """Count the events that wait for delivery."""
    return OutboxEvent.objects.filter(delivered_at__isnull=True).count()


@fact("mg_outbox_oldest_age_seconds")
def oldest_pending_age_s() -> float:
    """Tell how long the oldest undelivered event has waited, in seconds; 0 when none waits. One SQL statement."""
    created_at = (
        OutboxEvent.objects.filter(delivered_at__isnull=True).order_by("id").values_list("created_at", flat=True)
    )
    oldest = created_at.first()
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


def forget_delivered(*, now: datetime) -> int:
    """Delete what was delivered more than `_KEPT` ago, and say how many events that were. One SQL statement."""
    return OutboxEvent.objects.filter(delivered_at__lt=now - _KEPT).delete()[0]


def _lease_next(now: datetime) -> OutboxEvent | None:
    """Take the oldest deliverable event for this process, by compare-and-set; None when there is none."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    while True:
        event = OutboxEvent.objects.filter(free, delivered_at__isnull=True).order_by("id").first()
        if event is None:
            return None
        taken = OutboxEvent.objects.filter(
            free, id=event.id, delivered_at__isnull=True, attempts=event.attempts
        ).update(leased_until=now + _LEASE, attempts=F("attempts") + 1)
        if taken:
            event.attempts += 1
            return event


def _deliver(event: OutboxEvent) -> bool:
    """Run every handler of an event in one transaction with its receipt; on failure keep it for later."""
    try:
        with (
            tracing.consumer_span(
                f"outbox {event.topic}", event.traceparent, **{"messaging.operation.type": "process"}
            ),
            DELIVERY_SECONDS.time(),
            transaction.atomic(),
        ):
            for handler in _handlers.get(event.topic, ()):
                handler(event.payload)
            OutboxEvent.objects.filter(id=event.id).update(delivered_at=timezone.now(), last_error="")
    except Exception as err:  # noqa: BLE001 -- a handler may fail in any way; the event stays and the failure is logged
        wait_s = _BACKOFF_S[min(event.attempts, len(_BACKOFF_S)) - 1]
        OutboxEvent.objects.filter(id=event.id).update(
            leased_until=timezone.now() + timedelta(seconds=wait_s), last_error=repr(err)
        )
        _log.exception("outbox.delivery_failed", topic=event.topic, event_id=event.id, attempts=event.attempts)
        DELIVERIES.labels("failed").inc()
        return False
    DELIVERIES.labels("delivered").inc()
    return True
