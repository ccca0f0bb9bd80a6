"""Metrics are the group's, not those of the process that happens to answer."""

import os
import signal
import time

import httpx
import psutil
import pytest

from mediagateway.testing.servers import valkey

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def served(serve):
    """One group of three worker processes, which Redis makes possible."""
    with valkey() as url, serve("--group", "sona", REDIS_URL=url, MG_WORKERS="3", MG_WORKER="0") as served:
        served.wait_until_ready("sona")
        yield served


def worker_pids(served) -> set[int]:
    """Find gunicorn's workers: the children of the supervisor's child."""
    return {child.pid for master in psutil.Process(served.process.pid).children() for child in master.children()}


def count(client: httpx.Client, served) -> float:
    """Read how many 404s the group has counted."""
    text = client.get(served.url("/metrics", "sona")).text
    lines = [line for line in text.splitlines() if line.startswith("mg_http_request_seconds_count")]
    return sum(float(line.rpartition(" ")[2]) for line in lines if 'status="404"' in line)


def test_every_request_is_counted_once_whichever_worker_answers(served):
    with httpx.Client(headers={"Connection": "close"}) as client:
        before = count(client, served)
        for _ in range(90):
            client.get(served.url("/no/such/page", "sona"))

        assert [count(client, served) - before for _ in range(6)] == [90.0] * 6
    assert len(worker_pids(served)) == 3


def test_counts_outlive_a_worker_that_is_killed(served):
    with httpx.Client(headers={"Connection": "close"}) as client:
        before, workers = count(client, served), worker_pids(served)

        os.kill(min(workers), signal.SIGKILL)
        deadline = time.monotonic() + 10
        while len(worker_pids(served) - workers) < 1:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        client.get(served.url("/no/such/page", "sona"))

        assert count(client, served) == before + 1


def test_a_new_start_begins_at_zero(serve):
    """The files of dead processes are gone when a group starts."""
    with serve("--group", "mcp", MG_WORKER="0", MG_DRAIN_S="0") as served:
        served.wait_until_ready("mcp")
        httpx.get(served.url("/no/such/page", "mcp"))
        served.stop()

        served.start()
        served.wait_until_ready("mcp")

        assert 'status="404"' not in httpx.get(served.url("/metrics", "mcp")).text
