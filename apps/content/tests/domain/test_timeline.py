"""What a source said when, whatever the order in which its snapshots arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.domain.timeline import Interval, apply_sighting, unite


def _day(number: int) -> datetime:
    return datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=number)


def _spans(*pairs: tuple[int, int | None]) -> tuple[Interval, ...]:
    return tuple(Interval(_day(start), None if end is None else _day(end)) for start, end in pairs)


@pytest.mark.parametrize(
    ("before", "at", "following", "present", "after"),
    [
        pytest.param([], 5, None, True, [(5, None)], id="first seen"),
        pytest.param([], 5, None, False, [], id="never seen"),
        pytest.param([(1, None)], 5, None, True, [(1, None)], id="still there"),
        pytest.param([(1, None)], 5, None, False, [(1, 5)], id="gone"),
        pytest.param([(1, 3)], 5, None, True, [(1, 3), (5, None)], id="back again"),
        pytest.param([(9, None)], 5, 9, True, [(5, None)], id="was there before"),
        pytest.param([(9, None)], 5, 9, False, [(9, None)], id="was not there before"),
        pytest.param([(1, None)], 5, 9, False, [(1, 5), (9, None)], id="had a gap"),
        pytest.param([(1, 9)], 5, 9, False, [(1, 5)], id="left earlier than thought"),
        pytest.param([], 5, 9, True, [(5, 9)], id="was there for a while"),
        pytest.param([(5, None)], 5, None, False, [], id="corrected: never there"),
        pytest.param([(5, None)], 5, 9, False, [(9, None)], id="corrected: came later"),
        pytest.param([(1, 5), (9, None)], 5, 9, True, [(1, None)], id="corrected: no gap"),
    ],
)
def test_a_snapshot_decides_its_own_span(before, at, following, present, after):
    """Only the span from the snapshot to the source's next one changes."""
    follows = None if following is None else _day(following)

    assert apply_sighting(_spans(*before), at=_day(at), following=follows, present=present) == _spans(*after)


def _read_off(snapshots: dict[int, bool]) -> tuple[Interval, ...]:
    """Compute the intervals the plain way: one span per snapshot, then united."""
    days = sorted(snapshots)
    ends = [*days, None][1:]
    return unite(_spans(*((day, end) for day, end in zip(days, ends, strict=True) if snapshots[day])))


@given(st.dictionaries(st.integers(0, 9), st.booleans()), st.randoms(use_true_random=False))
def test_any_order_of_snapshots_gives_the_same_intervals(snapshots, order):
    """Late snapshots end where they would have begun."""
    arrival = sorted(snapshots)
    order.shuffle(arrival)

    intervals: tuple[Interval, ...] = ()
    for position, day in enumerate(arrival):
        following = min((_day(other) for other in arrival[:position] if other > day), default=None)
        intervals = apply_sighting(intervals, at=_day(day), following=following, present=snapshots[day])

    assert intervals == _read_off(snapshots)


@given(st.dictionaries(st.integers(0, 9), st.booleans(), min_size=1), st.integers(0, 8), st.booleans())
def test_an_older_snapshot_never_changes_what_is_current(snapshots, day, present):
    """Whether a claim stands now is the newest snapshot's word alone."""
    before = _read_off(snapshots)
    newest = max(snapshots)
    following = min((_day(other) for other in snapshots if other > day), default=None)

    after = apply_sighting(before, at=_day(day), following=following, present=present)

    if day < newest:
        assert [span.covers(_day(newest)) for span in after].count(True) == snapshots[newest]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5) | st.none())), st.randoms(use_true_random=False))
def test_uniting_is_idempotent_and_blind_to_order(pairs, order):
    """The union depends on what is covered alone."""
    spans = list(_spans(*((start, None if length is None else start + length) for start, length in pairs)))
    united = unite(spans)
    order.shuffle(spans)

    assert unite(spans) == united == unite(united)
    for moment in map(_day, range(16)):
        assert any(span.covers(moment) for span in spans) == any(span.covers(moment) for span in united)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param((1, 3), (3, 5), False, id="touching"),
        pytest.param((1, 4), (3, 5), True, id="overlapping"),
        pytest.param((1, None), (9, None), True, id="both open"),
        pytest.param((1, 3), (5, None), False, id="apart"),
    ],
)
def test_spans_overlap_when_they_share_a_moment(one, other, expected):
    """Half-open spans that touch share nothing; overlap goes both ways."""
    (first,), (second,) = _spans(one), _spans(other)

    assert first.overlaps(second) is second.overlaps(first) is expected
