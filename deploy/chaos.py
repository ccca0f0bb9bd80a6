"""
`make chaos`: break the way to PostgreSQL and Redis under load, one fault after the other, and write a table.

k6 reads and writes all the while. A prober of its own asks ten times a second, so that a recovery is timed to a tenth
of a second. In the end every write that was acknowledged has to be in the database.
"""

import argparse
import csv
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from deploy.clusters import Cluster, wait_for
from deploy.population import ENVIRON, populate
from deploy.tests.served import ROOT, Served
from deploy.toxics import FAULTS, Proxy, toxiproxy
from mediagateway.testing.servers import valkey

#: How long a fault lasts, and the longest wait for a recovery.
FAULT_S, PATIENCE_S = 4.0, 30.0
#: So many answers in a row, each within so many seconds, are a recovery.
_CALM, _CALM_S = 5, 2.0
#: PostgreSQL sees no connection die behind a proxy that hangs, so nothing here relies on its timeouts but ours.
_STATEMENT_TIMEOUT_S = "3"

_HEAD = """\
# What breaks, and how it comes back

Written by `make chaos`: the auth group with two workers, a PostgreSQL with a synchronous replica, a Redis, Toxiproxy
between them, k6 with 6 requests a second. Each fault lasts {fault_s:g} s. Recovery is the time from its end (of a
failover: from the kill) to the first of {calm} answers in a row within two seconds.

| fault | answered with 200 meanwhile | others | p95 ms | recovery s |
|---|---:|---|---:|---:|"""


@dataclass(frozen=True, slots=True)
class Row:
    """
    What one fault did.

    Attributes:
        fault: Its name and where.
        answered_ratio: Share of the probes that were answered with 200 while it lasted.
        statuses: What the others got: a status, or "none" within the prober's five seconds.
        p95_ms: Of all that were answered while it lasted.
        recovery_s: From its end until all was calm; infinite when it did not come within `PATIENCE_S`.
    """

    fault: str
    answered_ratio: float
    statuses: dict[str, int]
    p95_ms: float
    recovery_s: float


class Prober:
    """Asks for a profile again and again, as another person each time, from a few threads."""

    def __init__(self, url: str, people: list[dict[str, Any]]) -> None:
        """Say whom to ask, and as whom."""
        self._url = f"{url}/api/v1/user/profile"
        self._tokens = cycle([person["access_token"] for person in people])
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(4)]
        #: When it was answered, status (0 for none), seconds it took.
        self.answers: list[tuple[float, int, float]] = []

    def __enter__(self) -> "Prober":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def calm_since(self, since: float) -> float | None:
        """Find the first of so many good answers in a row, asked after a moment; None while there are none."""
        run: list[float] = []
        for at, status, took_s in sorted(self.answers):
            if at - took_s < since:
                continue
            run = [*run, at] if status == 200 and took_s < _CALM_S else []
            if len(run) == _CALM:
                return run[0]
        return None

    def _ask(self) -> None:
        with httpx.Client(timeout=5) as client:
            while not self._stop.wait(0.4):
                with self._lock:
                    token = next(self._tokens)
                started = time.monotonic()
                try:
                    status = client.get(self._url, headers={"Authorization": f"Bearer {token}"}).status_code
                except httpx.HTTPError:
                    status = 0
                now = time.monotonic()
                self.answers.append((now, status, now - started))


def main() -> None:
    """Break everything in turn, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="a Markdown file")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        figures = _run(stack)
    if options.json:
        options.json.parent.mkdir(exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    text = write_table(figures)
    print(text)  # noqa: T201 -- a command's output
    if options.output:
        options.output.write_text(text)


def _run(stack: ExitStack) -> dict[str, Any]:
    """Bring everything up, break it, and count."""
    folder = Path(tempfile.mkdtemp(prefix="mediagateway-chaos-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    primary, replica = _replicated(stack, folder)
    first_redis = ExitStack()
    redis_port = _port_of(first_redis.enter_context(valkey()))
    stack.callback(first_redis.close)
    proxies = stack.enter_context(toxiproxy(database=primary.port, redis=redis_port))
    database, redis = proxies["database"], proxies["redis"]
    home = folder / "home"
    home.mkdir()
    environ = {
        **ENVIRON,
        "DATABASE_URL": f"postgres://mediagateway@127.0.0.1:{database.port}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "MG_STATEMENT_TIMEOUT_S": _STATEMENT_TIMEOUT_S,
        "MG_WORKER": "0",
    }
    served = Served(home, "--group", "auth", **environ)
    stack.callback(served.stop)
    served.manage("migrate", "--verbosity", "0")
    people_file, document = populate(served, folder, titles=80, people=60)
    served.wait_until_ready("auth")
    with _loaded(served, people_file, folder) as samples, Prober(served.url("", "auth"), document["people"]) as prober:
        wait_for(lambda: prober.calm_since(0) is not None, 10 * PATIENCE_S)
        places = ((database,), (redis,), (database, redis))
        rows = [_suffer(prober, fault, place) for fault in FAULTS for place in places]
        rows.append(_fail_over(prober, primary, replica, database))
        rows.append(_replace_redis(stack, prober, first_redis, redis))
        time.sleep(2)
    acknowledged, refused = read_writes(samples)
    kept = {
        f"{email}/{title}"
        for email, title in replica.execute(
            "SELECT a.email, r.content_id::text FROM user_rating r "
            "JOIN user_profile p ON p.id = r.profile_id JOIN user_account a ON a.id = p.account_id"
        )
    }
    return {
        "rows": [asdict(row) for row in rows],
        "writes_acknowledged": len(acknowledged),
        "writes_refused": refused,
        "acknowledged_and_lost": len(acknowledged - kept),
    }


def _replicated(stack: ExitStack, folder: Path) -> tuple[Cluster, Cluster]:
    """Start a primary and the replica that it waits for."""
    primary, replica = Cluster(folder, "primary"), Cluster(folder, "replica")
    primary.initialise()
    primary.start(max_connections="200")
    stack.callback(primary.stop)
    replica.copy_from(primary, "--write-recovery-conf")
    replica.start(max_connections="200")
    stack.callback(replica.stop)
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    wait_for(lambda: primary.execute("SELECT sync_state FROM pg_stat_replication") == [("sync",)], 60)
    return primary, replica


@contextmanager
def _loaded(served: Served, people: Path, folder: Path) -> Iterator[Path]:
    """Have k6 read and write while the block lasts; the file of its raw samples."""
    samples = folder / "samples.csv"
    k6 = str(Path(sys.executable).with_name("k6"))
    environ = {**served.environ, "BASE_URL": served.url("", "auth"), "PEOPLE": str(people), "DURATION": "30m"}
    command = [k6, "run", "--quiet", "--no-usage-report", "--out", f"csv={samples}", "perf/k6/chaos.js"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield samples
    finally:
        process.terminate()
        process.wait(60)


def _suffer(prober: Prober, fault: str, proxies: tuple[Proxy, ...]) -> Row:
    """Have one fault in some proxies for a while."""
    with ExitStack() as stack:
        started = time.monotonic()
        for proxy in proxies:
            stack.enter_context(proxy.suffering(fault))
        time.sleep(FAULT_S)
        ended = time.monotonic()
    return _row(prober, f"{fault}: {' and '.join(proxy.name for proxy in proxies)}", started, ended)


def _fail_over(prober: Prober, primary: Cluster, replica: Cluster, proxy: Proxy) -> Row:
    """Kill the primary, promote its replica, and move the address: recovery counts from the kill."""
    started = time.monotonic()
    primary.kill()
    replica.promote()
    proxy.point_to(replica.port)
    return _row(prober, "failover: database", started, started)


def _replace_redis(stack: ExitStack, prober: Prober, first: ExitStack, proxy: Proxy) -> Row:
    """End Redis, start an empty one, and move the address."""
    started = time.monotonic()
    first.close()
    proxy.point_to(_port_of(stack.enter_context(valkey())))
    return _row(prober, "failover: redis", started, started)


def _row(prober: Prober, name: str, started: float, ended: float) -> Row:
    """Wait for the calm after a fault, and sum up what was answered while it lasted."""
    with suppress(TimeoutError):
        wait_for(lambda: prober.calm_since(ended) is not None, PATIENCE_S)
    calm = prober.calm_since(ended) or math.inf
    during = [
        (status, took_s)
        for at, status, took_s in list(prober.answers)
        if started <= at <= max(ended, min(calm, ended + PATIENCE_S))
    ]
    statuses = Counter(str(status or "none") for status, _ in during)
    took_ms = sorted(took_s * 1000 for _, took_s in during) or [0.0]
    row = Row(
        fault=name,
        answered_ratio=round(statuses.pop("200", 0) / max(1, len(during)), 3),
        statuses=dict(statuses),
        p95_ms=round(statistics.quantiles(took_ms, n=20)[-1] if len(took_ms) > 1 else took_ms[0], 1),
        recovery_s=round(max(0.0, calm - ended), 2),
    )
    print(row, file=sys.stderr, flush=True)  # noqa: T201 -- it takes minutes; this says how far it is
    time.sleep(1)
    return row


def read_writes(samples: Path) -> tuple[set[str], int]:
    """Read which writes k6 saw acknowledged ("email/title"), and how many were refused or failed."""
    acknowledged, refused = set(), 0
    with samples.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["metric_name"] != "http_reqs" or row["name"] != "write":
                continue
            tags = dict(word.split("=", 1) for word in row["extra_tags"].split("&") if "=" in word)
            if row["status"] in {"200", "201", "204"}:
                acknowledged.add(tags["pair"])
            else:
                refused += 1
    return acknowledged, refused


def _port_of(url: str) -> int:
    """Read the port of a redis:// URL."""
    return urlsplit(url).port or 6379


def write_table(figures: dict[str, Any]) -> str:
    """Write the figures as Markdown."""
    lines = [_HEAD.format(fault_s=FAULT_S, calm=_CALM)]
    for row in figures["rows"]:
        others = ", ".join(f"{status} × {count}" for status, count in sorted(row["statuses"].items())) or "–"
        answered, recovery = f"{row['answered_ratio']:.0%}", f"{row['recovery_s']:.2f}"
        lines.append(f"| {row['fault']} | {answered} | {others} | {row['p95_ms']:,.0f} | {recovery} |")
    lines += [
        "",
        f"{figures['writes_acknowledged']:,} writes were acknowledged, {figures['writes_refused']:,} were not;",
        f"**{figures['acknowledged_and_lost']} acknowledged writes were lost**.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
