"""A batch of rows: staged, resolved, folded and saved in one transaction, with a constant number of SQL statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.ingestion.domain.facts import decode_facts
from apps.ingestion.domain.merge import SourcedFacts, fold_records
from apps.ingestion.domain.profiles import profile_of
from apps.ingestion.domain.resolve import Decision, Method, describe_conflicts, is_refuted, resolve
from apps.ingestion.domain.similarity import compare
from apps.ingestion.models import IngestionRun, MatchKey, RecordStatus, ResolutionGate, StagedRecord
from apps.ingestion.services.arrivals import Arrival, Reject, Shelf
from apps.ingestion.services.neighbourhood import Neighbourhood

#: Most rows of one batch; a row touches one title, and `content.api.save_titles` takes 500.
BATCH_ROWS = 500

_UPSERTED = (
    "raw", "facts", "payload_sha256", "as_of", "first_seen_as_of", "status", "reason", "title", "method", "confidence",
    "evidence", "withheld_ids", "decided_at", "run",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What became of rows."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        """How many rows there were."""
        return self.new + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows of a batch by what is to be done with them; the records are those that stand in the table."""

    rejects: list[Reject] = field(default_factory=list)
    fresh: list[Arrival] = field(default_factory=list)
    changed: list[tuple[Arrival, StagedRecord]] = field(default_factory=list)
    seen: list[StagedRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Placement:
    """A row with the title that it belongs to."""

    arrival: Arrival
    title_id: UUID
    decision: Decision
    decided_at: datetime
    first_seen_as_of: datetime


@dataclass(frozen=True, slots=True)
class _Changes:
    """
    What a batch does to titles.

    Attributes:
        placements: Rows with their titles.
        made: Ids that were minted for new works.
        touched: Titles to fold again.
        replaced: Titles whose place a committed id takes: gone -> kept.
    """

    placements: list[_Placement] = field(default_factory=list)
    made: set[UUID] = field(default_factory=set)
    touched: set[UUID] = field(default_factory=set)
    replaced: dict[UUID, UUID] = field(default_factory=dict)


@transaction.atomic
def ingest_batch(
    rows: Sequence[Arrival | Reject],
    shelf: Shelf,
    *,
    ranks: Mapping[str, int],
    run: IngestionRun | None,
    at: datetime,
) -> Tally:
    """
    Take in a batch of rows; idempotent.

    A record keeps its newest facts: an older `as_of` never replaces them, and at the same `as_of` the later arrival is
    a correction. A record that has a title keeps it, unless its id was given to another work meanwhile. A rejected row
    never displaces an accepted one.

    SQL: a constant number of statements whatever the number of rows, though SQLite splits long INSERTs; when nothing
    changed, two, and one more when the records are seen at an older or a newer time. Locks the resolution gate: one
    batch at a time decides what is new.

    Args:
        rows: At most `BATCH_ROWS`, with distinct ids.
        shelf: Whose word they are.
        ranks: Rank of each source.
        run: The run that the rows are staged with.
        at: Now.
    """
    ResolutionGate.objects.select_for_update().get_or_create(id=1)
    names = {name for row in rows for name in (row.source_id, row.place)}
    records = StagedRecord.objects.filter(source=shelf.layout.slug, platform=shelf.platform, source_id__in=names)
    present = {record.source_id: record for record in records.defer("raw")}
    found = _sort(rows, present, shelf.as_of)
    renewed = _widen(found.seen, shelf.as_of)
    staged = [
        record for reject in found.rejects if (record := _reject(reject, present, shelf, run=run, at=at)) is not None
    ]
    if found.fresh or found.changed or renewed:
        changes, known = _place(found, renewed, shelf, at=at)
        staged += [_stage(placement, changes, shelf, run=run) for placement in changes.placements]
        _upsert(staged, changes.placements)
        _save_titles(changes, known, ranks=ranks, at=at)
    else:
        _upsert(staged, ())
    return Tally(
        new=len(found.fresh), updated=len(found.changed), unchanged=len(found.seen), rejected=len(found.rejects)
    )


def _sort(rows: Iterable[Arrival | Reject], present: Mapping[str, StagedRecord], as_of: datetime) -> _Sorted:
    found = _Sorted()
    for row in rows:
        record = present.get(row.source_id)
        if isinstance(row, Reject):
            found.rejects.append(row)
        elif record is None or record.status == RecordStatus.REJECTED:
            found.fresh.append(row)
        elif as_of < record.as_of or row.sha256 == record.payload_sha256:
            found.seen.append(record)
        else:
            found.changed.append((row, record))
    return found


def _widen(seen: Sequence[StagedRecord], as_of: datetime) -> list[StagedRecord]:
    """Widen the time for which unchanged records are known, and return those that are known for newer now."""
    older = [record.pk for record in seen if as_of < record.first_seen_as_of]
    if older:
        StagedRecord.objects.filter(pk__in=older).update(first_seen_as_of=as_of)
    newer = [record for record in seen if record.as_of < as_of]
    if newer:
        StagedRecord.objects.filter(pk__in=[record.pk for record in newer]).update(as_of=as_of)
    return newer


def _reject(
    reject: Reject, present: Mapping[str, StagedRecord], shelf: Shelf, *, run: IngestionRun | None, at: datetime
) -> StagedRecord | None:
    """Make the row that keeps a reject, None when it is kept already; an accepted record under its id stays."""
    name, record = reject.source_id, present.get(reject.source_id)
    if record is not None and record.status == RecordStatus.RESOLVED:
        name, record = reject.place, present.get(reject.place)
    if record is not None and (record.payload_sha256 == reject.sha256 or record.as_of > shelf.as_of):
        return None
    return StagedRecord(
        source=shelf.layout.slug,
        platform=shelf.platform,
        source_id=name,
        raw=reject.raw,
        payload_sha256=reject.sha256,
        as_of=shelf.as_of,
        first_seen_as_of=min(shelf.as_of, record.first_seen_as_of) if record else shelf.as_of,
        status=RecordStatus.REJECTED,
        reason=reject.reason,
        decided_at=at,
        run=run,
    )


def _place(
    found: _Sorted, renewed: Sequence[StagedRecord], shelf: Shelf, *, at: datetime
) -> tuple[_Changes, Neighbourhood]:
    """Find the title of every row; three SQL statements and one for external ids."""
    moved = [(arrival, record) for arrival, record in found.changed if _is_another_work(arrival, record, shelf)]
    kept = [pair for pair in found.changed if pair not in moved]
    unresolved = [*found.fresh, *(arrival for arrival, _ in moved)]
    known = Neighbourhood.load(
        fresh=unresolved,
        known=[arrival for arrival, _ in kept],
        title_ids={_title_of(record) for record in (*renewed, *(record for _, record in found.changed))},
        besides_source=shelf.layout.slug if shelf.layout.distinct_rows else "",
    )
    changes = _Changes()
    for record in renewed:
        key, title_id = shelf.key(record.source_id), _title_of(record)
        known.put(title_id, replace(known.record(title_id, key), as_of=shelf.as_of))
        changes.touched.add(title_id)
    for _, record in moved:
        known.remove(_title_of(record), shelf.key(record.source_id))
        changes.touched.add(_title_of(record))
    for arrival, record in kept:
        _follow(arrival, record, shelf, known=known, changes=changes)
    for arrival in unresolved:
        _settle(arrival, shelf, known=known, changes=changes, at=at)
    return changes, known


def _is_another_work(arrival: Arrival, record: StagedRecord, shelf: Shelf) -> bool:
    """Tell whether a numbered row's number means another work than before."""
    if not shelf.layout.numbered_rows or record.facts is None:
        return False
    key = shelf.key(arrival.source_id)
    comparison = compare(profile_of(key, arrival.facts), profile_of(key, decode_facts(record.facts)))
    return is_refuted(comparison)


def _follow(arrival: Arrival, record: StagedRecord, shelf: Shelf, *, known: Neighbourhood, changes: _Changes) -> None:
    """Let a record with new facts stay with its title; ids that another work has by now are withheld."""
    title_id = _title_of(record)
    withheld = frozenset(pair for pair, owner in known.owners(arrival.facts).items() if owner != title_id)
    conflicts = describe_conflicts(withheld, known.owners(arrival.facts), "another work has it by now")
    decision = Decision(
        title_id, Method(record.method), record.confidence, withheld, evidence=record.evidence | conflicts
    )
    first_seen = min(shelf.as_of, record.first_seen_as_of)
    changes.placements.append(_Placement(arrival, title_id, decision, record.decided_at, first_seen))
    changes.touched.add(title_id)
    sourced = SourcedFacts(shelf.key(arrival.source_id), shelf.as_of, arrival.facts, withheld)
    known.put(title_id, sourced, keys=() if shelf.layout.distinct_rows else arrival.keys)


def _settle(arrival: Arrival, shelf: Shelf, *, known: Neighbourhood, changes: _Changes, at: datetime) -> None:
    """
    Resolve a row and put it into the neighbourhood.

    Where a row brings a committed id and its work is known under an id of our own, the committed id takes its place:
    the other becomes an alias.
    """
    key, facts = shelf.key(arrival.source_id), arrival.facts
    committed_id = UUID(facts.title_id) if facts.title_id else None
    decision = resolve(
        profile_of(key, facts),
        known.candidates(arrival),
        owners=known.owners(facts),
        own_id_scheme=shelf.layout.own_id_scheme,
        committed_id=committed_id,
    )
    title_id = decision.title_id or committed_id or uuid4()
    if title_id not in (decision.title_id, committed_id):
        changes.made.add(title_id)
    if committed_id not in (None, title_id) and not known.is_committed(title_id):
        assert committed_id is not None
        known.move(title_id, committed_id)
        changes.replaced[title_id] = committed_id
        changes.touched.discard(title_id)
        title_id = committed_id
    changes.placements.append(_Placement(arrival, title_id, decision, at, shelf.as_of))
    changes.touched.add(title_id)
    sourced = SourcedFacts(key, shelf.as_of, facts, decision.withheld_ids)
    known.put(title_id, sourced, keys=() if shelf.layout.distinct_rows else arrival.keys)


def _stage(placement: _Placement, changes: _Changes, shelf: Shelf, *, run: IngestionRun | None) -> StagedRecord:
    arrival, decision = placement.arrival, placement.decision
    return StagedRecord(
        source=shelf.layout.slug,
        platform=shelf.platform,
        source_id=arrival.source_id,
        raw=arrival.raw,
        facts=arrival.stored,
        payload_sha256=arrival.sha256,
        as_of=shelf.as_of,
        first_seen_as_of=placement.first_seen_as_of,
        status=RecordStatus.RESOLVED,
        title_id=changes.replaced.get(placement.title_id, placement.title_id),
        method=decision.method,
        confidence=decision.confidence,
        evidence=decision.evidence,
        withheld_ids=sorted(decision.withheld_ids),
        decided_at=placement.decided_at,
        run=run,
    )


def _upsert(records: Sequence[StagedRecord], placements: Iterable[_Placement]) -> None:
    """Write records, and the keys by which the placed ones are found: those that are gone go, further ones come."""
    if not records:
        return
    StagedRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=("source", "platform", "source_id"),
        update_fields=_UPSERTED,
    )
    keys = {placement.arrival.source_id: placement.arrival.keys for placement in placements}
    wanted = {(record.pk, key) for record in records for key in keys.get(record.source_id, ())}
    present = {
        (record_id, key): pk
        for pk, record_id, key in MatchKey.objects.filter(record__in=records).values_list("pk", "record_id", "key")
    }
    stale = [pk for pair, pk in present.items() if pair not in wanted]
    if stale:
        MatchKey.objects.filter(pk__in=stale).delete()
    MatchKey.objects.bulk_create(
        MatchKey(record_id=record_id, key=key) for record_id, key in sorted(wanted - present.keys())
    )


def _save_titles(changes: _Changes, known: Neighbourhood, *, ranks: Mapping[str, int], at: datetime) -> None:
    """Fold the touched titles and hand them to the catalogue."""
    drafts = [
        fold_records(TitleId(title_id), records, ranks=ranks, popularity_of=content.compute_popularity)
        for title_id in sorted(changes.touched)
        if (records := known.records(title_id))
    ]
    for gone, kept in changes.replaced.items():
        if gone in changes.made:
            continue
        # The committed title must exist to take the other's place; its ids still belong to the other until it has. The
        # other may have been called a series where this one is a film: what all records say holds for both.
        draft = next(draft for draft in drafts if draft.id == kept)
        content.save_titles([replace(draft, external_ids=()), replace(draft, id=TitleId(gone))], at=at)
        StagedRecord.objects.filter(title_id=gone).update(title_id=kept)
        content.merge_titles(TitleId(kept), TitleId(gone), at=at)
    for start in range(0, len(drafts), BATCH_ROWS):
        content.save_titles(drafts[start : start + BATCH_ROWS], at=at)


def _title_of(record: StagedRecord) -> UUID:
    """Return the title that the constraint `record_resolved_or_reasoned` promises."""
    assert record.title_id is not None
    return record.title_id
