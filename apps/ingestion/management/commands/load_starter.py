"""`manage.py load_starter`: take in the catalogue that is shipped with the code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.ingestion.management.console import progress_of
from apps.ingestion.services.runs import deliver_events
from apps.ingestion.services.starter import apply_lasting_offers, list_starter_files, load_starter_file
from mediagateway.errors import DomainError


class Command(BaseCommand):
    """Load the starter catalogue."""

    help = "Load the starter catalogue; files that are loaded already are passed over."

    def handle(self, *_args: object, **_options: Any) -> None:
        """Load file after file, then what our editors assert of platforms."""
        try:
            for file in list_starter_files():
                with progress_of(file.path.name, self.stdout) as on_progress:
                    tally = load_starter_file(file, on_progress=on_progress)
                if tally is None:
                    self.stdout.write(f"{file.path.name}: loaded before")
                else:
                    counts = f"{tally.new:,} new, {tally.updated:,} updated, {tally.unchanged:,} unchanged"
                    self.stdout.write(f"{file.path.name}: {counts}, {tally.rejected:,} rejected")
            self.stdout.write(f"Lasting offers: {apply_lasting_offers():,} changed")
            with progress_of("search index", self.stdout, unit="changes") as on_progress:
                deliver_events(on_progress=on_progress)
        except DomainError as err:
            raise CommandError(err.detail) from err
