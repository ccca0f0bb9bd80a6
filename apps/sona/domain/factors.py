"""
Implicit ALS (Hu, Koren, Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008), and its fold-in.

With the items' factors Y fixed, a user's factors are the solution of one least-squares problem,
(YᵀY + ρI + Σ (c−1) y yᵀ) x = Σ c y over what the user took with confidence c. Solving it at request time gives exactly
what retraining that user gives, so feedback counts at once and a person needs no stored factors.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

from apps.sona.domain.arrays import Doubles, Floats, Ints


@dataclass(frozen=True, slots=True)
class FactorSettings:
    """How ALS is trained: `alpha` is the confidence of one interaction of strength 1, `penalty` is ρ."""

    factors: int = 32
    penalty: float = 0.1
    alpha: float = 5.0
    iterations: int = 15


@dataclass(frozen=True, slots=True)
class FactorModel:
    """
    The items' side of a factorisation.

    Attributes:
        items: Y, shape (n_items, factors).
        gram: YᵀY + ρI, shape (factors, factors).
        alpha: Confidence of strength 1.
    """

    items: Floats
    gram: Doubles
    alpha: float

    def fold_in(self, items: Ints, strengths: npt.NDArray[np.floating]) -> Doubles:
        """
        Solve for a user's factors exactly, by several weightings of one history at once.

        Args:
            items: The history, shape (n,).
            strengths: Shape (n_weightings, n); 0 leaves an item out.

        Returns:
            Shape (n_weightings, factors); zeros for an empty history.
        """
        if not strengths.any():
            return np.zeros((len(strengths), len(self.gram)))
        taken = self.items[items].astype(np.float64)
        confidence = self.alpha * strengths.astype(np.float64)
        more = np.where(confidence > 0, confidence - 1, 0)
        systems = self.gram + np.stack([(taken * each[:, None]).T @ taken for each in more])
        solved: Doubles = np.linalg.solve(systems, (confidence @ taken)[..., None])[..., 0]
        return solved

    def score(self, users: Doubles) -> Floats:
        """Score all items for users' factors, shape (n_users, n_items)."""
        # One product for each: a user's scores must not depend, not even by rounding, on who stands beside them.
        return np.stack([self.items @ user for user in users.astype(np.float32)])

    def apply(self, matrix: sparse.csr_matrix) -> Floats:
        """Fold in and score many users, shape (n_users, n_items)."""
        users = np.stack(
            [
                self.fold_in(matrix.indices[start:stop], matrix.data[None, start:stop])[0]
                for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
            ]
        )
        return np.asarray(users.astype(np.float32) @ self.items.T)


def fit_factors(matrix: sparse.csr_matrix, settings: FactorSettings, *, seed: int) -> FactorModel:
    """
    Train ALS by the `implicit` library.

    Args:
        matrix: Strengths, shape (n_users, n_items).
        settings: Size and regularisation.
        seed: Start of the factors; equal seeds give equal models.
    """
    # Here, because who serves a model imports this module too, and never trains.
    from implicit.cpu.als import AlternatingLeastSquares

    # Its own threads part the rows; BLAS threads beneath them would only fight for the same cores.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=settings.factors,
            regularization=settings.penalty,
            alpha=settings.alpha,
            iterations=settings.iterations,
            random_state=seed,
        )
        model.fit(matrix.astype(np.float32), show_progress=False)
    return make_factor_model(np.asarray(model.item_factors), penalty=settings.penalty, alpha=settings.alpha)


def make_factor_model(items: Floats, *, penalty: float, alpha: float) -> FactorModel:
    """Prepare items' factors for folding in."""
    wide = items.astype(np.float64)
    return FactorModel(items, wide.T @ wide + penalty * np.eye(items.shape[1]), alpha)
