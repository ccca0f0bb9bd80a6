"""`manage.py demo`: from an empty folder to a server with something in it, in one process."""

import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from mediagateway import events
from mediagateway.probes import wait_until_ready

_EXAMPLES = (
    "curl -G {base}/search --data-urlencode 'q=the matrix'",
    "curl -G {base}/search --data-urlencode 'q=a boy who sees dead people'",
    "curl '{base}/search/autocomplete?q=strang'",
    "curl '{base}/tv/popular?limit=3'",
    "curl '{base}/platforms/netflix/catalog?region=US&limit=3'",
)


class Command(BaseCommand):
    """Migrate, load the starter catalogue, build its index, serve, and print what to try."""

    help = "Migrate, load the starter catalogue, build its index, serve, and print what to try. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        # Looking takes 0.1 s; `migrate` with nothing to do takes ten times as long.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        call_command("load_starter")
        self._build_index()
        connection.close()
        threading.Thread(target=self._greet, daemon=True).start()
        call_command("serve")

    def _build_index(self) -> None:
        """Deliver the events of the load here, where they can be watched, instead of leaving them to the worker."""
        total = events.pending_count()
        if not total:
            return
        with Progress("Indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            for _ in progress.track(range(total), total=total):
                events.deliver_pending(limit=1)

    def _greet(self) -> None:
        """Print the examples once the api group answers."""
        if not wait_until_ready("api"):
            return
        base = f"http://localhost:{settings.PORTS['api']}"
        lines = "\n".join(f"  {example.format(base=f'{base}/api/v1')}" for example in _EXAMPLES)
        self.stderr.write(f"\nTry, in another terminal:\n{lines}\nThe API is described at {base}/swagger-ui\n")
