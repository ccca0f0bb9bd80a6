"""`manage.py demo_feeds`: take in the sample feeds in the order of their days."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ingestion.domain.layouts import LAYOUTS
from apps.ingestion.domain.shelves import SAMPLE_FEEDS
from apps.ingestion.management.console import print_reports, progress_of
from apps.ingestion.services.arrivals import Shelf
from apps.ingestion.services.runs import ingest_listing
from mediagateway.errors import DomainError

_REGION = "US"


class Command(BaseCommand):
    """Ingest the sample feeds, and close with one table."""

    help = "Ingest the sample feeds of a folder in the order of their days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where the feeds are."""
        parser.add_argument("folder", type=Path, help="folder that holds the feeds' .csv.gz files")
        parser.add_argument("--mask-ids", action="store_true", help="for evaluations: see `ingest --mask-ids`")

    def handle(self, *_args: object, **options: Any) -> None:
        """Ingest one feed after the other."""
        folder: Path = options["folder"]
        missing = [feed.file for feed in SAMPLE_FEEDS if not (folder / feed.file).is_file()]
        if missing:
            raise CommandError(f"{folder} does not hold the sample feeds: {', '.join(missing)} missing.")
        reports = []
        for feed in SAMPLE_FEEDS:
            as_of = datetime.combine(feed.as_of, time.min, tzinfo=UTC)
            shelf = Shelf(LAYOUTS[feed.layout], feed.platform, _REGION, as_of, mask_ids=options["mask_ids"])
            label = feed.file.removesuffix(".csv.gz")
            try:
                with progress_of(label, self.stdout) as on_progress:
                    report = ingest_listing([folder / feed.file], shelf, on_progress=on_progress)
            except DomainError as err:
                raise CommandError(err.detail) from err
            reports.append((label, report))
        print_reports(reports, self.stdout)
