"""Stamps and waits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.user.domain.pins import wait_after
from apps.user.domain.stamps import next_stamp

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MOMENTS = st.floats(min_value=0, max_value=7e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.lists(MOMENTS, min_size=2, max_size=20))
def test_stamps_grow_whatever_the_clock_does(moments):
    stamps, last = [], ""
    for now in moments:
        last = next_stamp(now, after=last)
        stamps.append(last)

    assert stamps == sorted(set(stamps))


def test_a_full_counter_goes_on_in_the_next_millisecond():
    full = next_stamp(NOW)[:14] + "ffff-server"

    assert next_stamp(NOW, after=full) > full


def test_waits_begin_with_the_fifth_failure_and_grow_to_an_hour():
    minutes = [wait_after(failures) / timedelta(minutes=1) for failures in range(10)]

    assert minutes == [0, 0, 0, 0, 0, 1, 5, 15, 60, 60]
