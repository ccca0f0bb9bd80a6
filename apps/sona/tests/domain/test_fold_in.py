"""Folding a history in gives what retraining that person gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implicit.cpu.als import AlternatingLeastSquares
from scipy import optimize, sparse
from threadpoolctl import threadpool_limits

from apps.sona.domain.factors import FactorSettings, fit_factors, make_factor_model
from apps.sona.domain.linear import fit_linear

pytestmark = pytest.mark.once


@st.composite
def folded(draw):
    """Items' factors, and somebody's items with strengths."""
    n_items, size = draw(st.integers(2, 30)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    history = draw(st.lists(st.integers(0, n_items - 1), unique=True, max_size=n_items))
    strengths = rng.uniform(0.2, 2, len(history)).astype(np.float32)
    model = make_factor_model(
        rng.normal(0, 0.5, (n_items, size)).astype(np.float32),
        penalty=draw(st.sampled_from([0.01, 0.1, 10])),
        alpha=draw(st.sampled_from([1.0, 5.0, 40.0])),
    )
    return model, np.array(history, np.int32), strengths


@given(folded())
@settings(deadline=None)
def test_fold_in_is_the_least_squares_solution_of_the_whole_row(case):
    """Solved as one weighted ridge regression over every item, written out with no shortcut, within 1e-6."""
    model, history, strengths = case
    n_items, size = model.items.shape
    confidence, preference = np.ones(n_items), np.zeros(n_items)
    confidence[history], preference[history] = model.alpha * strengths, 1
    factors = model.items.astype(float)
    penalty = model.gram[0, 0] - factors[:, 0] @ factors[:, 0]
    # In ALS by `implicit`, a taken item's target is c and an item not taken weighs 1 with target 0: the same as
    # weights c and target 1.
    stacked = np.vstack([factors * np.sqrt(confidence)[:, None], np.sqrt(penalty) * np.eye(size)])
    wanted = np.concatenate([np.sqrt(confidence) * preference, np.zeros(size)])

    retrained, *_ = np.linalg.lstsq(stacked, wanted, rcond=None)

    assert np.allclose(model.fold_in(history, strengths[None])[0], retrained, rtol=1e-6, atol=1e-6)


def test_fold_in_is_what_implicit_gives_when_it_retrains_one_user(tastes):
    """`recalculate_user` of the library on its own factors; it computes in float32."""
    matrix = tastes.matrix()
    with threadpool_limits(1, "blas"):
        library = AlternatingLeastSquares(factors=8, regularization=0.1, alpha=5.0, iterations=5, random_state=1)
        library.fit(matrix, show_progress=False)
    model = fit_factors(matrix, FactorSettings(factors=8, penalty=0.1, alpha=5.0, iterations=5), seed=1)

    for user in range(tastes.n_users):
        row = matrix[user]
        retrained = library.recalculate_user(user, row)
        assert np.allclose(model.fold_in(row.indices, row.data[None])[0], retrained, rtol=1e-3, atol=1e-4)


def test_nothing_moves_a_converged_user(tastes):
    """The gradient of ALS's loss at the folded-in factors is zero."""
    model = fit_factors(tastes.matrix(), FactorSettings(factors=6, penalty=0.1, alpha=5.0), seed=0)
    items, strengths = tastes.items[:8], tastes.strengths[:8]
    confidence, preference = np.ones(len(model.items)), np.zeros(len(model.items))
    confidence[items], preference[items] = model.alpha, 1

    def loss(user):
        misses = preference - model.items.astype(float) @ user
        return confidence @ misses**2 + 0.1 * user @ user

    folded = model.fold_in(items, strengths[None])[0]

    assert np.abs(optimize.approx_fprime(folded, loss, 1e-6)).max() < 1e-4


@pytest.mark.parametrize(("n_users", "n_items"), [(40, 15), (15, 40)], ids=["items-side", "users-side"])
def test_linear_weights_are_the_constrained_ridge_regression(n_users, n_items):
    """Each column of B is the ridge regression of an item on the others, from either side of the matrix."""
    rng = np.random.default_rng(5)
    matrix = sparse.csr_matrix((rng.random((n_users, n_items)) < 0.3).astype(np.float32))
    model = fit_linear(matrix, penalty=2.0)

    weights = model.apply(sparse.identity(n_items, format="csr"))

    dense = matrix.toarray().astype(float)
    for item in range(n_items):
        others = np.arange(n_items) != item
        gram = dense[:, others].T @ dense[:, others] + 2.0 * np.eye(n_items - 1)
        expected = np.linalg.solve(gram, dense[:, others].T @ dense[:, item])
        assert np.allclose(weights[others, item], expected, atol=1e-6)
        assert abs(weights[item, item]) < 1e-6
