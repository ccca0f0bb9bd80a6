"""The table of interactions: order, doubles, and rows of one moment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sona.domain.interactions import fade, make_interactions

pytestmark = pytest.mark.once


def test_rows_are_sorted_and_the_newest_of_a_pair_counts():
    """User 0 took item 1 twice; the later time and strength stay."""
    table = make_interactions([1, 0, 0], [0, 1, 1], [5, 9, 3], strengths=[1, 2, 3], n_users=2, n_items=2)

    assert (table.users.tolist(), table.items.tolist(), table.at.tolist()) == ([0, 1], [1, 0], [9, 5])
    assert table.strengths.tolist() == [2, 1]


def test_rows_of_one_moment_are_one_step():
    """Two rows at time 5 have the same distance from the newest."""
    table = make_interactions([0, 0, 0, 1], [3, 2, 1, 0], [5, 5, 9, 1], n_users=2, n_items=4)

    assert table.steps_back().tolist() == [1, 1, 0, 0]
    assert fade(table.steps_back(), 1.0).tolist() == [0.5, 0.5, 1, 1]
    assert fade(table.steps_back(), np.inf).tolist() == [1, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 4)), max_size=30), st.randoms())
def test_the_order_of_the_file_does_not_count(rows, random):
    """Any order of rows whose pairs are distinct makes the same table."""
    rows = list({(user, item): (user, item, at) for user, item, at in rows}.values())
    shuffled = random.sample(rows, len(rows))

    first, second = (
        make_interactions(*(np.array(each, int).reshape(-1, 3).T), n_users=4, n_items=6) for each in (rows, shuffled)
    )

    assert np.array_equal(first.matrix().toarray(), second.matrix().toarray())
    assert np.array_equal(first.items, second.items)
