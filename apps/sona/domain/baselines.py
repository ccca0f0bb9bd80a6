"""What SONA is compared with, each tuned on the same held-out part of the training data."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np
from scipy import sparse

from apps.sona.domain.factors import FactorSettings, fit_factors
from apps.sona.domain.interactions import Interactions
from apps.sona.domain.item_table import ItemTable, cut_rows
from apps.sona.domain.linear import fit_linear
from apps.sona.domain.ranking_metrics import Scorer
from apps.sona.domain.splits import Split
from apps.sona.domain.training import choose_factors, choose_penalty, compute_split_merit, linear_scorer

#: Candidates for item-kNN: neighbours, and shrinkage of the cosine where few users have both items.
NEIGHBOURS, SHRINKAGES = (20, 50, 100, 200), (0.0, 10.0, 100.0)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for the baselines."""

    neighbours: int
    shrinkage: float
    penalty: float
    factors: FactorSettings


def choose(split: Split, *, seed: int) -> Choices:
    """Tune every baseline on a split of the training data."""
    matrix = split.train.matrix()
    neighbours, shrinkage = max(
        product(NEIGHBOURS, SHRINKAGES),
        key=lambda each: compute_split_merit(split, _table_scorer(fit_neighbours(matrix, *each))),
    )
    return Choices(neighbours, shrinkage, choose_penalty(split), choose_factors(split, seed=seed))


def fit_baselines(train: Interactions, choices: Choices, *, seed: int) -> Mapping[str, Scorer]:
    """Fit every baseline on all that may be learned from, by name."""
    matrix = train.matrix()
    counts = train.counts().astype(np.float32)
    factors = fit_factors(matrix, choices.factors, seed=seed)
    return {
        "most_popular": lambda history: np.tile(counts, (history.n_users, 1)),
        "item_knn": _table_scorer(fit_neighbours(matrix, choices.neighbours, choices.shrinkage)),
        "ease": linear_scorer(fit_linear(matrix, penalty=choices.penalty), inf),
        "implicit_als": lambda history: factors.apply(history.matrix()),
    }


def fit_neighbours(matrix: sparse.csr_matrix, width: int, shrinkage: float) -> ItemTable:
    """Compute each item's nearest by cosine of who took them: common users / (√(users · users) + shrinkage)."""
    together = sparse.csr_matrix(matrix.T @ matrix)
    lengths = np.sqrt(together.diagonal())

    def rows(start: int, stop: int) -> np.ndarray:
        block = together[start:stop].toarray()
        block /= lengths[start:stop, None] * lengths[None] + shrinkage + 1e-12
        block[np.arange(stop - start), np.arange(start, stop)] = 0
        return block

    return cut_rows(rows, matrix.shape[1], width=width)


def _table_scorer(table: ItemTable) -> Scorer:
    return lambda history: table.apply(history.matrix())
