"""Reads of ingestion."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from apps.ingestion.domain.facts import RecordKey, decode_facts
from apps.ingestion.domain.merge import SourcedFacts
from apps.ingestion.models import MatchKey, RecordStatus, StagedRecord


@dataclass(frozen=True, slots=True)
class Mapping:
    """What one record was taken for; `title_id` is None for a rejected one."""

    platform: str
    source: str
    source_id: str
    title_id: UUID | None
    method: str
    confidence: float


def list_mappings() -> Iterator[Mapping]:
    """Yield every staged record's mapping, by platform, source and id; one SQL statement, read as it is consumed."""
    columns = ("platform", "source", "source_id", "title_id", "method", "confidence")
    for row in StagedRecord.objects.order_by(*columns[:3]).values_list(*columns).iterator(chunk_size=5000):
        yield Mapping(*row)


def find_titles_by_keys(keys: Collection[str], *, besides_source: str = "") -> dict[str, set[UUID]]:
    """
    Find the titles whose records have one of the keys; one SQL statement.

    Args:
        keys: `domain.profiles.match_keys` of the records to resolve.
        besides_source: A source whose own records are left out.
    """
    found: dict[str, set[UUID]] = defaultdict(set)
    rows = MatchKey.objects.filter(key__in=keys, record__status=RecordStatus.RESOLVED)
    if besides_source:
        rows = rows.exclude(record__source=besides_source)
    for key, title_id in rows.values_list("key", "record__title_id").order_by().distinct():
        if title_id is not None:
            found[key].add(title_id)
    return found


def load_members(title_ids: Collection[UUID]) -> dict[UUID, list[SourcedFacts]]:
    """Load what every record of some titles says; one SQL statement."""
    members: dict[UUID, list[SourcedFacts]] = defaultdict(list)
    records = StagedRecord.objects.filter(title_id__in=title_ids).order_by("id")
    columns = ("title_id", "source", "platform", "source_id", "as_of", "facts", "withheld_ids")
    for title_id, source, platform, source_id, as_of, facts, withheld_ids in records.values_list(*columns):
        members[title_id].append(
            SourcedFacts(
                key=RecordKey(source, platform, source_id),
                as_of=as_of,
                facts=decode_facts(facts),
                withheld_ids=frozenset((scheme, value) for scheme, value in withheld_ids),
            )
        )
    return members


def find_titles_of_records(source: str, platform: str, source_ids: Collection[str]) -> dict[str, UUID]:
    """Find the title of each resolved record of a shelf; one SQL statement per 10,000 ids."""
    found: dict[str, UUID] = {}
    ordered = sorted(source_ids)
    for start in range(0, len(ordered), _MOST_IDS):
        records = StagedRecord.objects.filter(
            source=source, platform=platform, source_id__in=ordered[start : start + _MOST_IDS], title__isnull=False
        )
        found |= dict(records.order_by().values_list("source_id", "title_id"))
    return found


#: Ids in one IN list; SQLite takes 32,766 parameters a statement.
_MOST_IDS = 10_000
