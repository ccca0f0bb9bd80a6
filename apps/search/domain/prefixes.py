"""Names by their beginnings: exact names, names that start so, and names with a word that starts so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apps.search.domain.columns import Mask, Slots

#: Bytes of a beginning that are kept; longer ones are told apart by no more than these.
WIDTH = 40

_DTYPE = f"S{WIDTH}"


@dataclass(frozen=True, slots=True)
class PrefixIndex:
    """
    Folded names, each entered once for every word that it could be typed from.

    Attributes:
        starts: Ascending, shape (n,): the first WIDTH bytes of the rest of a name from a word on.
        owners: Whose name it is: a slot or another small number.
        heads: Whether the start is the start of the whole name.
        lengths: Bytes of the whole rest.
    """

    starts: npt.NDArray[np.bytes_]
    owners: Slots
    heads: Mask
    lengths: npt.NDArray[np.int32]

    def replace(self, names: Mapping[int, Iterable[str]], *, size: int) -> "PrefixIndex":
        """
        Make an index in which these owners have these folded names and no others.

        Args:
            names: Owner -> folded names; an owner without names disappears.
            size: Upper bound of all owners.
        """
        touched = np.zeros(size, dtype=np.bool_)
        touched[list(names)] = True
        kept = ~touched[self.owners]
        rests, owners, heads, lengths = _entries(names)
        starts = np.array(rests, dtype=_DTYPE)
        order = np.argsort(starts, kind="stable")
        starts = starts[order]
        places = np.searchsorted(self.starts[kept], starts)
        added = (
            np.array(owners, dtype=np.int32)[order],
            np.array(heads, dtype=np.bool_)[order],
            np.array(lengths, dtype=np.int32)[order],
        )
        return PrefixIndex(
            starts=np.insert(self.starts[kept], places, starts),
            owners=np.insert(self.owners[kept], places, added[0]),
            heads=np.insert(self.heads[kept], places, added[1]),
            lengths=np.insert(self.lengths[kept], places, added[2]),
        )

    def exact(self, folded: str) -> Slots:
        """Give the owners of a name that is exactly this."""
        key = folded.encode()
        at = self._range(key)
        fits = self.heads[at] & (self.lengths[at] == len(key))
        return np.unique(self.owners[at][fits])

    def ending(self, folded: str) -> Slots:
        """Give the owners of names whose last words are exactly these, the whole name excluded."""
        key = folded.encode()
        at = self._range(key)
        fits = ~self.heads[at] & (self.lengths[at] == len(key))
        return np.unique(self.owners[at][fits])

    def with_word(self, word: str) -> Slots:
        """Give the owners of names that have a word, some of them more than once."""
        key = word.encode()
        at = self._range(key)
        # The word ends there when the rest does, or when a blank follows.
        ends = (self.lengths[at] == len(key)) | np.char.startswith(self.starts[at], key + b" ")
        owners: Slots = self.owners[at][ends]
        return owners

    def beginning(self, folded: str) -> tuple[Slots, npt.NDArray[np.float64]]:
        """Give the owners of names that begin so, each once, with the share of the name that is typed (0..1]."""
        key = folded.encode()
        at = self._range(key)
        heads = self.heads[at]
        return _best(self.owners[at][heads], len(key) / self.lengths[at][heads])

    def containing(self, folded: str) -> tuple[Slots, npt.NDArray[np.float64]]:
        """Like `beginning`, for names that read so from any of their words on; from the first word counts 1 more."""
        key = folded.encode()
        at = self._range(key)
        return _best(self.owners[at], len(key) / self.lengths[at] + self.heads[at])

    def _range(self, key: bytes) -> slice:
        """Find the rows whose start begins with the key."""
        key = key[:WIDTH]
        low = int(np.searchsorted(self.starts, np.bytes_(key)))
        # No UTF-8 text contains the byte 0xFF, so the padded key is past every start that begins with it.
        high = int(np.searchsorted(self.starts, np.bytes_(key.ljust(WIDTH, b"\xff")), side="right"))
        return slice(low, high)


def empty_prefixes() -> PrefixIndex:
    """Make an index without names."""
    return PrefixIndex(
        starts=np.zeros(0, dtype=_DTYPE),
        owners=np.zeros(0, dtype=np.int32),
        heads=np.zeros(0, dtype=np.bool_),
        lengths=np.zeros(0, dtype=np.int32),
    )


def _entries(names: Mapping[int, Iterable[str]]) -> tuple[list[bytes], list[int], list[bool], list[int]]:
    """Enter each name from each of its words on: the rest's beginning, whose it is, if it is whole, its length."""
    rests: list[bytes] = []
    owners: list[int] = []
    heads: list[bool] = []
    lengths: list[int] = []
    # Written out, because a catalogue's people make a quarter of a million of them at every start.
    for owner, texts in names.items():
        for text in dict.fromkeys(texts):
            name, at = text.encode(), 0
            while True:
                rests.append(name[at : at + WIDTH])
                owners.append(owner)
                heads.append(at == 0)
                lengths.append(len(name) - at)
                at = name.find(b" ", at) + 1
                if not at:
                    break
    return rests, owners, heads, lengths


def _best(owners: Slots, shares: npt.NDArray[np.float64]) -> tuple[Slots, npt.NDArray[np.float64]]:
    """Keep the highest share of each owner."""
    distinct, inverse = np.unique(owners, return_inverse=True)
    best = np.zeros(len(distinct))
    np.maximum.at(best, inverse, shares)
    return distinct, best
