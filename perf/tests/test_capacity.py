"""The capacity model against known values, and against the simulation."""

import math

import pytest

from perf.capacity import compute_need, compute_wait_ms, simulate_wait_ms

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("servers", "offered", "probability"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (10, 8.0, 0.4092)],
)
def test_the_share_that_waits_is_erlangs(servers, offered, probability):
    """Erlang's C formula; for one server it is the utilisation, the others are from published tables."""
    # Where that very share is exceeded, nobody waits.
    assert compute_wait_ms(offered * 100, 10, servers, share=1 - probability * 1.001) == 0
    assert compute_wait_ms(offered * 100, 10, servers, share=1 - probability * 0.99) > 0


def test_more_than_can_be_served_waits_for_ever():
    assert compute_wait_ms(200, 10, 2) == math.inf


@pytest.mark.parametrize(("rate", "servers"), [(70, 1), (160, 2), (340, 4), (750, 8)])
def test_the_simulation_agrees(rate, servers):
    """At high utilisation, where waiting matters, within a quarter."""
    model = compute_wait_ms(rate, 10, servers)
    simulated = simulate_wait_ms(rate, 10, servers, requests=120_000, seed=7)

    assert model == pytest.approx(simulated, rel=0.25)


def test_a_need_is_the_smallest_that_will_do():
    need = compute_need(1000, 8, longest_wait_ms=5)

    assert need.utilisation <= 0.6
    assert need.wait_p95_ms <= 5
    assert need.processes == 2 * need.replicas
    smaller = need.processes - 2
    assert 1000 * 8 / 1000 / smaller > 0.6 or compute_wait_ms(1000, 8, smaller) > 5


def test_nothing_runs_on_a_single_replica():
    assert compute_need(1, 1, longest_wait_ms=5).replicas == 2
