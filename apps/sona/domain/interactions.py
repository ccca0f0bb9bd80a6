"""Who took which item when: the table that every model learns from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from apps.sona.domain.arrays import Doubles, Floats, Ints, Mask


@dataclass(frozen=True, slots=True)
class Interactions:
    """
    Positive interactions, each pair of user and item once, sorted by user, time and item.

    Attributes:
        users, items: Positions 0..n-1.
        at: Seconds since any epoch.
        strengths: How much each says, above 0; 1 is a whole interaction.
        n_users, n_items: Sizes of the two axes; a user or an item without rows is allowed.
    """

    users: Ints
    items: Ints
    at: Doubles
    strengths: Floats
    n_users: int
    n_items: int

    def __len__(self) -> int:
        return len(self.users)

    def take(self, rows: Mask) -> "Interactions":
        """Keep some rows; the axes stay as long as they are."""
        return Interactions(
            self.users[rows], self.items[rows], self.at[rows], self.strengths[rows], self.n_users, self.n_items
        )

    def matrix(self, weights: npt.NDArray[np.floating] | None = None) -> sparse.csr_matrix:
        """Write the rows as a matrix (n_users, n_items) of these weights, or of strengths; float32."""
        values = self.strengths if weights is None else weights.astype(np.float32)
        return sparse.csr_matrix((values, (self.users, self.items)), shape=(self.n_users, self.n_items))

    def counts(self) -> Doubles:
        """Count the users of each item; shape (n_items,)."""
        return np.bincount(self.items, minlength=self.n_items).astype(np.float64)

    def steps_back(self) -> Doubles:
        """
        Count for each row how many later moments its user has; 0 for the newest.

        Rows of one moment are one step: their order is not known, so nothing may be learned from it.
        """
        return compute_steps_back(self.users, self.at)


def make_interactions(
    users: npt.ArrayLike,
    items: npt.ArrayLike,
    at: npt.ArrayLike,
    *,
    n_users: int,
    n_items: int,
    strengths: npt.ArrayLike | None = None,
) -> Interactions:
    """Sort rows given in any order; of a pair that comes twice the newest counts."""
    u, i, t = np.asarray(users, np.int32), np.asarray(items, np.int32), np.asarray(at, np.float64)
    given = np.ones(len(u), np.float32) if strengths is None else np.asarray(strengths, np.float32)
    by_pair = np.lexsort((t, i, u))
    u, i, t = u[by_pair], i[by_pair], t[by_pair]
    newest = np.ones(len(u), np.bool_)
    newest[:-1] = (u[1:] != u[:-1]) | (i[1:] != i[:-1])
    u, i, t, s = u[newest], i[newest], t[newest], given[by_pair][newest]
    order = np.lexsort((i, t, u))
    return Interactions(u[order], i[order], t[order], s[order], n_users, n_items)


def compute_steps_back(users: Ints, at: Doubles) -> Doubles:
    """Count the later distinct moments of each row's user; rows sorted by user and time."""
    if not len(users):
        return np.zeros(0)
    starts = np.ones(len(users), np.bool_)
    starts[1:] = (users[1:] != users[:-1]) | (at[1:] != at[:-1])
    moment = np.cumsum(starts)
    last = np.zeros(int(users.max()) + 1, np.int64)
    np.maximum.at(last, users, moment)
    return (last[users] - moment).astype(np.float64)


def fade(steps_back: Doubles, half_life: float) -> Floats:
    """Weigh rows by recency: halved with every `half_life` steps; infinity weighs all alike."""
    return np.asarray(0.5 ** (steps_back / half_life), np.float32)
