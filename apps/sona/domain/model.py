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
    What somebody took, each item once.

    Attributes:
        items: Positions of items, shape (n,).
        strengths: Above 0.
        steps_back: Later moments of the person; 0 for the newest.
    """

    items: Ints
    strengths: Floats
    steps_back: Doubles

    def without(self, place: int) -> "History":
        """Leave one item out; the others keep their recency."""
        rest = np.arange(len(self.items)) != place
        return History(self.items[rest], self.strengths[rest], self.steps_back[rest])


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
    square = np.einsum("ki,ki->k", parts, parts) / parts.shape[1]
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return mean, np.where(spread > _FLAT, spread, 1).astype(np.float32)


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
        """Score all items for one history, shape (n_items,)."""
        weights = self.blend.weights(len(history.items)).astype(np.float32)
        scores: Floats = weights @ level(self.parts(history))
        return scores

    def parts(self, history: History) -> Floats:
        """Score all items by every part, shape (7, n_items)."""
        items, strengths = history.items, history.strengths
        now = strengths * fade(history.steps_back, self.memory.linear_now)
        close = strengths * fade(history.steps_back, self.memory.succession)
        parts = np.empty((len(PARTS), self.n_items), np.float32)
        parts[0] = self.linear.combine(items, strengths)
        parts[1] = self.linear.combine(items, now)
        parts[2] = np.log1p(self.successions.combine(items, close) / _FLOOR)
        parts[3] = self.factors.score(self.factors.fold_in(items, strengths))
        parts[4] = self.popularity
        parts[5] = self.trend
        parts[6] = self.content.combine(items, now / max(float(now.sum()), 1e-9))
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
        parts[2] = np.log1p(self.successions.apply(close) / _FLOOR)
        parts[3] = self.factors.apply(flat)
        parts[4] = self.popularity
        parts[5] = self.trend
        totals = np.maximum(np.asarray(now.sum(axis=1)), 1e-9)
        parts[6] = self.content.apply(now) / totals
        return parts
