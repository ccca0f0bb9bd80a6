"""Qdrant: filters are pushed down, writes go in batches, an alias is switched by one operation."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
from qdrant_client import QdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from mediagateway.vectors.ports import (
    Allowed,
    AnyOf,
    Between,
    CollectionNotFoundError,
    Condition,
    Matrix,
    Neighbours,
    NoneOf,
    Payload,
    Points,
    Vectors,
    VectorsUnavailableError,
    keys_of,
)

#: Points in one write, and in one page of a download: some 4 MB of JSON.
_BATCH = 500
#: Candidates in the first page when the caller has a condition that the server cannot tell; each next one is as large
#: as all before.
_CANDIDATES = 256
#: After a failure nobody asks for so long: a server that hangs would cost every request its timeout.
_REST_S = 5.0
_NOT_FOUND = 404
#: Where a collection says its revision (Qdrant 1.16 and later).
_REVISION = "revision"


class QdrantIndex:
    """See `VectorIndex`; one request for each call, more where it says so."""

    def __init__(self, client: QdrantClient, *, clock: Callable[[], float] = monotonic) -> None:
        """Speak through a client, whose timeout is the patience of every call."""
        self._client = client
        self._clock = clock
        self._rests_until = float("-inf")

    def create(self, collection: str, *, dim: int, words: Sequence[str] = (), numbers: Sequence[str] = ()) -> None:
        """See the port; a request for each field."""
        with self._asking(collection):
            if self._client.collection_exists(collection):
                return
            # Vectors have length 1, so the dot product is the cosine, and they come back as they went in.
            self._client.create_collection(
                collection,
                vectors_config=q.VectorParams(size=dim, distance=q.Distance.DOT),
                metadata={_REVISION: uuid4().hex},
            )
            for name in words:
                self._client.create_payload_index(collection, name, q.PayloadSchemaType.KEYWORD)
            for name in numbers:
                self._client.create_payload_index(collection, name, q.PayloadSchemaType.FLOAT)

    def upsert(self, collection: str, points: Points) -> None:
        """See the port; a request for each 500 points, and one for the revision."""
        structs = [
            q.PointStruct(id=str(point_id), vector=vector, payload=_plain(payload))
            for point_id, vector, payload in zip(points.ids, points.vectors.tolist(), points.payloads, strict=True)
        ]
        with self._asking(collection):
            for start in range(0, len(structs), _BATCH):
                self._client.upsert(collection, structs[start : start + _BATCH], wait=True)
            self._touch(collection)

    def delete(self, collection: str, ids: Sequence[UUID]) -> None:
        """See the port; two requests."""
        with self._asking(collection):
            selector = q.PointIdsList(points=[str(point_id) for point_id in ids])
            self._client.delete(collection, selector, wait=True)
            self._touch(collection)

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
        """See the port; one request, more where `allowed` turns most candidates away."""
        if allowed is None:
            found = self._page(name, vector, where, floor=floor, offset=0, limit=limit)
            return _neighbours(found, limit)
        kept: list[tuple[UUID, float]] = []
        offset, size = 0, max(2 * limit, _CANDIDATES)
        while len(kept) < limit:
            found = self._page(name, vector, where, floor=floor, offset=offset, limit=size)
            may_stay = allowed(keys_of(point_id for point_id, _ in found))
            kept += [entry for entry, stays in zip(found, may_stay.tolist(), strict=True) if stays]
            if len(found) < size:
                break
            offset += size
            size = offset
        return _neighbours(kept, limit)

    def fetch(self, name: str, ids: Sequence[UUID]) -> Points:
        """See the port; a request for each 500 ids."""
        found: dict[UUID, Any] = {}
        with self._asking(name):
            for start in range(0, len(ids), _BATCH):
                wanted = [str(point_id) for point_id in ids[start : start + _BATCH]]
                for record in self._client.retrieve(name, wanted, with_payload=True, with_vectors=True):
                    found[UUID(str(record.id))] = record
        if not found:
            return Points((), np.zeros((0, 0), dtype=np.float32), ())
        known = tuple(point_id for point_id in ids if point_id in found)
        vectors = np.array([found[point_id].vector for point_id in known], dtype=np.float32)
        return Points(known, vectors, tuple(_tupled(found[point_id].payload or {}) for point_id in known))

    def matrix(self, name: str) -> Matrix:
        """See the port: a request for each 500 points. Callers keep it as long as the revision stands."""
        with self._asking(name):
            described = self._client.get_collection(name)
            records = list(self._scroll(name))
        params = described.config.params.vectors
        dim = params.size if isinstance(params, q.VectorParams) else 0
        vectors = np.array([record.vector for record in records], dtype=np.float32).reshape(-1, dim)
        keys = keys_of(UUID(str(record.id)) for record in records)
        revision = str((described.config.metadata or {}).get(_REVISION, ""))
        collection = self.find_collection(name) or name
        return Matrix(collection, revision, keys, vectors, np.ones(len(keys), dtype=np.bool_))

    def count(self, name: str) -> int:
        """See the port."""
        with self._asking(name):
            return self._client.count(name, exact=True).count

    def find_collection(self, name: str) -> str | None:
        """See the port; two requests."""
        with self._asking(name):
            aliases = {entry.alias_name: entry.collection_name for entry in self._client.get_aliases().aliases}
            if name in aliases:
                return aliases[name]
            return name if self._client.collection_exists(name) else None

    def list_collections(self) -> tuple[str, ...]:
        """See the port."""
        with self._asking(""):
            return tuple(sorted(entry.name for entry in self._client.get_collections().collections))

    def switch(self, alias: str, collection: str) -> None:
        """See the port."""
        if self.find_collection(collection) != collection:
            raise CollectionNotFoundError(f"no collection {collection}")
        create = q.CreateAliasOperation(create_alias=q.CreateAlias(collection_name=collection, alias_name=alias))
        delete = q.DeleteAliasOperation(delete_alias=q.DeleteAlias(alias_name=alias))
        operations: list[q.AliasOperations] = [create]
        if self.find_collection(alias):
            # The server takes the list as one step.
            operations.insert(0, delete)
        with self._asking(collection):
            self._client.update_collection_aliases(operations)

    def drop(self, collection: str) -> None:
        """See the port."""
        with self._asking(collection):
            self._client.delete_collection(collection)

    def _touch(self, collection: str) -> None:
        """Give a collection another revision."""
        self._client.update_collection(collection, metadata={_REVISION: uuid4().hex})

    def _page(
        self, name: str, vector: Vectors, where: Sequence[Condition], *, floor: float, offset: int, limit: int
    ) -> list[tuple[UUID, float]]:
        with self._asking(name):
            answer = self._client.query_points(
                name,
                query=vector.tolist(),
                query_filter=_filter(where),
                score_threshold=floor,
                limit=limit,
                offset=offset,
                with_payload=False,
            )
        return [(UUID(str(point.id)), point.score) for point in answer.points]

    def _scroll(self, name: str) -> Iterator[Any]:
        offset = None
        while True:
            records, offset = self._client.scroll(
                name, limit=_BATCH, offset=offset, with_payload=False, with_vectors=True
            )
            yield from records
            if offset is None:
                return

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """Turn what the client raises into the port's errors, and rest after a failure."""
        if self._clock() < self._rests_until:
            raise VectorsUnavailableError("Qdrant failed a moment ago")
        try:
            yield
        except UnexpectedResponse as err:
            if err.status_code == _NOT_FOUND:
                raise CollectionNotFoundError(f"no collection {name}") from err
            self._rests_until = self._clock() + _REST_S
            raise VectorsUnavailableError(f"Qdrant answered {err.status_code}") from err
        except (ApiException, httpx.HTTPError) as err:
            self._rests_until = self._clock() + _REST_S
            raise VectorsUnavailableError(f"Qdrant failed: {type(err).__name__}") from err
        except ValueError as err:
            # The client's own local mode says so.
            if "not found" not in str(err):
                raise
            raise CollectionNotFoundError(f"no collection {name}") from err


def connect(url: str, *, key: str = "", timeout_s: int = 2) -> QdrantIndex:
    """Give the index of a server; nothing is sent yet."""
    # Asking for the server's version would be a request in the constructor.
    return QdrantIndex(QdrantClient(url=url, api_key=key or None, timeout=timeout_s, check_compatibility=False))


def _filter(where: Sequence[Condition]) -> q.Filter | None:
    """Write conditions in Qdrant's language."""
    if not where:
        return None
    must: list[q.Condition] = []
    must_not: list[q.Condition] = []
    for condition in where:
        match condition:
            case AnyOf(field, values):
                must.append(q.FieldCondition(key=field, match=q.MatchAny(any=list(values))))
            case NoneOf(field, values):
                must_not.append(q.FieldCondition(key=field, match=q.MatchAny(any=list(values))))
            case Between(field, low, high):
                must.append(q.FieldCondition(key=field, range=q.Range(gte=low, lte=high)))
    return q.Filter(must=must, must_not=must_not)


def _neighbours(found: Sequence[tuple[UUID, float]], limit: int) -> Neighbours:
    """Order what was found; equally near ones by id."""
    ordered = sorted(found, key=lambda entry: (-entry[1], entry[0].bytes))[:limit]
    scores = np.array([score for _, score in ordered], dtype=np.float32)
    return Neighbours(tuple(point_id for point_id, _ in ordered), scores)


def _plain(payload: Payload) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in payload.items()}


def _tupled(payload: dict[str, Any]) -> Payload:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()}
