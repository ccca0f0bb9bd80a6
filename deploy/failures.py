"""
`python -m deploy.failures NAME`: bring a failure of docs/runbooks/TROUBLESHOOTING.md about, see its symptom, mend it.

Each starts servers of its own, with ports and data of its own, and touches nothing that runs already. It ends with 0
when the symptom, the query and the fix were as the runbook says.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg

from deploy.tests.served import ROOT, Served, embedded_environ
from mediagateway.testing.servers import Postgres, postgres, valkey

#: A page that asks the database.
_ASKING = "/api/v1/genres"
#: Seconds within which a symptom shows and a fix helps; a busy machine takes its time to start anything.
_PATIENCE_S = 60


class Bench:
    """Servers to break; what several failures need is started once."""

    def __init__(self, stack: ExitStack) -> None:
        """Take the stack that ends everything."""
        self._stack = stack

    @cached_property
    def _migrated(self) -> Path:
        """A SQLite database with all tables, to be copied."""
        folder = self._folder()
        environ = {**embedded_environ(), "DJANGO_SETTINGS_MODULE": "settings.dev", "MG_DATA_DIR": str(folder)}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
        return folder / "mediagateway.sqlite3"

    @cached_property
    def database(self) -> Postgres:
        """A PostgreSQL."""
        return self._stack.enter_context(postgres())

    @cached_property
    def on_postgres(self) -> Served:
        """The discovery group on that PostgreSQL."""
        environ = {"DATABASE_URL": self.database.url, "MG_WORKER": "0", "MG_STATEMENT_TIMEOUT_S": "3"}
        served = self._stack.enter_context(self.serve("--group", "discovery", **environ))
        served.manage("migrate", "--verbosity", "0")
        served.wait_until_ready("discovery")
        return served

    @contextmanager
    def serve(self, *arguments: str, **environ: str) -> Iterator[Served]:
        """Start servers on a database of their own, with all tables and no rows."""
        folder = self._folder()
        shutil.copy(self._migrated, folder)
        with self._serving(folder, *arguments, **environ) as served:
            yield served

    @contextmanager
    def serve_empty(self, *arguments: str, **environ: str) -> Iterator[Served]:
        """Start servers on a database without tables."""
        with self._serving(self._folder(), *arguments, **environ) as served:
            yield served

    @contextmanager
    def _serving(self, folder: Path, *arguments: str, **environ: str) -> Iterator[Served]:
        served = Served(folder, *arguments, **environ)
        try:
            yield served
        finally:
            served.stop()

    def _folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))


def database_down(bench: Bench) -> None:
    """PostgreSQL is gone: unready, and 503 for whatever asks it."""
    served = bench.on_postgres
    bench.database.kill()
    _wait_for(lambda: _ready(served, "discovery")["checks"]["database"]["status"] == "failed")
    refused = httpx.get(served.url(_ASKING, "discovery"))
    assert (refused.status_code, refused.json()["code"]) == (503, "service_unavailable")
    assert httpx.get(served.url("/liveness", "discovery")).status_code == 200

    bench.database.start()

    _wait_for(lambda: httpx.get(served.url(_ASKING, "discovery")).status_code == 200)


def database_hangs(bench: Bench) -> None:
    """PostgreSQL takes connections and answers nothing: unready after a second, alive all the same."""
    served = bench.on_postgres
    bench.database.pause()
    try:
        _wait_for(lambda: _ready(served, "discovery")["checks"]["database"]["status"] == "failed")
        assert httpx.get(served.url("/liveness", "discovery")).status_code == 200
    finally:
        bench.database.resume()
    _wait_for(lambda: _ready(served, "discovery")["status"] != "unready")


def table_locked(bench: Bench) -> None:
    """Somebody holds a lock: 503 after MG_STATEMENT_TIMEOUT_S, and the culprit stands in pg_stat_activity."""
    served = bench.on_postgres
    with (
        psycopg.connect(bench.database.url) as culprit,
        psycopg.connect(bench.database.url, autocommit=True) as watcher,
    ):
        culprit.execute(_lock_of(watcher))
        assert httpx.get(served.url(_ASKING, "discovery"), timeout=20).status_code == 503
        query = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'LOCK%'"
        (pid,) = watcher.execute(query).fetchone() or (0,)
        assert pid == culprit.info.backend_pid
        watcher.execute("SELECT pg_terminate_backend(%s)", [pid])
        _wait_for(lambda: httpx.get(served.url(_ASKING, "discovery"), timeout=20).status_code == 200)
        culprit.close()


def redis_down(bench: Bench) -> None:
    """Redis is gone: degraded, everything answers, limits let everybody through."""
    with ExitStack() as stack:
        redis = ExitStack()
        url = redis.enter_context(valkey())
        served = stack.enter_context(bench.serve("--group", "discovery", REDIS_URL=url, MG_WORKERS="1", MG_WORKER="0"))
        served.wait_until_ready("discovery")
        redis.close()
        _wait_for(lambda: _ready(served, "discovery")["checks"]["cache"]["status"] != "ok")
        assert _ready(served, "discovery")["status"] == "degraded"
        assert httpx.get(served.url(_ASKING, "discovery"), timeout=20).status_code == 200

        stack.enter_context(valkey(int(url.rpartition(":")[2].partition("/")[0])))

        _wait_for(lambda: _ready(served, "discovery")["checks"]["cache"]["status"] == "ok")


def worker_gone(bench: Bench) -> None:
    """No worker delivers events: readiness is degraded once the oldest has waited a minute."""
    with bench.serve("--group", "discovery", MG_WORKER="0") as served:
        served.wait_until_ready("discovery")
        # An event that has waited for two minutes.
        served.manage(
            "shell",
            "-c",
            "from datetime import timedelta; from django.utils import timezone; "
            "from mediagateway.models import OutboxEvent as Event; at = timezone.now() - timedelta(minutes=2); "
            "Event.objects.create(topic='nobody.listens', payload={}, created_at=at)",
        )
        _wait_for(lambda: _ready(served, "discovery")["checks"]["outbox"]["status"] == "degraded")

        with _worker(served):
            _wait_for(lambda: _ready(served, "discovery")["checks"]["outbox"]["status"] == "ok")


def not_migrated(bench: Bench) -> None:
    """A database without tables: alive, never ready."""
    with bench.serve_empty("--group", "sona", MG_WORKER="0") as served:
        _wait_for(lambda: _answers(served.url("/liveness", "sona")))
        assert _ready(served, "sona")["checks"]["database"]["status"] == "failed"

        served.manage("migrate", "--verbosity", "0")

        _wait_for(lambda: _ready(served, "sona")["status"] != "unready")


def bad_setting(bench: Bench) -> None:
    """A value that means nothing: the boot stops and names the variable."""
    for name, value in (("MG_DRAIN_S", "soon"), ("MG_GROUP", "snoa"), ("MG_WORKERS", "2")):
        with bench.serve("--group", "sona", MG_WORKER="0", **{name: value}) as served:
            assert served.process.wait(_PATIENCE_S) != 0
            assert name in served.log.read_text()


def port_taken(bench: Bench) -> None:
    """Somebody listens there already: nothing starts, and the message says what to set."""
    with bench.serve("--group", "sona", MG_WORKER="0") as first:
        first.wait_until_ready("sona")
        with bench.serve("--group", "sona", MG_WORKER="0", MG_PORT_OFFSET=str(first.offset)) as second:
            assert second.process.wait(_PATIENCE_S) != 0
            assert "MG_PORT_OFFSET" in second.log.read_text()


def already_running(bench: Bench) -> None:
    """The same data folder twice: the second start dies and names the first one's process."""
    with bench.serve("--group", "sona", MG_WORKER="0") as first:
        first.wait_until_ready("sona")
        with bench.serve("--group", "sona", MG_WORKER="0", MG_DATA_DIR=first.environ["MG_DATA_DIR"]) as second:
            assert second.process.wait(_PATIENCE_S) != 0
            assert f"already runs (process {first.process.pid})" in second.log.read_text()


def host_refused(bench: Bench) -> None:
    """A host name that MG_ALLOWED_HOSTS does not name: 400 for everything but probes."""
    with bench.serve("--group", "sona", MG_WORKER="0", **_production("api.example.com")) as served:
        served.wait_until_ready("sona")
        refused = httpx.get(served.url("/swagger-ui", "sona"), headers={"host": "new.example.com"})
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed_request")
    with bench.serve("--group", "sona", MG_WORKER="0", **_production("api.example.com,new.example.com")) as served:
        served.wait_until_ready("sona")
        assert httpx.get(served.url("/swagger-ui", "sona"), headers={"host": "new.example.com"}).status_code == 200


def origin_refused(bench: Bench) -> None:
    """A browser's origin that ALLOWED_ORIGINS does not name: an answer without a single CORS header."""
    origin = {"origin": "https://new.example.com"}
    with bench.serve("--group", "discovery", MG_WORKER="0") as served:
        served.wait_until_ready("discovery")
        refused = httpx.get(served.url(_ASKING, "discovery"), headers=origin)
        assert not [name for name in refused.headers if name.startswith("access-control")]
    with bench.serve("--group", "discovery", MG_WORKER="0", ALLOWED_ORIGINS="https://new.example.com") as served:
        served.wait_until_ready("discovery")
        allowed = httpx.get(served.url(_ASKING, "discovery"), headers=origin)
        assert allowed.headers["access-control-allow-origin"] == "https://new.example.com"


def rate_limited(bench: Bench) -> None:
    """One client asks too fast: 429 with Retry-After for it, and for nobody else."""
    with bench.serve("--group", "discovery", MG_WORKER="0") as served:
        served.wait_until_ready("discovery")
        with httpx.Client(headers={"x-forwarded-for": "203.0.113.7"}) as client:
            answers = [client.get(served.url("/api/v1/search/autocomplete?q=a", "discovery")) for _ in range(60)]
        limited = [answer for answer in answers if answer.status_code == 429]
        assert limited
        assert int(limited[0].headers["retry-after"]) >= 1
        other = httpx.get(served.url(_ASKING, "discovery"), headers={"x-forwarded-for": "203.0.113.8"})
        assert other.status_code == 200
        time.sleep(int(limited[0].headers["retry-after"]))
        again = httpx.get(served.url(_ASKING, "discovery"), headers={"x-forwarded-for": "203.0.113.7"})
        assert again.status_code == 200


FAILURES: dict[str, Callable[[Bench], None]] = {
    failure.__name__.replace("_", "-"): failure
    for failure in (
        database_down,
        database_hangs,
        table_locked,
        redis_down,
        worker_gone,
        not_migrated,
        bad_setting,
        port_taken,
        already_running,
        host_refused,
        origin_refused,
        rate_limited,
    )
}


def main(names: list[str]) -> int:
    """Bring the named failures about, all of them for `--all`."""
    chosen = list(FAILURES) if names == ["--all"] else names
    unknown = set(chosen) - FAILURES.keys()
    if unknown or not chosen:
        print(f"Name one of: {', '.join(FAILURES)}; or --all", file=sys.stderr)  # noqa: T201 -- a command's output
        return 2
    with ExitStack() as stack:
        bench = Bench(stack)
        for name in chosen:
            started = time.monotonic()
            FAILURES[name](bench)
            print(f"{name}: seen and mended in {time.monotonic() - started:.1f} s", flush=True)  # noqa: T201 -- as above
    return 0


def _lock_of(connection: "psycopg.Connection[Any]") -> str:
    """Write the statement that locks the catalogue's tables."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'content_%'").fetchall()
    return "LOCK TABLE " + ", ".join(name for (name,) in tables)


def _production(hosts: str) -> dict[str, str]:
    """Set production up, with these hosts."""
    return {
        "DJANGO_SETTINGS_MODULE": "settings.prod",
        "MG_HOST": "127.0.0.1",
        "MG_SECRET_KEY": "a-key-that-only-reproduced-failures-have-and-nobody-else",
        "MG_KEK": "YS1rZXktb2YtdGhlLXRlc3RzLW9mLTMyLWJ5dGVzLi4=",
        "MG_PUBLIC_URL": "https://api.example.com",
        "MG_ALLOWED_HOSTS": hosts,
    }


def _ready(served: Served, group: str) -> dict[str, Any]:
    body: dict[str, Any] = httpx.get(served.url("/ready", group), timeout=10).json()
    return body


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def _worker(served: Served) -> Iterator[None]:
    """Run the worker beside a server."""
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=served.environ)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
