"""A run over files: batch after batch from the last checkpoint, and at the end the offers that a listing makes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.content import api as content
from apps.content.contracts import OfferTerms, OfferType, SnapshotKey, SnapshotReport, TitleId
from apps.ingestion.adapters.feed_files import count_rows, digest_files, read_rows
from apps.ingestion.errors import UnknownShelfError
from apps.ingestion.models import IngestionRun, RunStatus
from apps.ingestion.queries import find_titles_of_records
from apps.ingestion.services.arrivals import Arrival, Reject, Shelf, read_arrival
from apps.ingestion.services.batches import BATCH_ROWS, Tally, ingest_batch
from mediagateway.events import deliver_pending, pending_count

#: Called with the rows that are done and the rows there are, before the first batch and after each.
Progress = Callable[[int, int], None]

_REGION = re.compile("[A-Z]{2}")
_BASIS = "listed in the platform's catalogue"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunReport:
    """
    What a run did.

    Attributes:
        tally: Rows by what became of them, those of an earlier, killed part of the run included.
        offers: What the listing changed, None for files that list no platform.
        resumed_from: Rows that the killed part had done.
        took_s: Seconds of this part, without the delivery of events.
    """

    tally: Tally
    offers: SnapshotReport | None
    resumed_from: int
    took_s: float


def ingest_listing(paths: Sequence[Path], shelf: Shelf, *, on_progress: Progress) -> RunReport:
    """
    Ingest files that together are the full listing of a platform in a region at one time; idempotent and resumable.

    Raises:
        UnreadableFileError: A file is missing or of another layout.
        UnknownShelfError: No such platform or region.
    """
    _check_shelf(shelf)
    started_at = timezone.now()
    run = open_run(paths, shelf)
    resumed_from = run.rows_done
    source_ids = take_in_files(run, paths, shelf, on_progress=on_progress)
    with transaction.atomic():
        offers = _apply_listing(run, source_ids, shelf)
        close_run(run)
    took_s = (timezone.now() - started_at).total_seconds()
    deliver_events()
    return RunReport(tally_of(run), offers, resumed_from, took_s)


def open_run(paths: Sequence[Path], shelf: Shelf) -> IngestionRun:
    """Open a run, or the one of the same files, shelf and time that was killed before its end."""
    identity = {
        "source": shelf.layout.slug,
        "platform": shelf.platform,
        "region": shelf.region,
        "as_of": shelf.as_of,
        "mask_ids": shelf.mask_ids,
        "content_sha256": digest_files(paths),
    }
    run = IngestionRun.objects.filter(**identity, status=RunStatus.RUNNING).first()
    if run is None:
        files = [path.name for path in paths]
        run = IngestionRun.objects.create(**identity, files=files, started_at=timezone.now())
    _log.info("ingestion.run_opened", run=run.pk, source=run.source, platform=run.platform, rows_done=run.rows_done)
    return run


def take_in_files(run: IngestionRun, paths: Sequence[Path], shelf: Shelf, *, on_progress: Progress) -> set[str]:
    """
    Take in the rows of a run behind its checkpoint; each batch commits together with the next checkpoint.

    Returns:
        The source ids of all accepted rows, those before the checkpoint included.
    """
    columns = shelf.layout.columns
    total, ranks = count_rows(paths, columns=columns), content.get_source_ranks()
    accepted, taken_ids = set[str](), set[str]()

    def read() -> Iterator[Arrival | Reject]:
        for row in read_rows(paths, columns=columns):
            arrival = read_arrival(row, shelf, taken_ids=taken_ids)
            if isinstance(arrival, Arrival):
                accepted.add(arrival.source_id)
            yield arrival

    rows = read()
    done = sum(1 for _ in islice(rows, run.rows_done))
    on_progress(done, total)
    while batch := list(islice(rows, BATCH_ROWS)):
        done += len(batch)
        with transaction.atomic():
            tally = ingest_batch(batch, shelf, ranks=ranks, run=run, at=timezone.now())
            IngestionRun.objects.filter(pk=run.pk).update(
                rows_done=done,
                new=F("new") + tally.new,
                updated=F("updated") + tally.updated,
                unchanged=F("unchanged") + tally.unchanged,
                rejected=F("rejected") + tally.rejected,
            )
        on_progress(done, total)
    return accepted


def close_run(run: IngestionRun) -> None:
    """Say that a run has come to its end."""
    IngestionRun.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, finished_at=timezone.now())
    run.refresh_from_db()
    _log.info("ingestion.run_finished", run=run.pk, new=run.new, updated=run.updated, rejected=run.rejected)


def tally_of(run: IngestionRun) -> Tally:
    """Return what became of the rows of a run."""
    return Tally(run.new, run.updated, run.unchanged, run.rejected)


def deliver_events(*, on_progress: Progress = lambda _done, _total: None) -> None:
    """Deliver what was published, so that whoever waits for the command finds the search index up to date."""
    total = pending_count()
    while deliver_pending(limit=1):
        # Counted anew: others may deliver beside us.
        on_progress(total - pending_count(), total)


def _check_shelf(shelf: Shelf) -> None:
    """Refuse a listing that could not be applied in the end, before anything is written."""
    if not _REGION.fullmatch(shelf.region):
        raise UnknownShelfError(f"{shelf.region!r} is no region: two capital letters, as in ISO 3166-1.")
    if shelf.platform not in {platform.slug for platform in content.get_platforms()}:
        raise UnknownShelfError(f"There is no platform {shelf.platform!r}.")


def _apply_listing(run: IngestionRun, source_ids: set[str], shelf: Shelf) -> SnapshotReport:
    """
    Let every accepted row claim a subscription offer.

    The digest covers the titles too: the same file resolved otherwise (a merge, `mask_ids`) is another listing.
    """
    titles = set(find_titles_of_records(shelf.layout.slug, shelf.platform, source_ids).values())
    terms = OfferTerms(OfferType.SUBSCRIPTION, basis=_BASIS, confidence=shelf.layout.offer_confidence)
    digest = sha256(run.content_sha256.encode())
    for title_id in sorted(titles):
        digest.update(title_id.bytes)
    key = SnapshotKey(shelf.layout.slug, shelf.platform, shelf.region, shelf.as_of)
    claims = ((TitleId(title_id), terms) for title_id in titles)
    return content.apply_snapshot(key, claims, content_sha256=digest.hexdigest(), at=timezone.now())
