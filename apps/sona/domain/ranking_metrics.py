"""How good full rankings are: every item that the user does not have competes, equal scores are ordered by item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from apps.sona.domain.arrays import Doubles, Floats, Ints, Mask
from apps.sona.domain.interactions import Interactions
from apps.sona.domain.splits import Split

#: Scores all items for histories, shape (n_users, n_items).
Scorer = Callable[[Interactions], Floats]
#: Length of the list that coverage and diversity look at.
_LIST = 10
#: Places of a ranking that tuning looks at.
_TUNED_DEPTH = 100


@dataclass(slots=True)
class _Tally:
    """Sums over tested users."""

    sums: dict[str, float] = field(default_factory=dict)
    n: int = 0
    shown: set[int] = field(default_factory=set)

    def add(self, **values: Doubles) -> None:
        """Add one value for each user."""
        for name, each in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(each.sum())


def evaluate(split: Split, scorer: Scorer) -> dict[str, float]:
    """
    Rank all items for every tested user and compare with what is to be found.

    Returns:
        HR@10, Recall@20, NDCG@10, NDCG@100, MRR (of the first hit), coverage (share of the items that are in anybody's
        first ten), diversity (1 - mean cosine of the users of each two of the first ten), n (tested users).
    """
    tally = _Tally()
    columns = _unit_columns(split.train.matrix())
    for block in split.blocks():
        scores = scorer(block.history)
        scores[block.history.users, block.history.items] = -np.inf
        ranking = np.argsort(-scores, axis=1, kind="stable").astype(np.int32)
        hits = np.take_along_axis(block.targets, ranking, axis=1)
        tally.add(**_hit_metrics(hits))
        tally.add(diversity=_diversity(ranking[:, :_LIST], columns))
        tally.shown.update(np.unique(ranking[:, :_LIST]).tolist())
        tally.n += len(hits)
    means = {name: total / max(tally.n, 1) for name, total in tally.sums.items()}
    return {**_named(means), "coverage": len(tally.shown) / split.history.n_items, "n": tally.n}


def compute_merit(scores: Floats, seen: Mask, targets: Mask) -> Doubles:
    """
    Rate rankings for tuning, for each user: NDCG@10, and for a steadier figure NDCG@100 beside it.

    Args:
        scores: shape (n_users, n_items); left as they are.
        seen: What cannot be recommended.
        targets: What is to be found; at least one in each row.
    """
    open_scores = np.where(seen, -np.inf, scores)
    depth = min(_TUNED_DEPTH, scores.shape[1])
    head = np.argpartition(-open_scores, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(open_scores, head, axis=1), axis=1, kind="stable")
    hits = np.take_along_axis(targets, np.take_along_axis(head, order, axis=1), axis=1)
    wanted = targets.sum(axis=1)
    merit: Doubles = compute_ndcg(hits, 10, wanted=wanted) + compute_ndcg(hits, depth, wanted=wanted)
    return merit


def compute_ndcg(hits: Mask, depth: int, *, wanted: npt.NDArray[np.integer]) -> Doubles:
    """
    Compute NDCG of rankings with binary relevance; the discount is 1 / log2(rank + 1), ranks from 1.

    Args:
        hits: Which places of each ranking are to be found, shape (n_users, at least `depth` where there are so many).
        depth: Places that count.
        wanted: How many there are to be found in all, at least 1, shape (n_users,).
    """
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    head = hits[:, :depth]
    gained = head @ discounts[: head.shape[1]]
    ideal = np.cumsum(discounts)[np.minimum(wanted, depth) - 1]
    ndcg: Doubles = gained / ideal
    return ndcg


def _hit_metrics(hits: Mask) -> Mapping[str, Doubles]:
    wanted = hits.sum(axis=1)
    return {
        "hr_10": hits[:, :10].any(axis=1).astype(np.float64),
        "recall_20": hits[:, :20].sum(axis=1) / wanted,
        "ndcg_10": compute_ndcg(hits, 10, wanted=wanted),
        "ndcg_100": compute_ndcg(hits, 100, wanted=wanted),
        "mrr": 1.0 / (hits.argmax(axis=1) + 1),
    }


def _named(means: Mapping[str, float]) -> dict[str, float]:
    """Give the metrics the names by which they are known."""
    known = {"hr_10": "HR@10", "recall_20": "Recall@20", "ndcg_10": "NDCG@10", "ndcg_100": "NDCG@100", "mrr": "MRR"}
    return {known.get(name, name): value for name, value in means.items()}


def _unit_columns(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Write each item's users as a row of length 1, or 0 where it has none."""
    items = sparse.csr_matrix(matrix.T.astype(np.float64))
    lengths = np.sqrt(np.asarray(items.multiply(items).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1e-12)) @ items)


def _diversity(lists: Ints, columns: sparse.csr_matrix) -> Doubles:
    """Compute 1 - mean cosine over the pairs of each list, from the length of the sum of its unit vectors."""
    width = lists.shape[1]
    values = np.empty(len(lists))
    for place, items in enumerate(lists):
        chosen = columns[items]
        squares = float(chosen.multiply(chosen).sum())
        total = np.asarray(chosen.sum(axis=0)).ravel()
        values[place] = 1 - (float(total @ total) - squares) / max(width * (width - 1), 1)
    return values
