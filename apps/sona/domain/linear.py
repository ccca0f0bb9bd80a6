"""
EASE: each item as a linear sum of the others, in closed form (Steck, "Embarrassingly Shallow Autoencoders", 2019).

With Gram matrix G = XᵀX + λI and P = G⁻¹, the weights are B = I − P / diag(P), of zero diagonal. Where there are fewer
users than items, P comes from the users' side, P = (I − Xᵀ(XXᵀ + λI)⁻¹X) / λ, which is the same matrix for less work.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from apps.sona.domain.arrays import Doubles, Floats
from apps.sona.domain.item_table import ROW_WIDTH, ItemTable, cut_rows, empty_table

#: Where there are more users and more items than this, the most taken items are modelled: inverses grow by the cube.
MAX_SIDE = 6000


@dataclass(frozen=True, slots=True)
class LinearModel:
    """
    The weights B, held as whichever inverse is smaller.

    Attributes:
        matrix: X, shape (n_users, n_items).
        penalty: λ.
        inverse: P (items) or (XXᵀ + λI)⁻¹ (users).
        scales: diag(P), shape (n_items,).
        is_dual: Whether `inverse` is the users'.
    """

    matrix: sparse.csr_matrix
    penalty: float
    inverse: Doubles
    scales: Doubles
    is_dual: bool

    def apply(self, weights: sparse.csr_matrix) -> Floats:
        """Score all items for weighted histories, shape (n_users, n_items): weights times B."""
        product = self._inverse_times(weights)
        scores: npt.NDArray[np.float64] = weights.toarray() - product / self.scales
        return scores.astype(np.float32)

    def table(self, *, width: int = ROW_WIDTH) -> ItemTable:
        """Write B as a table."""
        n_items = self.matrix.shape[1]
        unit = sparse.identity(n_items, format="csr")
        return cut_rows(lambda start, stop: self.apply(unit[start:stop]), n_items, width=width)

    def _inverse_times(self, weights: sparse.csr_matrix) -> Doubles:
        """Compute weights times P."""
        if not self.is_dual:
            return np.asarray(weights @ self.inverse)
        seen = (weights @ self.matrix.T).toarray() @ self.inverse
        return np.asarray((weights.toarray() - seen @ self.matrix) / self.penalty)


def fit_linear_table(matrix: sparse.csr_matrix, *, penalty: float, width: int = ROW_WIDTH) -> ItemTable:
    """
    Learn B as a table; of a large catalogue for the `MAX_SIDE` most taken items, the others' rows being empty.

    Items that nobody took have empty rows in any case, so they cost nothing.
    """
    counts = np.asarray((matrix > 0).sum(axis=0)).ravel()
    taken = np.flatnonzero(counts)
    if min(matrix.shape[0], len(taken)) > MAX_SIDE:
        taken = np.sort(taken[np.argsort(-counts[taken], kind="stable")[:MAX_SIDE]])
    n_items = matrix.shape[1]
    if len(taken) == n_items:
        return fit_linear(matrix, penalty=penalty).table(width=width)
    if not len(taken):
        return empty_table(n_items)
    core = fit_linear(sparse.csr_matrix(matrix[:, taken]), penalty=penalty).table(width=width)
    columns = np.zeros((n_items, core.columns.shape[1]), np.int32)
    values = np.zeros((n_items, core.columns.shape[1]), np.float32)
    columns[taken], values[taken] = taken[core.columns], core.values
    return ItemTable(columns, values)


def fit_linear(matrix: sparse.csr_matrix, *, penalty: float) -> LinearModel:
    """
    Learn B from who took what.

    Args:
        matrix: Shape (n_users, n_items).
        penalty: λ > 0.
    """
    n_users, n_items = matrix.shape
    matrix = matrix.astype(np.float64)
    is_dual = n_users < n_items
    gram = (matrix @ matrix.T if is_dual else matrix.T @ matrix).toarray()
    gram[np.diag_indices_from(gram)] += penalty
    inverse = linalg.inv(gram, overwrite_a=True, check_finite=False)
    if is_dual:
        spread = matrix.T @ inverse
        scales = (1 - np.asarray(matrix.T.multiply(spread).sum(axis=1)).ravel()) / penalty
    else:
        scales = np.diag(inverse).copy()
    return LinearModel(matrix, penalty, inverse, scales, is_dual)
