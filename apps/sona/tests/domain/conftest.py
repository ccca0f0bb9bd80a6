"""Small populations with tastes."""

import numpy as np
import pytest

from apps.sona.domain.interactions import make_interactions


@pytest.fixture(scope="session")
def tastes():
    """80 people and 60 items: person u likes the items of group u mod 4, taken in an order of their own."""
    return make_population(n_users=80, n_items=60, groups=4, taken=8, seed=3)


def make_population(*, n_users, n_items, groups, taken, seed):
    """Let everybody take items, four fifths of them of their own group."""
    rng = np.random.default_rng(seed)
    users, items, at = [], [], []
    for user in range(n_users):
        own = np.flatnonzero(np.arange(n_items) % groups == user % groups)
        chosen = {*rng.choice(own, taken * 4 // 5, replace=False), *rng.choice(n_items, taken // 5, replace=False)}
        for step, item in enumerate(rng.permutation(sorted(chosen))):
            users.append(user)
            items.append(item)
            at.append(user * 7 + step * 100)
    return make_interactions(users, items, at, n_users=n_users, n_items=n_items)
