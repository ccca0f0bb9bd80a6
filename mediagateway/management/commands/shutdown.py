"""`manage.py shutdown`: drain and stop what `serve` started."""

import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mediagateway.processes import RunMark


class Command(BaseCommand):
    """Stop a group, or everything, and wait until it is gone."""

    help = "Drain and stop a group (default api) or --all on this machine, and wait until it is gone."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--group", choices=tuple(settings.PORTS), default="api")
        which.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        marks = _running(options["group"], everything=options["all"])
        if not marks:
            self.stdout.write("Nothing runs.")
            return
        started = time.monotonic()
        for mark, pid in marks:
            os.kill(pid, signal.SIGTERM)
            self.stdout.write(f"{mark.name}: told process {pid} to stop.")
        # What a process may take by its own rules, and a margin on top.
        deadline = started + settings.DRAIN_S + settings.GRACE_S + 20
        for mark, pid in marks:
            while mark.holder() is not None:
                if time.monotonic() > deadline:
                    raise CommandError(f"{mark.name}: process {pid} is still there.")
                time.sleep(0.05)
            self.stdout.write(f"{mark.name}: stopped after {time.monotonic() - started:.1f} s.")


def _running(group: str, *, everything: bool) -> list[tuple[RunMark, int]]:
    """
    Find whom to signal: a supervisor rather than its groups, because it counts a group's end as its own.

    Supervisors first, then groups that gunicorn runs without one.
    """
    names = ("all", *settings.PORTS) if everything else (group,)
    supervisors = [(mark, pid) for mark in map(RunMark, (f"serve-{name}" for name in names)) if (pid := mark.holder())]
    if supervisors:
        return supervisors
    return [(mark, pid) for mark in map(RunMark, names) if (pid := mark.holder())]
