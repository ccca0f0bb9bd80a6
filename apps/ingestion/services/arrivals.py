"""Rows on their way in: read, normalised, and either a record's facts or a reason to reject them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from apps.ingestion.adapters.feed_files import FeedRow
from apps.ingestion.domain.facts import RecordKey, TitleFacts, encode_facts
from apps.ingestion.domain.layouts.base import BadRowError, Layout, RowContext
from apps.ingestion.domain.profiles import match_keys

_MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    Whose word a batch of rows is, and on what.

    Attributes:
        layout: How rows are read; its slug is the source.
        platform: Slug of the platform that the rows list, "" for rows about works alone.
        region: Alpha-2 of the listing, "" for rows about works alone.
        as_of: Known time of the rows, aware UTC.
        mask_ids: See `RowContext`.
    """

    layout: Layout
    platform: str
    region: str
    as_of: datetime
    mask_ids: bool = False

    def key(self, source_id: str) -> RecordKey:
        """Name a record of this shelf."""
        return RecordKey(self.layout.slug, self.platform, source_id)


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    A row that was read.

    Attributes:
        source_id: The row's own id; its place where it has none, or where an earlier row of the run has the same.
        place: File and line.
        raw: The row as JSON text.
        stored: The facts as JSON values.
        sha256: Of the stored facts.
        keys: Under which its work is looked up (`domain.profiles.match_keys`).
    """

    source_id: str
    place: str
    raw: str
    stored: Mapping[str, object]
    sha256: str
    facts: TitleFacts
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot become a record, with the reason; `sha256` is that of `raw`."""

    source_id: str
    place: str
    raw: str
    sha256: str
    reason: str


def read_arrival(row: FeedRow, shelf: Shelf, *, taken_ids: set[str]) -> Arrival | Reject:
    """Read a row, and note its id in `taken_ids`: the ids of the run so far, each of which may come once."""
    source_id = ""
    try:
        if row.problem:
            raise BadRowError(row.problem)
        source_id = shelf.layout.read_id(row.fields)
        if not source_id:
            raise BadRowError("no_id")
        if source_id in taken_ids:
            raise BadRowError(f"duplicate_id: {source_id}")
        facts = shelf.layout.read_facts(row.fields, RowContext(shelf.platform, shelf.region, shelf.mask_ids))
    except BadRowError as err:
        name = source_id if source_id and source_id not in taken_ids else row.place
        taken_ids.add(name)
        return Reject(name, row.place, row.raw, _digest(row.raw.encode()), str(err)[:_MAX_REASON])
    taken_ids.add(source_id)
    stored = encode_facts(facts)
    digest = _digest(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS))
    return Arrival(source_id, row.place, row.raw, stored, digest, facts, match_keys(facts))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
