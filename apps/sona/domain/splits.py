"""How interactions are parted into what is learned from, what is known of a tested user, and what is to be found."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from apps.sona.domain.arrays import Ints, Mask
from apps.sona.domain.interactions import Interactions

#: Share of rows, newest first, that a temporal split holds out.
_NEWEST = 0.2
#: Share of users that a strong split holds out, and of each one's rows that are to be found.
_USERS, _TARGETS = 0.1, 0.2
#: Users that are scored at once hold at most this many scores: 32 MB a part.
_BLOCK_SCORES = 8_000_000


class Protocol(StrEnum):
    """What is held out: each user's newest row, the newest fifth of all rows, or whole users."""

    LOO = "loo"
    TEMPORAL = "temporal"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Block:
    """Some tested users: their histories with users renumbered 0..n-1, and which items are to be found (n, n_items)."""

    history: Interactions
    targets: Mask

    def seen(self) -> Mask:
        """Mark what the histories hold, shape (n_users, n_items)."""
        seen = np.zeros(self.targets.shape, np.bool_)
        seen[self.history.users, self.history.items] = True
        return seen


@dataclass(frozen=True, slots=True)
class Split:
    """
    One division of the data.

    Attributes:
        train: What models learn from.
        history: What is known of tested users when they ask; the same rows under loo and temporal.
        target_users, target_items: What is to be found, sorted by user.
    """

    train: Interactions
    history: Interactions
    target_users: Ints
    target_items: Ints

    @property
    def n_tested(self) -> int:
        """Number of users with something to be found."""
        return len(np.unique(self.target_users))

    def blocks(self, *, max_users: int | None = None) -> Iterator[Block]:
        """Go through the tested users in order, the first `max_users` of them."""
        tested = np.unique(self.target_users)[:max_users]
        size = max(1, _BLOCK_SCORES // self.history.n_items)
        for start in range(0, len(tested), size):
            yield self._block(tested[start : start + size])

    def _block(self, users: Ints) -> Block:
        place = np.full(self.history.n_users, -1, np.int32)
        place[users] = np.arange(len(users))
        rows = self.history.take(place[self.history.users] >= 0)
        history = Interactions(
            place[rows.users], rows.items, rows.at, rows.strengths, n_users=len(users), n_items=rows.n_items
        )
        targets = np.zeros((len(users), rows.n_items), np.bool_)
        wanted = place[self.target_users] >= 0
        targets[place[self.target_users[wanted]], self.target_items[wanted]] = True
        return Block(history, targets)


def split_off(known: Interactions, protocol: Protocol, *, seed: int = 0, users_ratio: float = _USERS) -> Split:
    """
    Hold out what a protocol says.

    Rows of equal time are ordered by item. A user with a single row is never tested by loo. Under strong, users and
    rows are drawn by `seed`.
    """
    if protocol is Protocol.LOO:
        last = np.ones(len(known), np.bool_)
        last[:-1] = known.users[1:] != known.users[:-1]
        last &= np.bincount(known.users, minlength=known.n_users)[known.users] > 1
        return _weak(known, last)
    if protocol is Protocol.TEMPORAL:
        newest = np.zeros(len(known), np.bool_)
        newest[np.lexsort((known.items, known.users, known.at))[int(len(known) * (1 - _NEWEST)) :]] = True
        return _weak(known, newest)
    rng = np.random.default_rng(seed)
    users = np.unique(known.users)
    held = np.zeros(known.n_users, np.bool_)
    held[rng.choice(users, max(1, round(len(users) * users_ratio)), replace=False)] = True
    hidden = np.zeros(len(known), np.bool_)
    for user in np.flatnonzero(held):
        rows = np.flatnonzero(known.users == user)
        hidden[rng.choice(rows, round(len(rows) * _TARGETS), replace=False)] = True
    tested = held[known.users]
    return Split(known.take(~tested), known.take(tested & ~hidden), known.users[hidden], known.items[hidden])


def split_by_test(known: Interactions, targets: Interactions, protocol: Protocol) -> Split:
    """
    Take the targets as given; nothing is held out further.

    Under strong, tested users are kept out of training as long as any other users are left. A target that the user's
    history already holds cannot be found and is left out.
    """
    pair = targets.users.astype(np.int64) * known.n_items + targets.items
    fresh = ~np.isin(pair, known.users.astype(np.int64) * known.n_items + known.items)
    train = known
    if protocol is Protocol.STRONG:
        others = ~np.isin(known.users, targets.users)
        train = known.take(others) if others.any() else known
    return Split(train, known, targets.users[fresh], targets.items[fresh])


def _weak(known: Interactions, hidden: Mask) -> Split:
    """Test users by what is hidden of them, and learn from the rest of everybody."""
    train = known.take(~hidden)
    return Split(train, train, known.users[hidden], known.items[hidden])
