"""The two ports, `Embedder` and `VectorIndex`, and the values that they speak. Plain Python and NumPy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

#: Float32; shape (n, dim), or (dim,) of a single one. Rows have length 1.
Vectors = npt.NDArray[np.float32]
#: Ids as their 16 bytes, dtype "S16", shape (n,): what arrays of ids are compared and sorted by.
Keys = npt.NDArray[np.bytes_]
Mask = npt.NDArray[np.bool_]
#: Says of an array of ids which may be returned. An embedded index asks it of all its rows at once, with the same
#: array object until something changes; a remote one asks it of candidates.
Allowed = Callable[[Keys], Mask]

PayloadValue = str | int | float | tuple[str, ...]
Payload = Mapping[str, PayloadValue]

_KEY_BYTES = 16


class VectorsUnavailableError(Exception):
    """The embedder or the index does not answer; whoever can do without goes on without."""


class CollectionNotFoundError(VectorsUnavailableError):
    """Nothing bears this name: not built yet, or dropped."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field has, or contains, at least one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The field has and contains none of the values; a missing field passes."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The field is a number from `low` to `high`, both included; None is no bound. A missing field fails."""

    field: str
    low: float | None = None
    high: float | None = None


Condition = AnyOf | NoneOf | Between


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """
    Vectors with what belongs to them.

    Attributes:
        ids: Distinct, n of them.
        vectors: Shape (n, dim).
        payloads: Beside the ids. Fields are words or numbers; several words are a tuple.
    """

    ids: tuple[UUID, ...]
    vectors: Vectors
    payloads: tuple[Payload, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """
    The nearest points, nearest first; equally near ones by id.

    Attributes:
        ids: At most as many as asked for.
        scores: Cosine similarities, -1..1, shape (n,).
    """

    ids: tuple[UUID, ...]
    scores: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """
    A whole collection at one moment.

    Attributes:
        collection: Its real name, which tells the model.
        revision: Differs whenever a point was added, replaced or deleted.
        keys: Shape (n,); `ids_of` makes UUIDs of them.
        vectors: Shape (n, dim); read-only, and memory-mapped where the index is a file.
        live: Shape (n,); False for a row that was deleted or replaced by a later one.
    """

    collection: str
    revision: str
    keys: Keys
    vectors: Vectors
    live: Mask


class Embedder(Protocol):
    """A model that turns texts into vectors. Safe for threads; the first call loads it."""

    @property
    def name(self) -> str:
        """What the model is called, in letters that a collection's name may have."""
        ...

    @property
    def version(self) -> str:
        """Differs whenever the same text would give another vector."""
        ...

    @property
    def dim(self) -> int:
        """Numbers in a vector; of a model that is elsewhere, asking may mean asking it."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """
        Embed texts; what is too long for the model is cut.

        Returns:
            Shape (len(texts), dim), each row of length 1.

        Raises:
            VectorsUnavailableError: The model is not there, or not the one it should be.
        """
        ...


class VectorIndex(Protocol):
    """
    Collections of points, searched by cosine similarity. Safe for threads and for several processes.

    Reads take a collection's name or an alias. Every method may raise `VectorsUnavailableError`; reads raise
    `CollectionNotFoundError` when nothing bears the name.
    """

    def create(self, collection: str, *, dim: int, words: Sequence[str] = (), numbers: Sequence[str] = ()) -> None:
        """Make an empty collection, or leave the one that is there; `words` and `numbers` are fields to filter by."""
        ...

    def upsert(self, collection: str, points: Points) -> None:
        """Write points, replacing those with the same ids. A reader sees all of them or none (embedded index)."""
        ...

    def delete(self, collection: str, ids: Sequence[UUID]) -> None:
        """Delete points; ids that are not there are passed over."""
        ...

    def nearest(
        self,
        name: str,
        vector: Vectors,
        *,
        limit: int,
        floor: float = -1.0,
        where: Sequence[Condition] = (),
        allowed: Allowed | None = None,
    ) -> Neighbours:
        """
        Find the points nearest to a vector, exactly those that hold all conditions.

        Args:
            name: Collection or alias.
            vector: Shape (dim,), length 1.
            limit: Most points.
            floor: Lowest similarity.
            where: Conditions on payloads, applied before anything is ranked.
            allowed: A further condition that only the caller can tell.
        """
        ...

    def fetch(self, name: str, ids: Sequence[UUID]) -> Points:
        """Read points by id, in the order asked; ids that are not there are left out."""
        ...

    def matrix(self, name: str) -> Matrix:
        """Give the whole collection: for nothing with the embedded index, by a long download from a server."""
        ...

    def count(self, name: str) -> int:
        """Count the points."""
        ...

    def find_collection(self, name: str) -> str | None:
        """Give the collection behind an alias, or the collection itself; None when there is neither."""
        ...

    def list_collections(self) -> tuple[str, ...]:
        """Name every collection, in order."""
        ...

    def switch(self, alias: str, collection: str) -> None:
        """Point an alias to a collection, in one step: readers see the one or the other."""
        ...

    def drop(self, collection: str) -> None:
        """Delete a collection if it is there; readers in the middle of it finish."""
        ...


def collection_name(alias: str, embedder: Embedder, build: int) -> str:
    """Name a collection: what for, by which model and version, and which build of it."""
    return f"{alias}.{embedder.name}.{embedder.version}.{build}"


def keys_of(ids: Iterable[UUID]) -> Keys:
    """Write ids as keys."""
    return np.array([title_id.bytes for title_id in ids], dtype=f"S{_KEY_BYTES}")


def ids_of(keys: Keys) -> tuple[UUID, ...]:
    """Read ids from keys."""
    # NumPy drops zero bytes from the end of a value.
    return tuple(UUID(bytes=key.ljust(_KEY_BYTES, b"\0")) for key in keys.tolist())
