"""Which position holds, as a pure rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.playback.domain.positions import OVERSHOOT_S, Outcome, Position, settle
from apps.playback.domain.progress import completion_ratio, is_completed, resume_position_s
from apps.playback.errors import BeyondTheEndError

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
START = Position(0, 6000, NOW - timedelta(hours=3))

reports = st.builds(
    Position,
    position_s=st.integers(0, 6000),
    duration_s=st.just(6000),
    observed_at=st.integers(-10_000, 10_000).map(lambda s: NOW + timedelta(seconds=s)),
)


def settled(sequence):
    held = START
    for report in sequence:
        held, _ = settle(held, report, now=NOW)
    return held


@given(st.lists(reports, min_size=1, max_size=8))
def test_the_newest_report_holds_whatever_the_order_of_arrival(sequence):
    """Reports with past stamps that all differ settle to one position in any order."""
    past = {report.observed_at: report for report in sequence if report.observed_at <= NOW}
    by_time = sorted(past.values(), key=lambda report: report.observed_at)

    assert settled(past.values()) == settled(by_time) == (by_time[-1] if by_time else START)


@given(st.lists(reports, max_size=8))
def test_a_report_from_now_is_never_stale(sequence):
    """Whatever clocks said before."""
    held = settled(sequence)

    _, outcome = settle(held, Position(10, None, NOW + timedelta(seconds=5)), now=NOW + timedelta(seconds=5))

    assert outcome is not Outcome.STALE


@given(reports)
def test_a_report_twice_is_a_report_once(report):
    once = settled([report])

    assert settled([report, report]) == once


@pytest.mark.parametrize(("position_s", "held_s"), [(6000, 6000), (6000 + OVERSHOOT_S, 6000), (5999, 5999)])
def test_an_overshoot_is_the_end(position_s, held_s):
    assert settle(START, Position(position_s, None, NOW), now=NOW)[0].position_s == held_s


def test_what_lies_beyond_the_end_is_refused():
    with pytest.raises(BeyondTheEndError):
        settle(START, Position(6001 + OVERSHOOT_S, None, NOW), now=NOW)


@given(st.integers(0, 10_000), st.one_of(st.none(), st.integers(1, 10_000)))
def test_a_title_is_resumed_or_watched_to_the_end_and_never_both(position_s, duration_s):
    ratio = completion_ratio(position_s, duration_s)

    assert 0.0 <= ratio <= 1.0
    assert not (is_completed(position_s, duration_s) and resume_position_s(position_s, duration_s))
    assert resume_position_s(position_s, duration_s) in (0, position_s)
