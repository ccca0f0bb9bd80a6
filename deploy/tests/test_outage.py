"""The database goes away and comes back: what the probes say, and what callers are told."""

import statistics
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from mediagateway.testing.servers import Postgres, postgres

pytestmark = pytest.mark.once

#: A page that asks the database, whatever it finds there.
ASKING = "/api/v1/genres"


@pytest.fixture(scope="module")
def database():
    with postgres() as server:
        yield server


@pytest.fixture(scope="module")
def served(serve, database):
    """The discovery group on a PostgreSQL that tests can stop."""
    environ = {"DATABASE_URL": database.url, "MG_WORKER": "0", "MG_STATEMENT_TIMEOUT_S": "6"}
    with serve("--group", "discovery", **environ) as served:
        served.manage("migrate", "--verbosity", "0")
        served.wait_until_ready("discovery")
        yield served


def liveness_ms(served) -> float:
    """Ask for liveness eleven times, and take the median of what it took."""
    took = []
    with httpx.Client() as client:
        for _ in range(11):
            started = time.perf_counter()
            assert client.get(served.url("/liveness", "discovery")).status_code == 200
            took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def seconds_until(served, status: int) -> float:
    """Wait until readiness has this status, and say how long that was."""
    started = time.monotonic()
    while httpx.get(served.url("/ready", "discovery"), timeout=5).status_code != status:
        assert time.monotonic() - started < 20, f"/ready is not {status}"
        time.sleep(0.05)
    return time.monotonic() - started


def asked_at_once(served, pool: ThreadPoolExecutor) -> list[Future[httpx.Response]]:
    """Ask the database's page twelve times at once: more than the group has threads."""
    return [pool.submit(httpx.get, served.url(ASKING, "discovery"), timeout=30) for _ in range(12)]


@contextmanager
def paused(database: Postgres):
    """Let the database hang, and go on whatever happens: the tests behind need it."""
    database.pause()
    try:
        yield
    finally:
        database.resume()


def seconds_to_notice(served, database: Postgres) -> float:
    """Say how long it takes until a hung database is noticed: the best of three, for the machine has other work."""
    took = []
    for _ in range(3):
        with paused(database):
            took.append(seconds_until(served, 503))
        if took[-1] < 2:
            break
        seconds_until(served, 200)
    return min(took)


def test_a_database_that_hangs(served, database):
    """Every thread waits for the database; the probes have threads of their own."""
    assert httpx.get(served.url(ASKING, "discovery")).status_code == 200
    with ThreadPoolExecutor(12) as pool:
        with paused(database):
            waiting = asked_at_once(served, pool)
            seconds_until(served, 503)

            assert liveness_ms(served) < 100
            body = httpx.get(served.url("/ready", "discovery")).json()
            assert body["status"] == "unready"
            assert body["checks"]["database"]["status"] == "failed"

        assert seconds_until(served, 200) < 5
        # Nobody is forgotten: whoever waited for a new connection longer than connect_timeout was told so.
        answers = [future.result() for future in waiting]
        refused = [answer for answer in answers if answer.status_code != 200]
        assert [answer.json()["code"] for answer in refused] == ["service_unavailable"] * len(refused)
        assert {future.result().status_code for future in asked_at_once(served, pool)} == {200}
    assert seconds_to_notice(served, database) < 2
    assert seconds_until(served, 200) < 5


def test_a_query_that_takes_too_long_is_given_up(served, database):
    with psycopg.connect(database.url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'content_%'").fetchall()
        connection.execute("LOCK TABLE " + ", ".join(name for (name,) in tables))
        started = time.monotonic()

        refused = httpx.get(served.url(ASKING, "discovery"), timeout=20)

        assert refused.status_code == 503
        assert 5 < time.monotonic() - started < 9
    assert httpx.get(served.url(ASKING, "discovery")).status_code == 200


def test_a_database_that_dies(served, database):
    database.kill()

    assert seconds_until(served, 503) < 2
    assert liveness_ms(served) < 100
    refused = httpx.get(served.url(ASKING, "discovery"))
    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["code"] == "service_unavailable"

    database.start()
    assert seconds_until(served, 200) < 5
    assert httpx.get(served.url(ASKING, "discovery")).status_code == 200
