"""Facts of the deployment: read when Prometheus asks, and missing when they cannot be read."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from mediagateway import events
from mediagateway.models import OutboxEvent
from mediagateway.telemetry import facts
from mediagateway.telemetry.exposition import ProcessCollector
from mediagateway.telemetry.facts import FactCollector, fact, list_facts


@pytest.fixture
def registered(monkeypatch):
    """A table of facts that ends with the test."""
    monkeypatch.setattr(facts, "_facts", {})
    # The collector closes the connections of its thread, which here is the test's.
    monkeypatch.setattr(connections, "close_all", lambda: None)


@pytest.fixture
def exposed(monkeypatch):
    """Read all facts as Prometheus does."""
    monkeypatch.setattr(connections, "close_all", lambda: None)
    registry = CollectorRegistry()
    registry.register(FactCollector())
    return lambda: generate_latest(registry).decode()


@pytest.mark.django_db
def test_the_outbox_tells_how_much_waits_and_how_long(exposed):
    events.publish("test.thing_happened", {})
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(seconds=90))

    lines = exposed().splitlines()

    assert "mg_outbox_pending_events 1.0" in lines
    age = next(line for line in lines if line.startswith("mg_outbox_oldest_age_seconds "))
    assert 90 <= float(age.split()[1]) < 120


@pytest.mark.django_db
def test_a_fact_costs_one_statement(django_assert_num_queries):
    for each in list_facts():
        with django_assert_num_queries(1):
            each.measure()


@pytest.mark.usefixtures("registered")
def test_a_fact_that_cannot_be_read_is_missing_and_counted(exposed):
    @fact("mg_test_broken")
    def broken() -> float:
        """Break."""
        raise DatabaseError

    @fact("mg_test_sizes", labels=("kind",))
    def sizes() -> dict[tuple[str, ...], float]:
        """Sizes by kind."""
        return {("small",): 2.0, ("large",): 3.0}

    before = REGISTRY.get_sample_value("mg_facts_failed_total") or 0.0
    text = exposed()

    assert "mg_test_broken" not in text
    assert 'mg_test_sizes{kind="small"} 2.0' in text
    assert 'mg_test_sizes{kind="large"} 3.0' in text
    assert REGISTRY.get_sample_value("mg_facts_failed_total") == before + 1


@pytest.mark.usefixtures("registered")
def test_a_name_is_given_once():
    @fact("mg_test_thing")
    def first() -> float:
        """First."""
        return 1.0

    with pytest.raises(ValueError, match="mg_test_thing"):
        fact("mg_test_thing")(first)


@pytest.mark.once
def test_processes_have_cpu_time_and_memory():
    registry = CollectorRegistry()
    registry.register(ProcessCollector())

    values = {sample.name: sample.value for family in registry.collect() for sample in family.samples}

    assert values["mg_process_cpu_seconds_total"] > 0
    assert 10e6 < values["mg_process_resident_bytes"] < 10e9


@pytest.mark.once
def test_what_nobody_has_counted_yet_reads_zero():
    """A rate over a series that appears with its first event misses that event."""
    assert REGISTRY.get_sample_value("mg_outbox_deliveries_total", {"outcome": "delivered"}) is not None
    assert REGISTRY.get_sample_value("mg_auth_sign_ins_total", {"outcome": "told_to_wait"}) is not None
    assert REGISTRY.get_sample_value("mg_search_queries_total", {"outcome": "empty"}) is not None
