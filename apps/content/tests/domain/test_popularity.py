"""Popularity is one scale for all sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.domain.popularity import compute_popularity


@pytest.mark.parametrize(
    ("tmdb", "reviews"),
    [(4.5, 10), (7.9, 23), (12.4, 56), (21.4, 129), (43.2, 192), (66.6, 228), (144.1, 299), (635.7, 388)],
)
def test_equal_quantiles_have_equal_values(tmdb, reviews):
    """A film in the middle of one source's scale stands in the middle of the other's."""
    by_audience, by_critics = compute_popularity(tmdb_popularity=tmdb), compute_popularity(review_count=reviews)

    assert by_audience == pytest.approx(by_critics, abs=0.01)


@pytest.mark.parametrize("value", [compute_popularity(tmdb_popularity=1e9), compute_popularity(review_count=10**6)])
def test_the_scale_ends_at_one(value):
    """No figure is beyond the column's range."""
    assert value == 1.0


def test_whoever_vouches_for_most_decides():
    """A title that few look at just now is as well known as its critics or our editors say."""
    by_critics = compute_popularity(review_count=300)

    assert compute_popularity(tmdb_popularity=10, review_count=300, renown=3) == by_critics
    assert compute_popularity(tmdb_popularity=1000, review_count=300) == 1.0
    assert compute_popularity(review_count=0, renown=5) == compute_popularity(renown=5)
    by_renown = [compute_popularity(renown=renown) for renown in (2, 3, 4, 5)]
    assert compute_popularity() < by_renown[0]
    assert by_renown == sorted(set(by_renown))
    assert by_renown[-1] < 1.0


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_audience_is_never_less_popular(one, other):
    """The order of TMDB's figures survives."""
    low, high = sorted((one, other))

    assert 0.0 <= compute_popularity(tmdb_popularity=low) <= compute_popularity(tmdb_popularity=high) <= 1.0


def test_what_is_new_is_looked_at_most():
    """The same figure says more of an older title; of one that is not out yet no less than of a new one."""
    by_age = [compute_popularity(tmdb_popularity=400, tmdb_age=age) for age in (-1, 0, 1, 2, 3, 4, 5, 6, 30)]

    assert by_age == sorted(by_age)
    assert by_age[0] == by_age[1] < 0.5
    assert by_age[-1] == by_age[-2] == compute_popularity(tmdb_popularity=400)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_more_reviews_are_never_less_popular(one, other):
    """The order of review counts survives."""
    low, high = sorted((one, other))

    assert 0.0 <= compute_popularity(review_count=low) <= compute_popularity(review_count=high) <= 1.0
