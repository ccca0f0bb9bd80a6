"""The cheapest cover, against every cover there is."""

from itertools import combinations
from random import Random
from uuid import UUID

import pytest

from apps.discover.domain.plan import Cover, find_cover

pytestmark = pytest.mark.once


def make_case(random):
    """Make up to 8 titles on up to 4 services in up to 3 months: at most 12 service-months."""
    services = [f"s{number}" for number in range(random.randint(1, 4))]
    months = random.randint(1, 3)
    pairs = [(service, month) for service in services for month in range(months)]
    coverage = {
        UUID(int=number): frozenset(random.sample(pairs, random.randint(1, min(4, len(pairs)))))
        for number in range(random.randint(1, 8))
    }
    return coverage, {service: random.choice([1, 599, 799, 999, 1099, 1549, 1799]) for service in services}


def cheapest(coverage, prices):
    """Try every set of service-months."""
    pairs = sorted(set().union(*coverage.values()))
    return min(
        sum(prices[service] for service, _ in chosen)
        for size in range(len(pairs) + 1)
        for chosen in combinations(pairs, size)
        if all(covering & set(chosen) for covering in coverage.values())
    )


def test_of_500_small_cases_each_costs_what_the_cheapest_of_all_covers_costs():
    random = Random(20261125)
    for _ in range(500):
        coverage, prices = make_case(random)

        cover = find_cover(coverage, prices)

        assert cover.cost == cheapest(coverage, prices)
        assert cover.is_exact
        assert all(covering & set(cover.chosen) for covering in coverage.values())
        assert cover.cost == sum(prices[service] for service, _ in cover.chosen)


def test_without_the_time_for_a_proof_the_gap_bounds_what_one_could_save():
    random = Random(7)
    pairs = [(f"s{number}", month) for number in range(40) for month in range(12)]
    coverage = {UUID(int=number): frozenset(random.sample(pairs, 5)) for number in range(400)}
    prices = {f"s{number}": random.randint(500, 2000) for number in range(40)}

    cover = find_cover(coverage, prices, time_limit_s=0.01)
    proven = find_cover(coverage, prices, time_limit_s=0.5)

    for each in (cover, proven):
        assert all(covering & set(each.chosen) for covering in coverage.values())
        assert 0.0 <= each.gap_ratio < 1.0
        assert each.is_exact == (each.gap_ratio == 0.0)
    # No cover is cheaper than what either of them says is least.
    assert max(cover.least_cost, proven.least_cost) <= min(cover.cost, proven.cost)


def test_nothing_to_watch_costs_nothing():
    assert find_cover({}, {}) == Cover((), 0, 0)
