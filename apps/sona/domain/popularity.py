"""How much an item is taken by everybody, over all time and lately."""

import numpy as np

from apps.sona.domain.arrays import Doubles, Floats
from apps.sona.domain.interactions import Interactions


def compute_popularity(history: Interactions, *, prior: Floats) -> Floats:
    """Rate items by log(1 + users), shape (n_items,), where `prior` users are credited beforehand."""
    return np.log1p(history.counts() + prior).astype(np.float32)


def compute_trend(history: Interactions, *, now_s: float, half_life_s: float) -> Floats:
    """
    Rate items by log(1 + users lately), shape (n_items,); an interaction counts half after each half-life.

    What lies after `now_s` does not count.
    """
    age: Doubles = now_s - history.at
    weights = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / half_life_s), 0)
    return np.log1p(np.bincount(history.items, weights, minlength=history.n_items)).astype(np.float32)
