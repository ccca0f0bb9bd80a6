"""`manage.py ingest`: take in a platform's full listing."""

import argparse
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ingestion.domain.layouts import CATALOGUE_LAYOUTS, LAYOUTS
from apps.ingestion.domain.shelves import PLATFORM_OF_FEED
from apps.ingestion.management.console import print_reports, progress_of
from apps.ingestion.services.arrivals import Shelf
from apps.ingestion.services.runs import ingest_listing
from mediagateway.errors import DomainError


class Command(BaseCommand):
    """Ingest the files that together list one platform in one region at one time."""

    help = "Ingest a platform's full listing; the same files again change nothing, a killed run goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the files are and for when they speak."""
        parser.add_argument("layout", choices=CATALOGUE_LAYOUTS)
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, plain or gzip")
        parser.add_argument("--platform", required=True, help="slug of the platform, or the feed's name for it")
        parser.add_argument("--region", required=True, type=str.upper, help="ISO 3166-1 alpha-2")
        parser.add_argument(
            "--as-of", required=True, type=read_day, help="day for which the listing speaks, YYYY-MM-DD"
        )
        parser.add_argument(
            "--mask-ids", action="store_true", help="for evaluations: match works without any id of the feed"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Ingest, and print what came of it."""
        platform = PLATFORM_OF_FEED.get(options["platform"], options["platform"])
        shelf = Shelf(
            LAYOUTS[options["layout"]], platform, options["region"], options["as_of"], mask_ids=options["mask_ids"]
        )
        label = f"{shelf.layout.slug} {platform} {shelf.region} {shelf.as_of:%Y-%m-%d}"
        try:
            with progress_of(label, self.stdout) as on_progress:
                report = ingest_listing(options["files"], shelf, on_progress=on_progress)
        except DomainError as err:
            raise CommandError(err.detail) from err
        if report.resumed_from:
            self.stdout.write(f"Resumed behind row {report.resumed_from:,}.")
        print_reports([(label, report)], self.stdout)


def read_day(text: str) -> datetime:
    """Read a day as its first moment in UTC."""
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time.min, tzinfo=UTC)  # noqa: DTZ007 -- a day
    except ValueError as err:
        raise argparse.ArgumentTypeError(f"{text!r} is no day of the form YYYY-MM-DD") from err
