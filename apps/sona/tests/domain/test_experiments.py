"""Who gets which variant, and whether figures can be trusted."""

from collections import Counter
from uuid import UUID, uuid4

import pytest
from scipy import stats

from apps.sona.domain.experiments import (
    Interval,
    Variant,
    VariantConfig,
    assign,
    compute_outcomes,
    compute_ratio_check,
    wilson,
)

pytestmark = pytest.mark.once
PLAIN = VariantConfig(None, {})
VARIANTS = (Variant("a", 1, PLAIN), Variant("b", 3, PLAIN))


def people(count):
    return [UUID(int=number) for number in range(count)]


def name_of(experiment, person, variants):
    """Name the variant of somebody, where everybody takes part."""
    variant = assign(experiment, person, variants, 1.0)
    assert variant is not None
    return variant.name


def test_assignment_is_stable_and_follows_the_weights():
    """A quarter and three quarters, the same whenever asked."""
    experiment = UUID(int=7)
    drawn = [name_of(experiment, person, VARIANTS) for person in people(8000)]

    assert drawn == [name_of(experiment, person, VARIANTS) for person in people(8000)]
    assert Counter(drawn)["a"] / 8000 == pytest.approx(0.25, abs=0.02)
    assert compute_ratio_check(Counter(drawn), VARIANTS)[1]


def test_more_traffic_moves_nobody():
    """Who took part at 20 % keeps the variant at 80 %."""
    experiment = uuid4()
    few = {person: assign(experiment, person, VARIANTS, 0.2) for person in people(2000)}
    many = {person: assign(experiment, person, VARIANTS, 0.8) for person in people(2000)}

    took_part = [person for person, variant in few.items() if variant is not None]
    assert 300 < len(took_part) < 500
    assert all(many[person] == few[person] for person in took_part)


def test_experiments_are_independent():
    """The variant of one says nothing of the variant of another."""
    first, second = uuid4(), uuid4()
    even = (Variant("a", 1, PLAIN), Variant("b", 1, PLAIN))
    both = Counter((name_of(first, each, even), name_of(second, each, even)) for each in people(4000))

    assert all(count == pytest.approx(1000, abs=120) for count in both.values())


def test_shares_that_cannot_be_luck_are_called_out():
    """1,000 against 2,000 where 1 to 3 was wanted."""
    p_value, is_plausible = compute_ratio_check({"a": 1000, "b": 2000}, VARIANTS)

    assert p_value < 1e-9
    assert not is_plausible
    assert compute_ratio_check({}, VARIANTS) == (1.0, True)


@pytest.mark.parametrize("seen", [(500, 500), (480, 540), (1000, 1100)])
def test_the_ratio_check_is_the_chi_squared_test(seen):
    weights = [variant.weight for variant in VARIANTS]
    expected = [sum(seen) * weight / sum(weights) for weight in weights]

    p_value, _ = compute_ratio_check(dict(zip([variant.name for variant in VARIANTS], seen, strict=True)), VARIANTS)

    assert p_value == pytest.approx(stats.chisquare(seen, expected).pvalue)


def test_intervals_are_the_textbooks():
    """Wilson for 20 of 100; a difference whose interval leaves out zero has p below 5 %."""
    interval = wilson(20, 100)
    outcomes = compute_outcomes([("a", 1000, 100, 1.0), ("b", 1000, 150, 1.0)])

    assert [interval.low, interval.high] == pytest.approx([0.1334, 0.2888], abs=1e-4)
    assert wilson(0, 0) == Interval(0.0, 1.0)
    assert outcomes[0].difference is None
    assert outcomes[1].difference == pytest.approx(0.05)
    assert outcomes[1].difference_interval is not None
    assert outcomes[1].difference_interval.low > 0
    assert outcomes[1].p_value == pytest.approx(0.00073, abs=2e-4)
