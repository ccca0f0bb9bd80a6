"""The outbox: what is published with a change is delivered after it, at least once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mediagateway import events
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def received(monkeypatch):
    """A topic with one handler, which keeps what it gets and fails when the payload says so."""
    monkeypatch.setattr(events, "_handlers", {})
    monkeypatch.setattr(events, "_long_handlers", {})
    monkeypatch.setattr(events, "_batch_handlers", {})
    payloads = []

    @events.subscribe("test.thing_done")
    def handle(payload):
        payloads.append(payload["n"])
        if error := payload.get("error"):
            raise {"bug": RuntimeError("a bug"), "sql": IntegrityError("a constraint")}[error]

    return payloads


def publish(n: int, **more: str) -> None:
    events.publish("test.thing_done", {"n": n, **more})


def wait_s() -> float:
    """Tell how long the one waiting event has to wait."""
    leased_until = OutboxEvent.objects.get(delivered_at__isnull=True).leased_until
    assert leased_until is not None
    return (leased_until - timezone.now()).total_seconds()


def make_due() -> None:
    """Let the wait before the next attempt be over."""
    OutboxEvent.objects.filter(delivered_at__isnull=True).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_events_are_delivered_oldest_first_and_once(received):
    for n in range(5):
        publish(n)

    assert events.deliver_pending() == 5
    assert events.deliver_pending() == 0
    assert received == [0, 1, 2, 3, 4]
    assert events.pending_count() == 0


def test_an_event_of_a_rolled_back_change_never_was(received):
    with transaction.atomic():
        publish(1)
        transaction.set_rollback(True)

    assert events.deliver_pending() == 0
    assert received == []


def test_a_failing_event_waits_and_those_behind_it_go_on(received):
    publish(1, error="bug")
    publish(2)

    assert events.deliver_pending() == 1
    assert events.deliver_pending() == 0, "its next attempt is not due yet"
    assert received == [1, 2]
    assert OutboxEvent.objects.get(delivered_at__isnull=True).last_error == "RuntimeError('a bug')"
    assert wait_s() > 0


@pytest.mark.parametrize("error", ["bug", "sql"])
def test_a_failing_event_is_tried_again_with_growing_waits(received, error):
    publish(1, error=error)
    waits_s = []
    for _ in range(3):
        events.deliver_pending()
        waits_s.append(wait_s())
        make_due()

    assert received == [1, 1, 1]
    assert waits_s == pytest.approx([1, 5, 30], abs=0.9)


def test_a_mended_event_is_delivered(received):
    publish(1, error="bug")
    events.deliver_pending()
    OutboxEvent.objects.update(payload={"n": 1})
    make_due()

    assert events.deliver_pending() == 1
    assert OutboxEvent.objects.get().last_error == ""


def test_what_a_failing_handler_wrote_is_undone(received):
    """The receipt and the effects of the handlers share a transaction."""

    @events.subscribe("test.thing_done")
    def write_and_fail(payload):
        OutboxEvent.objects.create(topic="test.effect", payload={}, created_at=timezone.now())
        raise RuntimeError("after the write")

    publish(1)
    events.deliver_pending()

    assert not OutboxEvent.objects.filter(topic="test.effect").exists()


def test_a_long_handler_holds_no_lock_and_its_event_is_tried_again(received):
    in_transaction = []

    @events.subscribe("test.thing_done", makes_transactions=True)
    def think(payload):
        in_transaction.append(connection.in_atomic_block)
        if len(in_transaction) == 1:
            raise RuntimeError("before the others")

    publish(1)
    assert events.deliver_pending() == 0
    assert received == []
    make_due()

    assert events.deliver_pending() == 1
    assert received == [1]
    assert in_transaction == [False, False]


def test_an_event_under_way_is_nobody_elses(received):
    """A second deliverer passes over what the first has leased."""
    deliveries = []

    @events.subscribe("test.thing_done")
    def deliver_meanwhile(payload):
        deliveries.append(events.deliver_pending())

    publish(1)

    assert events.deliver_pending() == 1
    assert deliveries == [0]
    assert received == [1]


def test_an_event_whose_deliverer_died_is_taken_over(received):
    """The lease of a process that was killed in mid-delivery runs out."""
    publish(1)
    OutboxEvent.objects.update(attempts=1, leased_until=timezone.now() + timedelta(minutes=1))
    assert events.deliver_pending() == 0

    make_due()

    assert events.deliver_pending() == 1
    assert received == [1]


def test_an_event_that_nobody_wants_is_delivered(received):
    events.publish("test.nobody_listens", {})

    assert events.deliver_pending() == 1


def test_lag_is_the_age_of_the_oldest_waiting_event(received):
    assert events.oldest_pending_age_s() == 0.0
    publish(1)
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(seconds=90))
    publish(2)

    assert events.oldest_pending_age_s() == pytest.approx(90, abs=2)


def test_delivered_events_are_forgotten_after_a_week(received):
    publish(1)
    publish(2)
    publish(3)
    events.deliver_pending(limit=2)
    OutboxEvent.objects.filter(payload={"n": 1}).update(delivered_at=timezone.now() - timedelta(days=8))

    assert events.forget_delivered(now=timezone.now()) == 1
    assert OutboxEvent.objects.count() == 2


@pytest.fixture
def batches(received):
    """What a handler got that takes many; it fails on a payload that says so."""
    taken = []

    @events.subscribe_many("test.thing_counted")
    def handle(payloads):
        taken.append([payload["n"] for payload in payloads])
        if any("error" in payload for payload in payloads):
            raise RuntimeError("a bug")

    return taken


def count(n: int, **more: str) -> None:
    events.publish("test.thing_counted", {"n": n, **more})


def test_events_of_one_topic_are_handed_over_together(received, batches, django_assert_num_queries):
    count(1)
    publish(2)
    for n in range(3, 33):
        count(n)

    # A look, a lease and a receipt, in two transactions, whatever their number.
    with django_assert_num_queries(8):
        assert events.deliver_pending(limit=1) == 31
    assert batches == [[1, *range(3, 33)]]
    assert received == []
    assert events.deliver_pending() == 1
    assert received == [2]
    assert events.pending_count() == 0


def test_one_of_many_that_fails_holds_up_nobody(batches):
    count(1)
    count(2, error="bug")
    count(3)

    assert events.deliver_pending() == 2
    assert batches == [[1, 2, 3], [1], [2], [3]]
    assert OutboxEvent.objects.get(delivered_at__isnull=True).payload["n"] == 2
    assert wait_s() == pytest.approx(1, abs=0.9)


def test_many_under_way_are_nobody_elses(batches):
    deliveries = []

    @events.subscribe_many("test.thing_counted")
    def deliver_meanwhile(payloads):
        deliveries.append(events.deliver_pending())

    count(1)
    count(2)

    assert events.deliver_pending() == 2
    assert deliveries == [0]
    assert batches == [[1, 2]]


def test_more_than_go_together_take_several_deliveries(batches, monkeypatch):
    monkeypatch.setattr(events, "_TOGETHER", 2)
    for n in range(5):
        count(n)

    assert events.deliver_pending() == 5
    assert batches == [[0, 1], [2, 3], [4]]


def test_events_that_go_together_wait_for_others_and_hold_up_nobody(received, batches):
    count(1)
    publish(2)

    assert events.deliver_pending(gather_s=60) == 1
    assert (received, batches) == ([2], [])
    OutboxEvent.objects.filter(delivered_at__isnull=True).update(created_at=timezone.now() - timedelta(seconds=61))
    count(3)

    # Whoever has waited long enough takes the others along.
    assert events.deliver_pending(gather_s=60) == 2
    assert batches == [[1, 3]]
