"""`manage.py demo`: from an empty folder to a server with something in it."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

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
        with _indexing():
            call_command("load_starter")
        connection.close()
        # A fresh process: the load leaves 300 MB behind, for which a supervisor has no use.
        os.execv(sys.executable, [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--examples"])  # noqa: S606


@contextmanager
def _indexing() -> Iterator[None]:
    """Let a process of its own deliver what is published meanwhile, to the search index above all."""
    # A connection must not be shared with a fork.
    connection.close()
    context = get_context("fork")
    stop = context.Event()
    process = context.Process(target=_deliver_until, args=(stop,), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _deliver_until(stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while not stop.is_set():
        try:
            delivered = events.deliver_pending(limit=1)
        except OperationalError:
            # SQLite has one writer at a time, and that is the load; in the end it delivers what it kept from us.
            delivered = 0
        if not delivered:
            stop.wait(0.2)
