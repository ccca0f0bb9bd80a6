"""Titles by meaning: the vectors behind the kernel's port, asked with the masks of a snapshot."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.search.domain.columns import Mask, Slots
from apps.search.domain.ports import SlotScores
from apps.search.domain.snapshot import Snapshot
from mediagateway.vectors.configured import TITLES, get_embedder, get_vector_index
from mediagateway.vectors.ports import Keys, Vectors, VectorsUnavailableError, keys_of

#: Texts whose vectors are kept: an answer has several pages, and people ask for the same.
_KEPT_TEXTS = 2000
#: Seconds for which vectors are believed to be of this process's model.
_CHECKED_S = 5.0
#: What the words beside a title to be alike weigh against the title itself.
_WORDS_SHARE = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class _Alignment:
    """Slots by the rows of an index, -1 where the snapshot does not know the row; valid for these two alone."""

    keys: Keys
    snapshot: Snapshot
    slots: Slots


class TitleMeanings:
    """See `MeaningIndex`; safe for threads."""

    def __init__(self) -> None:
        """Load nothing before it is asked for."""
        self._texts: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        self._checked_until = float("-inf")
        self._aligned: _Alignment | None = None
        self._sorted: tuple[Snapshot, Keys, npt.NDArray[np.intp]] | None = None

    def nearest(
        self,
        text: str,
        *,
        references: Sequence[UUID] = (),
        snapshot: Snapshot,
        allowed: Mask,
        limit: int,
        floor: float,
    ) -> SlotScores:
        """See the port."""
        vector = self._vector(text, references)
        index = get_vector_index()

        def may_stay(keys: Keys) -> Mask:
            slots = self._slots(keys, snapshot)
            return (slots >= 0) & allowed[slots]

        near = index.nearest(TITLES, vector, limit=limit, floor=floor, allowed=may_stay)
        slots = self._slots(keys_of(near.ids), snapshot)
        return SlotScores(slots, near.scores.astype(np.float64))

    def forget(self) -> None:
        """Forget what was kept of texts and of the index: the process goes on with another model."""
        with self._lock:
            self._texts.clear()
        self._checked_until = float("-inf")
        self._aligned = None

    def check(self) -> None:
        """Load the model and open the index, so that the first search does not wait for it."""
        self._vector("warm up", ())
        get_vector_index().count(TITLES)

    def _vector(self, text: str, references: Sequence[UUID]) -> Vectors:
        """Give the direction to look into."""
        self._check_model()
        if not references:
            return self._embed(text)
        held = get_vector_index().fetch(TITLES, references)
        if not held.ids:
            raise VectorsUnavailableError("the titles to be alike have no vectors yet")
        direction = held.vectors.mean(axis=0)
        if text:
            direction = direction + _WORDS_SHARE * self._embed(text)
        unit: Vectors = (direction / max(float(np.linalg.norm(direction)), 1e-12)).astype(np.float32)
        return unit

    def _check_model(self) -> None:
        """Refuse vectors of another model: while they are built anew, nothing can be compared with them."""
        if monotonic() < self._checked_until:
            return
        collection = get_vector_index().find_collection(TITLES)
        embedder = get_embedder()
        if collection is None or not collection.startswith(f"{TITLES}.{embedder.name}.{embedder.version}."):
            raise VectorsUnavailableError("there are no vectors of this model yet")
        self._checked_until = monotonic() + _CHECKED_S

    def _embed(self, text: str) -> Vectors:
        with self._lock:
            if (known := self._texts.get(text)) is not None:
                self._texts.move_to_end(text)
                return known
        vector: Vectors = get_embedder().embed([text])[0]
        with self._lock:
            self._texts[text] = vector
            if len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        return vector

    def _slots(self, keys: Keys, snapshot: Snapshot) -> Slots:
        """Give the slots of ids; of a whole index they are kept until it or the snapshot changes."""
        aligned = self._aligned
        if aligned is not None and aligned.keys is keys and aligned.snapshot is snapshot:
            return aligned.slots
        if self._sorted is None or self._sorted[0] is not snapshot:
            own = keys_of(snapshot.columns.title_ids.tolist())
            order = np.argsort(own)
            self._sorted = (snapshot, own[order], order)
        _, own, order = self._sorted
        if len(own) == 0:
            return np.full(len(keys), -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(own, keys), len(own) - 1)
        slots = np.where(own[places] == keys, order[places], -1).astype(np.int32)
        # Of a page of candidates nobody asks again.
        if len(keys) > len(own) // 2:
            self._aligned = _Alignment(keys, snapshot, slots)
        return slots


#: This process's own.
meanings = TitleMeanings()
