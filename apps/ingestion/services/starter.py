"""Loading the starter catalogue that is shipped with the code."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from apps.content import api as content
from apps.content.contracts import OfferTerms, SnapshotKey, TitleId
from apps.ingestion.adapters.feed_files import digest_files
from apps.ingestion.domain.facts import OfferFact, decode_facts
from apps.ingestion.domain.layouts import LAYOUTS
from apps.ingestion.errors import UnreadableFileError
from apps.ingestion.models import IngestionRun, RecordStatus, RunStatus, StagedRecord
from apps.ingestion.services.arrivals import Shelf
from apps.ingestion.services.batches import Tally
from apps.ingestion.services.runs import Progress, close_run, open_run, take_in_files, tally_of

STARTER_FOLDER = Path(__file__).resolve().parent.parent / "starter"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class StarterFile:
    """A file of the starter catalogue."""

    path: Path
    source: str
    as_of: datetime


def list_starter_files(folder: Path = STARTER_FOLDER) -> tuple[StarterFile, ...]:
    """
    List the files in the order of the manifest.

    Raises:
        UnreadableFileError: There is no manifest.
    """
    try:
        entries = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except OSError as err:
        raise UnreadableFileError(f"{folder / _MANIFEST} cannot be read: {err}.") from err
    return tuple(
        StarterFile(folder / entry["file"], entry["source"], _midnight(date.fromisoformat(entry["as_of"])))
        for entry in entries
    )


def load_starter_file(file: StarterFile, *, on_progress: Progress) -> Tally | None:
    """
    Take in one file; None when exactly this file has been taken in before.

    A title keeps the UUID that its line commits. Where a feed brought the work first, its title becomes an alias of
    the committed one; where two lines are one work, the first line's UUID stays.
    """
    digest = digest_files([file.path])
    done = IngestionRun.objects.filter(
        source=file.source, platform="", as_of=file.as_of, content_sha256=digest, status=RunStatus.FINISHED
    )
    if done.exists():
        return None
    shelf = Shelf(LAYOUTS[file.source], platform="", region="", as_of=file.as_of)
    run = open_run([file.path], shelf)
    take_in_files(run, [file.path], shelf, on_progress=on_progress)
    close_run(run)
    return tally_of(run)


def apply_lasting_offers() -> int:
    """
    Apply what our editors assert of platforms as snapshots, one for each platform and region; idempotent.

    A snapshot's time is the newest day on which anything in it was asserted.

    Returns:
        How many offers the snapshots opened, closed or changed.
    """
    shelves: dict[tuple[str, str, str], list[tuple[UUID, OfferFact]]] = defaultdict(list)
    for source, title_id, offer in _lasting_offers():
        for region in offer.regions:
            shelves[source, offer.platform, region].append((title_id, offer))
    changes = 0
    for (source, platform, region), offers in sorted(shelves.items()):
        as_of = _midnight(max(offer.asserted_on for _, offer in offers))
        claims = [
            (TitleId(title_id), OfferTerms(offer.type, native_id=offer.native_id, basis=offer.basis))
            for title_id, offer in sorted(offers, key=lambda pair: (pair[0], pair[1].type))
        ]
        digest = sha256(repr(claims).encode()).hexdigest()
        key = SnapshotKey(source, platform, region, as_of)
        report = content.apply_snapshot(key, claims, content_sha256=digest, at=timezone.now())
        changes += report.opened + report.closed + report.changed
    return changes


def _lasting_offers() -> Iterator[tuple[str, UUID, OfferFact]]:
    records = StagedRecord.objects.filter(status=RecordStatus.RESOLVED, platform="", facts__has_key="offers")
    for source, title_id, facts in records.order_by("id").values_list("source", "title_id", "facts"):
        assert title_id is not None, "The constraint record_resolved_or_reasoned."
        assert facts is not None, "The constraint record_resolved_or_reasoned."
        yield from ((source, title_id, offer) for offer in decode_facts(facts).offers)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
