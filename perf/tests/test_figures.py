"""Medians, ratios and the table."""

import pytest

from perf.figures import Figure, compute_comparison, compute_figure, write_table
from perf.load import Sample


def sample(requests_per_s, p99_ms=10.0, cpu_us=None):
    """A sample of which only some fields matter."""
    return Sample(1000, requests_per_s, 1.0, 2.0, p99_ms, 300.0, cpu_us)


def test_a_figure_holds_medians_over_the_rounds():
    figure = compute_figure("a", [sample(100, 30, 5.0), sample(300, 10, 9.0), sample(200, 20, 7.0)])

    assert figure == Figure("a", 200, 1.0, 2.0, 20, 300.0, 7.0)


def test_a_ratio_is_taken_within_each_round():
    """A round in which the whole machine was slow changes both halves, so its ratio counts like any other."""
    samples = {"base": [sample(1000), sample(100), sample(900)], "own": [sample(500), sample(50), sample(540)]}

    comparison = compute_comparison(samples, "own", yardstick="base", aim=0.5)

    assert comparison.ratio == 0.5
    assert (comparison.ratio_low, comparison.ratio_high) == (0.5, 0.6)


@pytest.mark.parametrize(
    ("aim", "said"),
    [(0.5, "≥ 0.50 missed"), (0.49, "≥ 0.49 met"), (None, "–")],
    ids=["below the aim", "at the aim", "no aim"],
)
def test_the_table_says_whether_an_aim_is_reached(aim, said):
    comparison = compute_comparison({"base": [sample(100)], "own": [sample(49)]}, "own", yardstick="base", aim=aim)

    table = write_table([compute_figure("own", [sample(49)], comparison)])

    assert table.endswith(f" {said} |")


def test_cpu_and_p99_are_compared_too():
    samples = {"base": [sample(100, 4.0, 200.0)], "own": [sample(50, 10.0, 800.0)]}

    comparison = compute_comparison(samples, "own", yardstick="base", aim=0.5)

    assert comparison.cpu_ratio == 0.25
    assert comparison.p99_factor == 2.5


def test_no_cpu_time_is_no_ratio():
    comparison = compute_comparison({"base": [sample(1)], "own": [sample(1)]}, "own", yardstick="base", aim=0.5)

    assert comparison.cpu_ratio is None


def test_targets_of_unlike_rounds_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        compute_comparison({"base": [sample(1)], "own": [sample(1), sample(1)]}, "own", yardstick="base", aim=0.5)


def test_the_table_is_markdown_with_straight_columns():
    samples = {"bare": [sample(2000, 10.0, 300.0)], "empty": [sample(1200, 15.0, 500.0)]}
    comparison = compute_comparison(samples, "empty", yardstick="bare", aim=0.5)
    figures = [compute_figure("bare", samples["bare"]), compute_figure("empty", samples["empty"], comparison)]

    table = write_table(figures)

    assert table.splitlines() == [
        "| target | req/s | p50 ms | p99 ms | CPU µs | against | ratio |  low–high | by CPU | p99 × |        aim |",
        "| ------ | ----: | -----: | -----: | -----: | ------- | ----: | --------: | -----: | ----: | ---------: |",
        "| bare   | 2,000 |   1.00 |  10.00 |    300 | –       |     – |         – |      – |     – |          – |",
        "| empty  | 1,200 |   1.00 |  15.00 |    500 | bare    |  0.60 | 0.60–0.60 |   0.60 |   1.5 | ≥ 0.50 met |",
    ]
