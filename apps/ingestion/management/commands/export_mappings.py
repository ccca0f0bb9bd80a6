"""`manage.py export_mappings`: what every record was taken for."""

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.ingestion.queries import list_mappings

_COLUMNS = ("platform", "source", "source_id", "content_id", "method", "confidence")


class Command(BaseCommand):
    """Print one row per staged record; a rejected one has an empty content_id."""

    help = "Print what every staged record was taken for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the form."""
        parser.add_argument("--format", choices=("csv",), default="csv")

    def handle(self, *_args: object, **_options: Any) -> None:
        """Print the rows as they are read."""
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for mapping in list_mappings():
            writer.writerow(
                (
                    mapping.platform,
                    mapping.source,
                    mapping.source_id,
                    mapping.title_id or "",
                    mapping.method,
                    f"{mapping.confidence:.4f}",
                )
            )
