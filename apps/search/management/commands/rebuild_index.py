"""Write every document of the search index again."""

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from apps.content import api as content
from apps.search.services import documents


class Command(BaseCommand):
    """Needed after a change of the analysis or a restore; search goes on meanwhile."""

    help = "Write every document of the search index again; search goes on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        total = sum(1 for _ in content.iter_listed_ids())
        with Progress("Indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            task = progress.add_task("", total=total)
            for done in documents.rebuild_index():
                progress.update(task, completed=done)
