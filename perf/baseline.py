"""
Throughput and p99 of the busiest reads against two yardsticks: `python -m perf.baseline`.

Three servers run at once under one gunicorn configuration: the product with an empty view among its own, the same with
no middleware, and the same with no cache. The targets take turns, a few seconds each, round after round, so that
whatever else the machine does falls on all of them alike. What counts are the ratios.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from perf.environment import ROOT, YARDSTICK, set_environment
from perf.figures import Figure, compute_comparison, compute_figure, write_table
from perf.load import LoadError, Sample, find_wrk, run_load, write_paths
from perf.machine import describe_commit, describe_machine
from perf.servers import Server, running_server

_RESULTS = ROOT / "perf" / "results"
_QUERIES = ROOT / "perf" / "queries.txt"
_REPEATED_QUERY = "the godfather"
#: Titles that the detail view is asked for in turn, and the fewest that make a run.
_TITLES, _MIN_TITLES = 300, 100
#: What the middleware should leave of a bare view's throughput, and an endpoint of an empty view's.
_AIM = 0.5


@dataclass(frozen=True, slots=True)
class Target:
    """
    Something to load.

    Attributes:
        name: What the table calls it.
        server: Who answers.
        paths: Sent in turn.
        yardstick: The target that it is compared with; empty for none.
        aim: What its throughput should reach, in parts of the yardstick's; None when that is only good to know.
    """

    name: str
    server: Server
    paths: Sequence[str]
    yardstick: str = ""
    aim: float | None = None


def main() -> int:
    """Measure, print the table, write the results; the exit status says whether there are figures, not how good."""
    options = _read_options()
    set_environment()
    try:
        wrk = find_wrk()
        if not options.as_is:
            # In a process of its own, which takes its connections and threads with it.
            subprocess.run([sys.executable, "-m", "perf.catalogue"], cwd=ROOT, check=True)
        with ExitStack() as stack:
            # A process group runs once in a data folder, so each server but the first gets a folder of its own.
            folders = [stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2)]
            product = stack.enter_context(running_server(options.port))
            bare = stack.enter_context(running_server(options.port + 1, MG_PERF_BARE="1", MG_DATA_DIR=folders[0]))
            uncached = stack.enter_context(
                running_server(options.port + 2, MG_PERF_UNCACHED="1", MG_DATA_DIR=folders[1])
            )
            targets = _targets(product, bare=bare, uncached=uncached)
            conditions = _describe_conditions(options)
            samples = _measure(wrk, targets, options)
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    figures = _figures(targets, samples)
    print(f"\n{write_table(figures)}\n")
    result = {
        **conditions,
        "figures": [asdict(figure) for figure in figures],
        "rounds": {name: [asdict(sample) for sample in each] for name, each in samples.items()},
    }
    file = _RESULTS / f"baseline-{datetime.now(UTC):%Y%m%dT%H%MZ}.json"
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(f"Limits were counted and none was met. Written: {file.relative_to(ROOT)}")
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how often each target has its turn (%(default)s)")
    parser.add_argument("--seconds", type=int, default=2, help="how long a turn is (%(default)s)")
    parser.add_argument("--connections", type=int, default=16, help="requests in flight (%(default)s)")
    parser.add_argument("--port", type=int, default=9380, help="first of three free ports (%(default)s)")
    parser.add_argument("--as-is", action="store_true", help="measure the catalogue that the database holds")
    return parser.parse_args()


def _targets(product: Server, *, bare: Server, uncached: Server) -> tuple[Target, ...]:
    """Say what is loaded and what each is compared with."""
    titles = _title_paths(product)
    searches = [search_path(query) for query in read_queries(_QUERIES.read_text())]
    return (
        Target("bare view", bare, [YARDSTICK]),
        Target("empty view", product, [YARDSTICK], yardstick="bare view", aim=_AIM),
        Target(f"content, {len(titles)} titles", product, titles, yardstick="empty view", aim=_AIM),
        Target(f"search, {len(searches)} queries", product, searches, yardstick="empty view", aim=_AIM),
        Target("search, one query", product, [search_path(_REPEATED_QUERY)], yardstick="empty view", aim=_AIM),
        Target("content, no cache", uncached, titles, yardstick="empty view"),
        Target("search, no cache", uncached, searches, yardstick="empty view"),
    )


def read_queries(text: str) -> list[str]:
    """Read a file of queries: one on a line; blank lines and lines that begin with # are for people."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def search_path(query: str) -> str:
    """Write the path that asks for a query."""
    return f"/api/v1/search?{urlencode({'q': query})}"


def _title_paths(product: Server) -> list[str]:
    """
    Ask the catalogue itself for titles to ask for.

    Raises:
        LoadError: There are too few for a figure that means anything.
    """
    paths: list[str] = []
    cursor: str | None = ""
    while len(paths) < _TITLES and cursor is not None:
        query = urlencode({"limit": 100, **({"cursor": cursor} if cursor else {})})
        page = json.loads(product.get(f"/api/v1/content?{query}"))
        paths += [f"/api/v1/content/{item['id']}" for item in page["items"]]
        cursor = page["next_cursor"]
    if len(paths) < _MIN_TITLES:
        raise LoadError(f"The catalogue has {len(paths)} titles; a run needs {_MIN_TITLES}.")
    return paths[:_TITLES]


def _measure(wrk: str, targets: Sequence[Target], options: argparse.Namespace) -> dict[str, list[Sample]]:
    """Load the targets in turn, round after round; every second round backwards, so that none stands better."""
    samples: dict[str, list[Sample]] = {target.name: [] for target in targets}
    with tempfile.TemporaryDirectory() as scratch:
        files = {target.name: write_paths(Path(scratch, str(at)), target.paths) for at, target in enumerate(targets)}
        # What a process loads at its first use is loaded then, and every path has its answer.
        for target in targets:
            for path in target.paths:
                target.server.get(path)
        for done in range(options.rounds):
            print(f"round {done + 1} of {options.rounds}", flush=True)
            for target in targets if done % 2 == 0 else reversed(targets):
                taken = samples[target.name]
                # Paths go on where the round before stopped: a slow target too comes to all of them.
                start = sum(sample.requests for sample in taken)
                taken.append(_take_sample(wrk, target, files[target.name], options, start=start))
    return samples


def _take_sample(wrk: str, target: Target, paths: Path, options: argparse.Namespace, *, start: int) -> Sample:
    """Load one target once, and see what it cost its server."""
    before_s = target.server.cpu_s()
    try:
        sample = run_load(
            wrk,
            target.server.url,
            paths,
            start=start,
            connections=options.connections,
            seconds=options.seconds,
        )
    except LoadError as error:
        raise LoadError(f"{target.name}: {error}") from error
    after_s = target.server.cpu_s()
    if before_s is None or after_s is None:
        return sample
    return replace(sample, server_cpu_us=(after_s - before_s) / sample.requests * 1e6)


def _figures(targets: Sequence[Target], samples: Mapping[str, Sequence[Sample]]) -> list[Figure]:
    """Summarise every target and compare it with its yardstick."""
    return [
        compute_figure(
            target.name,
            samples[target.name],
            compute_comparison(samples, target.name, yardstick=target.yardstick, aim=target.aim)
            if target.yardstick
            else None,
        )
        for target in targets
    ]


def _describe_conditions(options: argparse.Namespace) -> dict[str, object]:
    """Say what is measured, on what, and how."""
    return {
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": describe_commit(),
        "machine": describe_machine(),
        "settings": {
            "rounds": options.rounds,
            "seconds": options.seconds,
            "connections": options.connections,
            "workers": settings.WORKERS,
            "threads": settings.THREADS,
            "database": str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2],
            "cache": "redis" if settings.REDIS_URL else "in process",
            "limits": "counted, none met",
        },
    }


if __name__ == "__main__":
    sys.exit(main())
