"""The snapshot that a process searches in, following the document rows."""

from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import UUIDField

from apps.search.domain.columns import UNKNOWN, Document, DocumentOffer
from apps.search.domain.snapshot import Names, Snapshot, empty_snapshot
from apps.search.domain.spelling import Speller
from apps.search.models import SearchDocument

#: Documents that the first step of following takes in, so that the first load does not hold every row twice.
_STEP = 20_000


@dataclass(frozen=True, slots=True)
class IndexVersion:
    """Which state of which index: revisions grow within an epoch."""

    epoch: UUID
    revision: int

    def __str__(self) -> str:
        return f"{self.epoch.hex}.{self.revision}"


_NOTHING = IndexVersion(UUID(int=0), 0)
_TERMS = ("title_terms", "people_terms", "tag_terms", "synopsis_terms")
_UUID: "UUIDField[UUID, UUID]" = UUIDField()


def get_index_version() -> IndexVersion:
    """Read how far the index has come; 1 SQL statement."""
    # Written by hand, because it runs in front of every search: by the ORM it takes 150 µs, of which 20 are SQL.
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, revision FROM search_indexstate ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return IndexVersion(_UUID.to_python(row[0]), row[1]) if row else _NOTHING


class SnapshotStore:
    """Keeps the newest snapshot of a process; safe for threads."""

    def __init__(self) -> None:
        """Start with an empty catalogue; the first call loads the real one."""
        self._held = (_NOTHING, empty_snapshot())
        self._lock = Lock()

    def current(self) -> tuple[IndexVersion, Snapshot]:
        """
        Give the newest snapshot and what it shows.

        One statement when nothing changed, else one more. While one thread loads a change the others go on with what
        they have, except when that is another epoch's.
        """
        newest = get_index_version()
        held, _ = self._held
        if newest != held and self._lock.acquire(blocking=newest.epoch != held.epoch):
            try:
                held, snapshot = self._held
                if newest.epoch != held.epoch:
                    snapshot = empty_snapshot()
                if newest.epoch != held.epoch or newest.revision > held.revision:
                    self._held = (newest, _follow(snapshot, newest.revision))
            finally:
                self._lock.release()
        return self._held


class SpellerStore:
    """Keeps the words of the newest snapshot; safe for threads, of which two may make the same."""

    def __init__(self) -> None:
        """Collect nothing before the first slip."""
        self._held: Speller | None = None

    def of(self, snapshot: Snapshot) -> Speller:
        """Give the speller of a snapshot; a tenth of a second for 40,000 titles when it is new."""
        held = self._held
        if held is None or held.snapshot is not snapshot:
            held = self._held = Speller(snapshot)
        return held


def _follow(snapshot: Snapshot, revision: int) -> Snapshot:
    """Take in what was written after the snapshot, up to a revision."""
    rows = (
        SearchDocument.objects.filter(revision__gt=snapshot.columns.revision, revision__lte=revision)
        .order_by("number")
        .values_list("number", "title_id", "is_live", "payload", *_TERMS, named=True)
    )
    seen, rest = snapshot.columns.revision, rows.iterator(chunk_size=2000)
    # A step copies what is there already, so steps grow with it.
    while chunk := list(islice(rest, max(_STEP, snapshot.columns.size // 2))):
        documents, names = zip(*map(_document, chunk), strict=True)
        snapshot = snapshot.apply(documents, names, revision=seen)
    return snapshot.apply([], [], revision=revision)


def _document(row: Any) -> tuple[Document, Names]:  # noqa: ANN401 -- a named row of `_follow`
    """Read a row; a tombstone has no payload."""
    if not row.is_live:
        return Document(row.number, row.title_id, is_live=False), Names("", (), "")
    payload = orjson.loads(row.payload)
    document = Document(
        row.number,
        row.title_id,
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
    told = (row.title_terms, row.people_terms, row.tag_terms, row.synopsis_terms)
    return document, Names(payload["title"], payload["names"], payload["people"], told)


def _or_unknown(value: int | None) -> int:
    return UNKNOWN if value is None else value


#: This process's own.
snapshots = SnapshotStore()
spellers = SpellerStore()
