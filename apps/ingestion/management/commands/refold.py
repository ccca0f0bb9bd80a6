"""`manage.py refold`: fold every title again from what its sources said."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.ingestion.management.console import progress_of
from apps.ingestion.services.refold import refold_titles
from apps.ingestion.services.runs import deliver_events


class Command(BaseCommand):
    """For an upgrade that folds otherwise than before; its changelog says so."""

    help = (
        "Fold every title again from what its sources said, and bring the search index in step. Repeatable; not beside "
        "an ingest."
    )

    def handle(self, *_args: object, **_options: Any) -> None:
        """Fold, then deliver what changed."""
        with progress_of("titles", self.stdout, unit="titles") as on_progress:
            changed = refold_titles(on_progress=on_progress)
        self.stdout.write(f"{changed:,} titles changed")
        with progress_of("search index", self.stdout, unit="changes") as on_progress:
            deliver_events(on_progress=on_progress)
