"""`manage.py health`: ask the groups of this machine how they are."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from mediagateway.probes import GroupHealth, probe_group


class Command(BaseCommand):
    """Print each group's probes; exit code 1 when one is not ready."""

    help = "Call /health, /ready and /liveness of a group (default api) or of --all; exit code 1 when one is not ready."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--group", choices=tuple(settings.PORTS), default="api")
        which.add_argument("--all", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = tuple(settings.PORTS) if options["all"] else (options["group"],)
        with ThreadPoolExecutor(len(groups)) as pool:
            answers = list(pool.map(probe_group, groups))
        if options["json"]:
            document = {answer.group: {**asdict(answer), "is_ready": answer.is_ready} for answer in answers}
            self.stdout.write(json.dumps(document, indent=2))
        else:
            for answer in answers:
                self.stdout.write(_line(answer))
        if not all(answer.is_ready for answer in answers):
            raise SystemExit(1)


def _line(answer: GroupHealth) -> str:
    """Write one group as one line."""
    if not any(answer.statuses.values()):
        return f"{answer.group:<10} {answer.port}  nobody answers"
    checks = "  ".join(f"{name} {check['status']}" for name, check in answer.readiness.get("checks", {}).items())
    return f"{answer.group:<10} {answer.port}  {answer.readiness.get('status', 'no readiness'):<9} {checks}"
