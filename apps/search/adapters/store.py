"""The snapshot that a process searches in, following the document rows."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

from apps.search.domain.columns import UNKNOWN, Document, DocumentOffer
from apps.search.domain.snapshot import Names, Snapshot, empty_snapshot
from apps.search.models import IndexState, SearchDocument

#: Documents that one step of following takes in, so that the first load does not hold every row twice.
_CHUNK = 20_000


class SnapshotStore:
    """Keeps the newest snapshot of a process; safe for threads."""

    def __init__(self) -> None:
        """Start with an empty catalogue; the first call loads the real one."""
        self._snapshot = empty_snapshot()
        self._lock = Lock()

    def current(self) -> Snapshot:
        """
        Give the snapshot of the newest revision.

        One statement when nothing changed, else one more for each 20,000 changed documents. While one thread loads a
        change the others go on with what they have, except for the very first load.
        """
        revision = IndexState.objects.values_list("revision", flat=True).first() or 0
        seen = self._snapshot.columns.revision
        # A revision below ours is another database: tests and restores start over.
        if revision != seen and self._lock.acquire(blocking=seen == 0 or revision < seen):
            try:
                if revision < self._snapshot.columns.revision:
                    self._snapshot = empty_snapshot()
                self._snapshot = _follow(self._snapshot, revision)
            finally:
                self._lock.release()
        return self._snapshot


def _follow(snapshot: Snapshot, revision: int) -> Snapshot:
    """Take in what was written after the snapshot, up to a revision."""
    rows = (
        SearchDocument.objects.filter(revision__gt=snapshot.columns.revision, revision__lte=revision)
        .order_by("number")
        .values_list("number", "title_id", "is_live", "payload", named=True)
    )
    seen = snapshot.columns.revision
    for chunk in _chunks(rows.iterator(chunk_size=2000)):
        documents = [_document(row.number, row.title_id, row.is_live, row.payload) for row in chunk]
        names = [_names(row.payload) for row in chunk]
        snapshot = snapshot.apply(documents, names, revision=seen)
    return snapshot.apply([], [], revision=revision)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Cut a stream of rows into lists."""
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _document(number: int, title_id: UUID, is_live: bool, payload: Mapping[str, Any]) -> Document:  # noqa: FBT001 -- a row's columns in order
    """Read the columns' part of a payload; a tombstone's is empty."""
    if not is_live:
        return Document(number, title_id, is_live=False)
    return Document(
        number,
        title_id,
        is_live=True,
        kind=payload["kind"],
        year=_or_unknown(payload["year"]),
        runtime_minutes=_or_unknown(payload["runtime"]),
        popularity=payload["popularity"],
        rating=float("nan") if payload["rating"] is None else payload["rating"],
        min_ages=payload["min_ages"],
        labels=payload["labels"],
        offers=[DocumentOffer(*offer) for offer in payload["offers"]],
    )


def _names(payload: Mapping[str, Any]) -> Names:
    """Read the names' part of a payload."""
    return Names(
        payload.get("title", ""),
        tuple(payload.get("names", ())),
        tuple((UUID(person_id), name, folded) for person_id, name, folded in payload.get("people", ())),
    )


def _or_unknown(value: int | None) -> int:
    return UNKNOWN if value is None else value


#: This process's own.
snapshots = SnapshotStore()
