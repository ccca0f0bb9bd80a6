"""The knee of a load curve, and the bins that it is read from."""

import pytest

from perf.report import find_knee
from perf.scenarios import read_series

pytestmark = pytest.mark.once


def curve(p95_of):
    """Twenty steps of 10 requests a second more each."""
    return [
        {"at_s": step * 5, "part": "search", "requests": step * 50, "p95_ms": p95_of(step * 10)}
        for step in range(1, 21)
    ]


def test_the_knee_is_where_latency_leaves_the_line():
    knee = find_knee(curve(lambda rate: 20 if rate <= 120 else 20 + (rate - 120) * 20))

    assert knee is not None
    assert 110 <= knee <= 130


def test_a_straight_line_has_no_knee():
    assert find_knee(curve(lambda rate: 20 + rate / 20)) is None


def test_a_single_slow_moment_is_no_knee():
    assert find_knee(curve(lambda rate: 900 if rate == 60 else 20)) is None


def test_samples_are_summed_up_by_part_and_time(tmp_path):
    file = tmp_path / "samples.csv"
    file.write_text(
        "metric_name,timestamp,metric_value,extra_tags\n"
        "http_req_duration,1000,10.0,endpoint=a&part=search\n"
        "http_req_duration,1004,30.0,endpoint=a&part=search\n"
        "http_reqs,1004,1,endpoint=a&part=search\n"
        "http_req_duration,1006,7.0,endpoint=b&part=auth\n"
    )

    assert read_series(file) == [
        {"at_s": 0, "part": "search", "requests": 2, "p50_ms": 10.0, "p95_ms": 30.0},
        {"at_s": 5, "part": "auth", "requests": 1, "p50_ms": 7.0, "p95_ms": 7.0},
    ]
