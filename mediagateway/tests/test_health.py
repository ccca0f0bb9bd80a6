"""Readiness: what each check means, and what a dependency that hangs can hold up."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from mediagateway import events, health, lifecycle
from mediagateway.health import read_readiness
from mediagateway.models import OutboxEvent

gate = threading.Event()
calls: list[int] = []


def pass_check() -> None:
    """Be well."""


def fail_check() -> None:
    """Be away."""
    raise ConnectionError("user:secret@10.0.0.1 refused")


def degraded_check() -> None:
    """Be unwell."""
    raise health.DegradedError("slow")


def absent_check() -> None:
    """Be nothing that this deployment has."""
    raise health.NotConfiguredError("none here")


def hanging_check() -> None:
    """Hang until the test opens the gate."""
    calls.append(1)
    gate.wait(10)


@pytest.fixture
def configure(settings):
    """Set the checks of one test; the first one is critical."""

    def set_checks(**checks):
        settings.HEALTH_CHECKS = {name: f"{__name__}.{check.__name__}" for name, check in checks.items()}
        settings.CRITICAL_HEALTH_CHECKS = {next(iter(checks))}

    return set_checks


@pytest.fixture
def _hanging():
    """Close the gate for one test, and let its threads end."""
    gate.clear()
    calls.clear()
    yield
    gate.set()
    while any(thread.name.startswith("check-") for thread in threading.enumerate()):
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (pass_check, pass_check, "ready"),
        (pass_check, absent_check, "ready"),
        (pass_check, degraded_check, "degraded"),
        (pass_check, fail_check, "degraded"),
        (degraded_check, pass_check, "degraded"),
        (fail_check, pass_check, "unready"),
    ],
)
def test_critical_checks_decide_and_others_degrade(configure, first, second, status):
    configure(first=first, second=second)

    assert read_readiness().status == status


def test_caller_learns_what_failed_and_no_address(configure):
    configure(database=fail_check)

    result = read_readiness().checks["database"]

    assert (result.status, result.detail) == ("failed", "ConnectionError")


def test_a_draining_process_is_unready(configure, client, monkeypatch):
    configure(database=pass_check)
    monkeypatch.setattr(lifecycle._process, "is_draining", True)

    response = client.get("/ready")

    assert response.status_code == 503
    assert response.json()["status"] == "unready"
    assert client.get("/liveness").status_code == 200


@pytest.mark.usefixtures("_hanging")
def test_a_hanging_check_costs_one_second_and_one_thread(configure):
    configure(database=hanging_check, cache=pass_check)
    started = time.monotonic()

    first, second = read_readiness(), read_readiness()

    assert time.monotonic() - started < 1.5, "the second caller joins the run of the first"
    assert first.checks["database"].status == second.checks["database"].status == "failed"
    assert first.checks["cache"].status == "ok"
    assert first.status == "unready"
    assert len(calls) == 1


@pytest.mark.usefixtures("_hanging")
def test_readiness_comes_back_with_the_dependency(configure):
    configure(database=hanging_check)
    assert read_readiness().status == "unready"

    gate.set()
    time.sleep(0.1)

    assert read_readiness().status == "ready"


@pytest.mark.django_db
def test_the_checks_of_this_deployment_pass(client):
    response = client.get("/ready")

    body = response.json()
    assert response.status_code == 200
    assert {"database", "cache", "vectors", "outbox"} <= set(body["checks"])
    assert body["checks"]["database"]["status"] == "ok"
    assert body["checks"]["vectors"]["status"] == "not_configured"
    assert body["checks"]["database"]["latency_ms"] >= 0


@pytest.mark.django_db
def test_an_event_that_waits_too_long_degrades():
    health.check_outbox()
    events.publish("test.forgotten", {})
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(minutes=2))

    with pytest.raises(health.DegradedError, match="120 s"):
        health.check_outbox()
