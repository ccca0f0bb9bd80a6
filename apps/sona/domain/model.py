"""
The recommender: parts that each score every item for a history, blended by learned weights.

A person is nothing but their history: every part folds it in by a closed form, so what was said a moment ago counts.
"""

from dataclasses import dataclass

import numpy as np

from apps.sona.domain.arrays import Doubles, Floats, Ints
from apps.sona.domain.factors import FactorModel
from apps.sona.domain.interactions import Interactions, fade
from apps.sona.domain.item_table import ItemTable

#: What is blended, in the order of every array of weights or scores.
PARTS = ("linear", "linear_now", "succession", "factors", "popularity", "trend", "content")
#: The share of a succession from which its logarithm grows; one follower of a thousand.
_FLOOR = 1e-3
#: Below this a part's deviation is rounding.
_FLAT = 1e-6
#: History at which the weights stand halfway between a newcomer's and a regular's.
_HALFWAY = 3.0


@dataclass(frozen=True, slots=True)
class Memory:
    """After how many steps of a person's history an interaction counts half, in each part that forgets."""

    linear_now: float
    succession: float


@dataclass(frozen=True, slots=True)
class Blend:
    """
    Weights of `PARTS`, shape (7,): for a newcomer and for a regular.

    Attributes:
        cold: Holds without a history.
        warm: Holds with a long one.
    """

    cold: Doubles
    warm: Doubles

    def weights(self, n_history: int) -> Doubles:
        """Move from cold to warm with the length of the history."""
        return self.cold + (self.warm - self.cold) * (n_history / (n_history + _HALFWAY))


@dataclass(frozen=True, slots=True)
class History:
    """
    What somebody took, each item once, and what is left of it when parts are left out.

    Attributes:
        items: Positions of items, shape (n,).
        strengths: By version, shape (n_versions, n); 0 leaves an item out.
        steps_back: Later moments of the person, shape (n_versions, n); 0 for the newest.
    """

    items: Ints
    strengths: Floats
    steps_back: Doubles

    def lengths(self) -> Ints:
        """Count what each version holds, shape (n_versions,)."""
        return np.asarray(np.count_nonzero(self.strengths, axis=1), np.int32)


def level(parts: Floats) -> Floats:
    """
    Bring every part of every person to a standard deviation of 1 over the items, in place, and return it.

    Sums grow with the length of a history and logarithms do not; levelled, one set of weights fits all. A part that
    says the same of all items is left as it is: it orders nothing.
    """
    spread = parts.std(axis=-1, keepdims=True)
    parts /= np.where(spread > _FLAT, spread, 1)
    return parts


def measure(parts: Floats) -> tuple[Floats, Floats]:
    """Give means and the deviations that `level` divides by, shape (n_parts,) each; parts are left as they are."""
    if not parts.shape[1]:
        return np.zeros(len(parts), np.float32), np.ones(len(parts), np.float32)
    mean = parts.mean(axis=1)
    square = np.vecdot(parts, parts) / parts.shape[1]
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return mean, np.where(spread > _FLAT, spread, 1).astype(np.float32)


def _log_shares(shares: Floats) -> Floats:
    """Take logarithms that grow from `_FLOOR` on; six times as fast as log1p, whose care for the smallest is wasted."""
    return np.asarray(np.log(1 + shares / np.float32(_FLOOR)), np.float32)


@dataclass(frozen=True, slots=True)
class SonaModel:
    """
    Everything that was learned from everybody; no person is in it.

    Attributes:
        linear: EASE's weights.
        successions: What is taken close by.
        content: Cosine of what titles are, neighbours only.
        factors: ALS.
        popularity, trend: shape (n_items,).
        memory, blend: How parts forget and how they are weighed.
    """

    linear: ItemTable
    successions: ItemTable
    content: ItemTable
    factors: FactorModel
    popularity: Floats
    trend: Floats
    memory: Memory
    blend: Blend

    @property
    def n_items(self) -> int:
        """Length of every score."""
        return len(self.popularity)

    def score(self, history: History) -> Floats:
        """Score all items for the versions of a history, shape (n_versions, n_items)."""
        weights = np.stack([self.blend.weights(int(length)) for length in history.lengths()])
        scores: Floats = np.einsum("vk,vki->vi", weights.astype(np.float32), level(self.parts(history)))
        return scores

    def parts(self, history: History) -> Floats:
        """Score all items by every part for the versions of a history, shape (n_versions, 7, n_items)."""
        items, strengths = history.items, history.strengths
        now = strengths * fade(history.steps_back, self.memory.linear_now)
        close = strengths * fade(history.steps_back, self.memory.succession)
        n_versions = len(strengths)
        parts = np.empty((n_versions, len(PARTS), self.n_items), np.float32)
        linear = self.linear.combine(items, np.concatenate([strengths, now]))
        parts[:, 0], parts[:, 1] = linear[:n_versions], linear[n_versions:]
        parts[:, 2] = _log_shares(self.successions.combine(items, close))
        parts[:, 3] = self.factors.score(self.factors.fold_in(items, strengths))
        parts[:, 4] = self.popularity
        parts[:, 5] = self.trend
        parts[:, 6] = self.content.combine(items, now / np.maximum(now.sum(axis=1, keepdims=True), 1e-9))
        return parts

    def apply(self, history: Interactions) -> Floats:
        """Score all items for many histories, shape (n_users, n_items)."""
        lengths = np.bincount(history.users, minlength=history.n_users)
        weights = np.stack([self.blend.weights(int(length)) for length in lengths]).astype(np.float32)
        scores: Floats = np.einsum("uk,kui->ui", weights, level(self.apply_parts(history)))
        return scores

    def apply_parts(self, history: Interactions) -> Floats:
        """Score all items for many histories by every part, shape (7, n_users, n_items)."""
        steps = history.steps_back()
        flat = history.matrix()
        now = history.matrix(history.strengths * fade(steps, self.memory.linear_now))
        close = history.matrix(history.strengths * fade(steps, self.memory.succession))
        parts = np.empty((len(PARTS), history.n_users, self.n_items), np.float32)
        parts[0] = self.linear.apply(flat)
        parts[1] = self.linear.apply(now)
        parts[2] = _log_shares(self.successions.apply(close))
        parts[3] = self.factors.apply(flat)
        parts[4] = self.popularity
        parts[5] = self.trend
        totals = np.maximum(np.asarray(now.sum(axis=1)), 1e-9)
        parts[6] = self.content.apply(now) / totals
        return parts
