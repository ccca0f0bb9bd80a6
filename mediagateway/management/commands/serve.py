"""`manage.py serve`: run process groups on this machine."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mediagateway.probes import probe_group
from mediagateway.processes import CannotStartError, RunMark, Supervisor

#: The api group alone takes the live channel along.
API_GROUPS = ("api", "live")
_EXAMPLES = (
    "curl -G {api}/search --data-urlencode 'q=the matrix'",
    "curl -G {api}/search --data-urlencode 'q=a boy who sees dead people'",
    "curl '{api}/search/autocomplete?q=strang'",
    "curl '{api}/tv/popular?limit=3'",
    "curl '{api}/platforms/netflix/catalog?region=US&limit=3'",
)

#: How long the others wait for the first group: without a database it is never ready.
_HEAD_START_S = 15


class Command(BaseCommand):
    """Run one process group, or all, with the worker beside it."""

    help = (
        "Run a process group (default api, with the live channel beside it), or --all; and one worker that delivers "
        "events, unless MG_WORKER=0. Ctrl-C or SIGTERM drains and stops; a second one forces."
    )

    # The checks import every view, which this process has no use for; the servers do so themselves.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--group", choices=tuple(settings.PORTS), default="api")
        which.add_argument("--all", action="store_true", help="all groups, each on its own port")
        parser.add_argument("--examples", action="store_true", help="print requests to try once the api group is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        name, groups = _selection(options)
        # The lock lives as long as the object.
        mark = RunMark(f"serve-{name}")
        supervisor = Supervisor(groups, with_worker=settings.WORKER_ENABLED)
        try:
            mark.take()
            supervisor.start()
        except CannotStartError as err:
            raise CommandError(str(err)) from err
        waiting, are_all_started = set(groups), False
        while (code := supervisor.tick()) is None:
            for group in [group for group in waiting if probe_group(group).is_ready]:
                waiting.discard(group)
                took_s = time.monotonic() - started
                self.stderr.write(f"{group}: ready on http://localhost:{settings.PORTS[group]} after {took_s:.1f} s")
                if options["examples"] and group == "api":
                    self._print_examples()
            if not are_all_started and (groups[0] not in waiting or time.monotonic() - started > _HEAD_START_S):
                supervisor.start_others()
                are_all_started = True
            time.sleep(0.1)
        raise SystemExit(code)

    def _print_examples(self) -> None:
        """Print what to try on a catalogue that holds the starter set."""
        base = f"http://localhost:{settings.PORTS['api']}"
        lines = "\n".join(f"  {example.format(api=f'{base}/api/v1')}" for example in _EXAMPLES)
        self.stderr.write(f"\nTry, in another terminal:\n{lines}\n\nThe API is described at {base}/swagger-ui\n")


def _selection(options: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Name the supervisor and its groups."""
    if options["all"]:
        return "all", tuple(settings.PORTS)
    group = options["group"]
    return group, API_GROUPS if group == "api" else (group,)
