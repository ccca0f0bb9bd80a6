"""Make the vector of every title again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from apps.search.services import vectors
from mediagateway.vectors.ports import VectorsUnavailableError


class Command(BaseCommand):
    """Needed never by itself: the worker does the same after a change of model. It is for whoever does not wait."""

    help = "Make the vector of every title again, beside the ones that serve, then switch; search goes on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress("Embedding", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            task = progress.add_task("", total=None)
            try:
                for done, total in vectors.rebuild_titles():
                    progress.update(task, completed=done, total=total)
            except VectorsUnavailableError as err:
                raise CommandError(str(err)) from err
