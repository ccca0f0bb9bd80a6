"""What each protocol holds out, and how rankings are judged."""

import numpy as np
import pytest

from apps.sona.domain.interactions import make_interactions
from apps.sona.domain.ranking_metrics import compute_ndcg, evaluate
from apps.sona.domain.splits import Protocol, split_by_test, split_off

pytestmark = pytest.mark.once


def test_leave_one_out_holds_the_newest_row_of_each_user():
    """User 1 has one row and is not tested; rows of one time are ordered by item."""
    known = make_interactions([0, 0, 0, 1], [1, 2, 0, 0], [1, 7, 7, 3], n_users=2, n_items=3)

    split = split_off(known, Protocol.LOO)

    assert (split.target_users.tolist(), split.target_items.tolist()) == ([0], [2])
    assert split.train.items.tolist() == [1, 0, 0]


def test_temporal_holds_the_newest_fifth_of_all_rows(tastes):
    """No target is older than a row that is kept."""
    split = split_off(tastes, Protocol.TEMPORAL)

    assert len(split.target_users) == pytest.approx(len(tastes) / 5, abs=1)
    assert split.train.at.max() <= tastes.at.max()
    assert len(split.train) + len(split.target_users) == len(tastes)


def test_strong_learns_nothing_from_tested_users(tastes):
    """A tenth of the users, four fifths of whose rows are known when they ask; the seed decides who."""
    split = split_off(tastes, Protocol.STRONG, seed=0)

    assert split.n_tested == 8
    assert not np.isin(split.train.users, split.target_users).any()
    assert set(split.history.users) == set(split.target_users)
    rows = np.bincount(tastes.users)[np.unique(split.target_users)]
    assert np.bincount(split.target_users)[np.unique(split.target_users)].tolist() == np.round(rows * 0.2).tolist()
    assert split_off(tastes, Protocol.STRONG, seed=0).target_items.tolist() == split.target_items.tolist()


def test_given_targets_are_taken_as_they_are():
    """Everything known is history; a target that is known already cannot be found; strong keeps tested users apart."""
    known = make_interactions([0, 0, 1], [0, 1, 2], [1, 2, 3], n_users=2, n_items=4)
    targets = make_interactions([0, 0], [1, 3], [9, 9], n_users=2, n_items=4)

    weak, strong = (split_by_test(known, targets, protocol) for protocol in (Protocol.LOO, Protocol.STRONG))

    assert weak.target_items.tolist() == strong.target_items.tolist() == [3]
    assert (len(weak.train), len(strong.train), len(strong.history)) == (3, 1, 3)


def test_full_rankings_are_judged_by_hand_computed_figures():
    """One user, five items, one of them known: targets at ranks 2 and 3 of the four that are left; ties by item."""
    known = make_interactions([0, 1], [4, 0], [1, 1], n_users=2, n_items=5)
    targets = make_interactions([0, 0], [1, 2], [2, 2], n_users=2, n_items=5)
    split = split_by_test(known, targets, Protocol.LOO)

    metrics = evaluate(split, lambda history: np.array([[1.0, 0.5, 0.5, 0.5, 9.0]]))

    dcg, ideal = 1 / np.log2(3) + 1 / np.log2(4), 1 + 1 / np.log2(3)
    assert metrics["NDCG@10"] == pytest.approx(dcg / ideal)
    assert metrics["MRR"] == pytest.approx(1 / 2)
    assert (metrics["HR@10"], metrics["Recall@20"], metrics["n"]) == (1, 1, 1)
    assert metrics["coverage"] == 1.0


def test_ndcg_of_a_perfect_head_is_one():
    """Ideal gain is cut at the same depth."""
    hits = np.zeros((2, 6), bool)
    hits[0, :3] = True
    hits[1, 5] = True

    assert compute_ndcg(hits, 2, wanted=hits.sum(axis=1)).tolist() == [1.0, 0.0]
