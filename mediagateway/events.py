"""
Events between apps, by a transactional outbox.

A service publishes inside its transaction, so an event exists exactly when the change does. Delivery comes after the
commit, at least once, oldest first; an event that fails is tried again later and holds up nobody, so handlers are
idempotent and read the present state instead of trusting the order. The worker delivers; a command that wants to see
the effect before it ends calls `deliver_pending` itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from prometheus_client import Counter, Histogram

from mediagateway.models import OutboxEvent
from mediagateway.telemetry import tracing
from mediagateway.telemetry.facts import fact
from mediagateway.telemetry.metrics import declare

Handler = Callable[[Mapping[str, Any]], None]
BatchHandler = Callable[[Sequence[Mapping[str, Any]]], None]

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
    "What the handlers of a delivery took, failed or not.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0),
)

#: Events of one topic that are handed over together, to handlers that take many.
_TOGETHER = 200

_handlers: dict[str, list[Handler]] = {}
_long_handlers: dict[str, list[Handler]] = {}
_batch_handlers: dict[str, list[BatchHandler]] = {}
_log = structlog.get_logger(__name__)


def subscribe(topic: str, *, makes_transactions: bool = False) -> Callable[[Handler], Handler]:
    """
    Register a handler of a topic; used as a decorator in an app's `receivers.py`, at start-up only.

    Args:
        topic: As in `publish`.
        makes_transactions: The handler's work is long and it makes transactions of its own, ahead of the one that holds
            the other handlers and the receipt, so that nothing is locked while it thinks.
    """

    def register(handler: Handler) -> Handler:
        (_long_handlers if makes_transactions else _handlers).setdefault(topic, []).append(handler)
        return handler

    return register


def subscribe_many(topic: str) -> Callable[[BatchHandler], BatchHandler]:
    """Register a handler that takes as many events of a topic as wait, in one go: for what comes by the hundred."""

    def register(handler: BatchHandler) -> BatchHandler:
        _batch_handlers.setdefault(topic, []).append(handler)
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


def deliver_pending(*, limit: int = 100, gather_s: float = 0.0) -> int:
    """
    Deliver what waits, oldest first, and say how many events were delivered.

    An event whose handler fails stays, with the error beside it, and is tried again later; those behind it go on.

    Args:
        limit: Deliveries at most; events that are handed over together are one.
        gather_s: How long events that go together may wait for others.
    """
    delivered = 0
    for _ in range(limit):
        leased = _lease_next(timezone.now(), gather_s)
        if not leased:
            break
        delivered += _deliver(leased)
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


def _lease_next(now: datetime, gather_s: float) -> list[OutboxEvent]:
    """Take the oldest deliverable event for this process, with those of its topic that go together; [] without any."""
    waiting = OutboxEvent.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now), delivered_at__isnull=True
    ).order_by("id")
    due = waiting.exclude(topic__in=_batch_handlers, created_at__gt=now - timedelta(seconds=gather_s))
    lease = {"leased_until": now + _LEASE, "attempts": F("attempts") + 1}
    while True:
        event = due.first()
        if event is None:
            return []
        if event.topic in _batch_handlers:
            can_skip = connection.features.has_select_for_update_skip_locked
            with transaction.atomic():
                leased = list(waiting.filter(topic=event.topic).select_for_update(skip_locked=can_skip)[:_TOGETHER])
                OutboxEvent.objects.filter(id__in=[each.id for each in leased]).update(**lease)
        else:
            # By compare-and-set, which is two statements cheaper than a lock.
            taken = waiting.filter(id=event.id, attempts=event.attempts).update(**lease)
            leased = [event] if taken else []
        for each in leased:
            each.attempts += 1
        if leased:
            return leased


def _deliver(leased: Sequence[OutboxEvent]) -> int:
    """
    Run every handler of events of one topic in one transaction with their receipts, and say how many are delivered.

    Those that make transactions of their own come before it. When that fails, many are tried one by one, so that one of
    them holds up nobody; one alone is kept for later.
    """
    topic, ids = leased[0].topic, [event.id for event in leased]
    try:
        with (
            tracing.consumer_span(
                f"outbox {topic}",
                [event.traceparent for event in leased],
                {"messaging.operation.type": "process", "messaging.batch.message_count": len(leased)},
            ),
            DELIVERY_SECONDS.time(),
        ):
            _hand_over(leased, _long_handlers)
            with transaction.atomic():
                _hand_over(leased, _handlers)
                for batch_handler in _batch_handlers.get(topic, ()):
                    batch_handler([event.payload for event in leased])
                OutboxEvent.objects.filter(id__in=ids).update(delivered_at=timezone.now(), last_error="")
    except Exception as err:  # noqa: BLE001 -- a handler may fail in any way; the event stays and the failure is logged
        if len(leased) > 1:
            _log.warning("outbox.batch_failed", topic=topic, events=len(leased), error=repr(err))
            return sum(_deliver([event]) for event in leased)
        (event,) = leased
        wait_s = _BACKOFF_S[min(event.attempts, len(_BACKOFF_S)) - 1]
        OutboxEvent.objects.filter(id=event.id).update(
            leased_until=timezone.now() + timedelta(seconds=wait_s), last_error=repr(err)
        )
        _log.exception("outbox.delivery_failed", topic=topic, event_id=event.id, attempts=event.attempts)
        DELIVERIES.labels("failed").inc()
        return 0
    DELIVERIES.labels("delivered").inc(len(leased))
    return len(leased)


def _hand_over(events: Sequence[OutboxEvent], handlers: Mapping[str, Sequence[Handler]]) -> None:
    for event in events:
        for handler in handlers.get(event.topic, ()):
            handler(event.payload)
