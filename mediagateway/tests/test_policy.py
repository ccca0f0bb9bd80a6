"""Viewing windows."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediagateway.policy import Policy, ViewingWindow


@pytest.mark.parametrize(
    ("start", "end", "at", "is_open"),
    [
        ("07:00", "20:00", "2026-11-22T06:00", True),
        ("07:00", "20:00", "2026-11-22T05:59", False),
        ("07:00", "20:00", "2026-11-22T18:59", True),
        ("07:00", "20:00", "2026-11-22T19:00", False),
        ("19:30", "07:00", "2026-11-22T18:30", True),
        ("19:30", "07:00", "2026-11-22T23:30", True),
        ("19:30", "07:00", "2026-11-22T05:59", True),
        ("19:30", "07:00", "2026-11-22T06:00", False),
        # In summer the wall clock is two hours ahead of UTC.
        ("07:00", "20:00", "2026-07-01T05:00", True),
        ("07:00", "20:00", "2026-07-01T18:00", False),
        # The hour from two to three happens twice when the clock is put back, and not at all when it is put forward.
        ("02:00", "03:00", "2026-10-25T00:30", True),
        ("02:00", "03:00", "2026-10-25T01:30", True),
        ("02:00", "03:00", "2026-03-29T01:00", False),
    ],
)
def test_a_window_follows_the_wall_clock(start, end, at, is_open):
    window = ViewingWindow(time.fromisoformat(start), time.fromisoformat(end), "Europe/Berlin")

    assert window.is_open_at(datetime.fromisoformat(at).replace(tzinfo=UTC)) is is_open


@given(st.times(), st.times(), st.datetimes(timezones=st.just(UTC)))
def test_a_window_and_its_complement_share_no_moment(start, end, now):
    """Every moment lies in exactly one of the two."""
    if start != end:
        assert ViewingWindow(start, end, "UTC").is_open_at(now) != ViewingWindow(end, start, "UTC").is_open_at(now)


def test_without_a_window_every_hour_is_open():
    assert Policy(region="US").permits_watching_at(datetime(2026, 11, 22, 3, tzinfo=UTC))
