"""`manage.py demo`: from an empty folder to a server with something in it."""

import gc
import os
import signal
import sys
from contextlib import suppress
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from mediagateway import events
from mediagateway.management.commands.serve import API_GROUPS
from mediagateway.processes import CannotStartError, check_ports
from mediagateway.telemetry import logs

#: How often the load is looked after: a second start waits for it that long at most.
_PAUSE_S = 0.1


class Command(BaseCommand):
    """Migrate, load the starter catalogue, build its index, serve, and print what to try."""

    help = "Migrate, load the starter catalogue, build its index, serve, and print what to try. Repeatable."

    # The checks import every view, which this process has no use for; the servers do so themselves.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Progress bars say enough until the servers start, whose log is a log.
        logs.configure({**settings.LOGGING, "level": "warning"})
        try:
            # Said now and not after a minute's load.
            check_ports(API_GROUPS)
        except CannotStartError as err:
            raise CommandError(str(err)) from err
        executor = MigrationExecutor(connection)
        # Looking takes 0.1 s; `migrate` with nothing to do takes ten times as long.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        if self._load():
            # A fresh process: the documents leave much behind, for which a supervisor has no use.
            os.execv(sys.executable, [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--examples"])  # noqa: S606
        call_command("serve", examples=True)

    def _load(self) -> bool:
        """Load the catalogue in a process of its own, index beside it, and say whether there was something to index."""
        # A connection must not be shared with a fork.
        connection.close()
        loader = get_context("fork").Process(target=_load_starter)
        loader.start()
        delivered = 0
        while loader.is_alive():
            with suppress(OperationalError):
                # SQLite has one writer at a time, and that is the load; in the end it delivers what it kept from us.
                while events.deliver_pending(limit=1):
                    delivered += 1
            loader.join(timeout=_PAUSE_S)
        connection.close()
        if loader.exitcode:
            sys.exit(loader.exitcode)
        return delivered > 0


def _load_starter() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A load makes millions of objects that live as long as their batch; to look through them all for cycles, time and
    # again, took a quarter of it.
    gc.freeze()
    gc.set_threshold(50_000)
    try:
        call_command("load_starter")
    except CommandError as err:
        sys.exit(str(err))
