"""Votes that fade, as a pure rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.discover.domain.trends import HALF_LIFE, add, log_weight, points_of, score_at

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

votes = st.tuples(st.floats(0.1, 1.0), st.integers(0, 30 * 24 * 3600).map(lambda s: NOW - timedelta(seconds=s)))


def total(sequence):
    log_score = log_weight(*sequence[0])
    for vote in sequence[1:]:
        log_score = add(log_score, log_weight(*vote))
    return log_score


def faded(sequence, now):
    """Sum the votes the slow way: each by itself, halved for every half-life of its age."""
    return sum(points * 0.5 ** ((now - at) / HALF_LIFE) for points, at in sequence)


@given(st.lists(votes, min_size=1, max_size=20), st.integers(0, 60))
def test_a_score_is_the_sum_of_its_faded_votes_at_any_time(sequence, days):
    later = NOW + timedelta(days=days)

    assert score_at(total(sequence), later) == pytest.approx(faded(sequence, later), rel=1e-9)


@given(st.lists(votes, min_size=1, max_size=10), st.lists(votes, min_size=1, max_size=10), st.integers(0, 3650))
def test_the_order_of_two_titles_does_not_depend_on_when_one_looks(one, other, days):
    later = NOW + timedelta(days=days)
    one_first = total(one) > total(other)

    assert (score_at(total(one), later) >= score_at(total(other), later)) or not one_first


@given(st.lists(votes, min_size=1, max_size=10), st.randoms())
def test_the_order_of_arrival_does_not_count(sequence, random):
    shuffled = list(sequence)
    random.shuffle(shuffled)

    assert total(shuffled) == pytest.approx(total(sequence), abs=1e-9)


def test_scores_stay_numbers_for_a_century():
    far = datetime(2126, 1, 1, tzinfo=UTC)

    assert score_at(add(log_weight(1.0, NOW), log_weight(1.0, far)), far) == pytest.approx(1.0)


@pytest.mark.parametrize(("ratio", "points"), [(0.0, 0.1), (0.5, 0.5), (1.0, 1.0), (1.3, 1.0)])
def test_a_viewing_counts_by_how_much_was_watched(ratio, points):
    assert points_of(ratio) == points
