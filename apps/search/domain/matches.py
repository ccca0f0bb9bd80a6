"""What a saved search has found so far, and what of a new look is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt

#: Titles by the upper half of their ids, ascending: ids are random, so two of a catalogue hardly ever share it.
Keys = npt.NDArray[np.uint64]

#: Saved searches of a person.
MAX_SAVED = 50
#: A search that finds more is no question that news could answer.
MAX_MATCHES = 2_000
#: Titles that a notification points at.
MAX_TOLD = 20
#: How long a saved search rests after a look, so that a catalogue that is being read is told of once.
REST = timedelta(minutes=15)
#: Offers begin by the clock alone; so a search is looked at this often though no title has changed.
LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class News:
    """
    What a look found.

    Attributes:
        known: All that was ever found, for the next look; at most twice `MAX_MATCHES`, what is found now first.
        new: Places in the result set of what was never found before, best first.
    """

    known: Keys
    new: tuple[int, ...]


def compare(found: Sequence[UUID], known: Keys) -> News:
    """
    Compare a result set with what was found before.

    What left the results and comes back is not news: the legs of a search cut at a score, so titles near the border
    come and go with their neighbours.

    Args:
        found: Best first.
        known: Of the looks before.
    """
    keys = np.array([title_id.int >> 64 for title_id in found], dtype=np.uint64)
    is_new = ~np.isin(keys, known)
    gone = np.setdiff1d(known, keys, assume_unique=True)
    kept = gone[: max(0, 2 * MAX_MATCHES - len(keys))]
    return News(np.union1d(keys, kept), tuple(np.flatnonzero(is_new).tolist()))


def pack(known: Keys) -> bytes:
    """Write keys as the database holds them: eight bytes each, little endian."""
    return known.astype("<u8").tobytes()


def unpack(packed: bytes) -> Keys:
    """Read keys as `pack` wrote them."""
    return np.frombuffer(packed, dtype="<u8").astype(np.uint64)
