"""The hybrid logical clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sync.domain.clock import (
    MAX_COUNTER,
    HybridClock,
    is_stamp_of,
    read_stamp,
    stamp_ms,
    write_stamp,
)

pytestmark = pytest.mark.once

WALLS = st.lists(st.integers(0, 10**12), min_size=2, max_size=30)


@given(WALLS)
def test_stamps_grow_whatever_the_wall_says(walls):
    clock = HybridClock("a")

    stamps = [clock.tick(wall) for wall in walls]

    assert stamps == sorted(set(stamps))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_write_comes_after_everything_that_was_seen(theirs, ours):
    seen, clock = HybridClock("b").tick(theirs), HybridClock("a")
    clock.observe(seen)

    assert clock.tick(ours) > seen


def test_a_newer_wall_starts_the_counter_again():
    clock = HybridClock("a")

    assert [clock.tick(wall) for wall in (7, 7, 6, 8)] == [
        "0000000000007-0000-a",
        "0000000000007-0001-a",
        "0000000000007-0002-a",
        "0000000000008-0000-a",
    ]


def test_a_full_counter_borrows_a_millisecond():
    clock = HybridClock("a", last=7 << 16 | MAX_COUNTER)

    assert clock.tick(7) == "0000000000008-0000-a"
    assert clock.tick(8) == "0000000000008-0001-a"


@given(st.integers(0, (10**13 << 16) - 1), st.integers(0, (10**13 << 16) - 1))
def test_stamps_are_ordered_as_their_readings(one, other):
    stamps = write_stamp(one, "a"), write_stamp(other, "a")

    assert (stamps[0] < stamps[1]) is (one < other)
    assert (read_stamp(stamps[0]), stamp_ms(stamps[0])) == (one, one >> 16)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0000000000007-0001-a", True),
        ("0000000000007-0001-b", False),
        ("0000000000007-001-a", False),
        ("000000000007-0001-a", False),
        ("0000000000007-000G-a", False),
        ("0000000000007-0001-a\n", False),
        ("٠٠٠٠٠٠٠٠٠٠٠٠٧-0001-a", False),
        ("", False),
    ],
)
def test_a_stamp_has_one_form(text, is_one):
    assert is_stamp_of("a", text) is is_one
