"""`manage.py demo`: from an empty folder to a server with something in it."""

import gc
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from mediagateway import events
from mediagateway.telemetry import logs


class Command(BaseCommand):
    """Migrate, load the starter catalogue, build its index, serve, and print what to try."""

    help = "Migrate, load the starter catalogue, build its index, serve, and print what to try. Repeatable."

    # The checks import every view, which this process has no use for; the servers do so themselves.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Progress bars say enough until the servers start, whose log is a log.
        logs.configure({**settings.LOGGING, "level": "warning"})
        executor = MigrationExecutor(connection)
        # Looking takes 0.1 s; `migrate` with nothing to do takes ten times as long.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        # A load makes millions of objects that live as long as their batch; to look through them all for cycles, time
        # and again, took a quarter of it.
        gc.freeze()
        gc.set_threshold(50_000)
        call_command("load_starter")
        total = events.pending_count()
        if not total:
            call_command("serve", examples=True)
            return
        # Delivered here, where it can be watched, instead of by the worker.
        with Progress("Indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            for _ in progress.track(range(total), total=total):
                events.deliver_pending(limit=1)
        connection.close()
        # A fresh process: the load leaves 300 MB behind, for which a supervisor has no use.
        os.execv(sys.executable, [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--examples"])  # noqa: S606
