"""
What is taken one after the other: co-occurrence within a few steps of the same person.

Two items count together by 1 / distance, whichever came first; rows of one moment are at distance 1. A row is divided
by its sum plus `_PRIOR`, so it reads as "of those who took A, how many took B close by", shrunk where A is rare.
"""

import numpy as np
from scipy import sparse

from apps.sona.domain.arrays import Doubles
from apps.sona.domain.interactions import Interactions
from apps.sona.domain.item_table import ROW_WIDTH, ItemTable, cut_rows

#: Steps within which two items belong together.
WINDOW = 10
#: Rows of one user that are looked at from each row; more than a window, because moments can hold many rows.
_REACH = 40
#: Interactions that are added to each item's own as evidence of nothing.
_PRIOR = 20.0


def fit_successions(history: Interactions, *, width: int = ROW_WIDTH) -> ItemTable:
    """Count what follows what, and cut the rows."""
    place = _middle_places(history)
    pairs = []
    for distance in range(1, min(_REACH, len(history))):
        same_user = history.users[distance:] == history.users[:-distance]
        if not same_user.any():
            break
        gaps = (place[distance:] - place[:-distance])[same_user]
        weights = np.where(gaps <= WINDOW, 1 / np.maximum(gaps, 1), 0)
        pairs.append((history.items[:-distance][same_user], history.items[distance:][same_user], weights))
    n_items = history.n_items
    counted = sparse.csr_matrix((n_items, n_items))
    if pairs:
        earlier, later, weights = (np.concatenate(column) for column in zip(*pairs, strict=True))
        counted = sparse.csr_matrix((weights, (earlier, later)), shape=(n_items, n_items))
    together = counted + counted.T
    totals = np.asarray(together.sum(axis=1)).ravel() + _PRIOR
    shares = sparse.csr_matrix(sparse.diags(1 / totals) @ together)
    return cut_rows(lambda start, stop: shares[start:stop].toarray(), n_items, width=width)


def _middle_places(history: Interactions) -> Doubles:
    """Number the rows; rows of one user and moment share the middle of their places."""
    if not len(history):
        return np.zeros(0)
    starts = np.ones(len(history), np.bool_)
    starts[1:] = (history.users[1:] != history.users[:-1]) | (history.at[1:] != history.at[:-1])
    moment = np.cumsum(starts) - 1
    places = np.arange(len(history), dtype=np.float64)
    middles: Doubles = (np.bincount(moment, places) / np.bincount(moment))[moment]
    return middles
