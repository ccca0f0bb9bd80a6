"""Stopping under load: whatever the kernel has accepted is answered."""

import asyncio
import json
import signal
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.once

SLOW = {"DJANGO_SETTINGS_MODULE": "slow_settings", "PYTHONPATH": str(Path(__file__).parent), "MG_WORKER": "0"}


@pytest.fixture
def slow(serve):
    """A thread group with a slow view and nothing else; how it is set up is the test's business."""

    def start(**environ: str):
        return serve("--group", "sona", **SLOW, **environ)

    return start


async def ask(port: int, path: str, outcomes: Counter[str], *, keep_alive: bool) -> None:
    """
    Send requests until nobody listens any more, over one connection or over a new one each time.

    A connection that the server closed between two requests is opened again, as clients do; everything that goes
    wrong after the first byte of a request counts.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            outcomes["refused"] += 1
            return
        stays_open = True
        while stays_open and not reader.at_eof():
            try:
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
            except (OSError, asyncio.IncompleteReadError) as err:
                outcomes[f"broken by {type(err).__name__}"] += 1
                break
            outcomes[head[9:12]] += 1
            stays_open = keep_alive and "connection: close" not in head
        writer.close()


async def load(port: int, stop) -> Counter[str]:
    """Ask with 24 clients of four kinds, call `stop` after a second, and go on until the last one is refused."""
    outcomes: Counter[str] = Counter()
    clients = [
        asyncio.create_task(ask(port, path, outcomes, keep_alive=keep_alive))
        for path in ("/health", "/sleep/60")
        for keep_alive in (True, False)
        for _ in range(6)
    ]
    await asyncio.sleep(1)
    await asyncio.to_thread(stop)
    await asyncio.wait_for(asyncio.gather(*clients), 60)
    return outcomes


def last_line(served) -> dict[str, int]:
    """Read the line that the group's worker wrote when it had stopped."""
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    return next(line for line in lines if line["event"] == "server.stopped" and line["group"] == "sona")


@pytest.mark.parametrize(
    "how", ["shutdown command", "SIGTERM to the supervisor", "SIGINT to the supervisor", "SIGTERM to gunicorn"]
)
def test_no_request_is_lost(slow, how):
    with slow(MG_LOG_LEVEL="info") as served:
        served.wait_until_ready("sona")
        port = served.port("sona")
        stop = {
            "shutdown command": lambda: served.manage("shutdown", "--group", "sona"),
            "SIGTERM to the supervisor": lambda: served.process.send_signal(signal.SIGTERM),
            "SIGINT to the supervisor": lambda: served.process.send_signal(signal.SIGINT),
            "SIGTERM to gunicorn": lambda: served.signal_group("sona", signal.SIGTERM),
        }[how]

        outcomes = asyncio.run(load(port, stop))

        served.stop()
        answered = outcomes.pop("200")
        assert answered > 100
        assert outcomes == {"refused": 24}
        assert last_line(served)["aborted"] == 0


def test_new_workers_take_over_without_a_gap(slow):
    """On SIGHUP the old workers leave a door open that is not theirs alone."""

    def replace_and_stop(served):
        served.signal_group("sona", signal.SIGHUP)
        time.sleep(3)
        assert httpx.get(served.url("/health", "sona")).status_code == 200
        served.process.send_signal(signal.SIGTERM)

    with slow(MG_DRAIN_S="1") as served:
        served.wait_until_ready("sona")

        outcomes = asyncio.run(load(served.port("sona"), lambda: replace_and_stop(served)))

        assert outcomes.pop("200") > 100
        assert outcomes == {"refused": 24}


def test_readiness_fails_first_and_work_in_flight_finishes(slow):
    with slow(MG_DRAIN_S="2") as served, httpx.Client() as client:
        served.wait_until_ready("sona")
        pool = asyncio.new_event_loop()
        in_flight = pool.run_in_executor(None, httpx.get, served.url("/sleep/3500", "sona"))
        time.sleep(0.5)

        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)

        ready, other = client.get(served.url("/ready", "sona")), client.get(served.url("/health", "sona"))
        assert (ready.status_code, ready.json()["status"]) == (503, "unready")
        assert other.status_code == 200
        assert other.headers["Connection"] == "close"
        assert pool.run_until_complete(in_flight).text == "slept"
        assert served.process.wait(20) == 0
        line = last_line(served)
        assert line["in_flight"] == 1
        assert line["aborted"] == 0
        pool.close()


def test_work_that_outlasts_the_grace_is_cut_off_and_counted(slow):
    with slow(MG_DRAIN_S="0", MG_GRACE_S="1") as served:
        served.wait_until_ready("sona")
        pool = asyncio.new_event_loop()
        in_flight = pool.run_in_executor(None, httpx.get, served.url("/sleep/20000", "sona"))
        time.sleep(0.5)
        started = time.monotonic()

        served.stop()

        assert time.monotonic() - started < 6
        assert last_line(served)["aborted"] == 1
        with pytest.raises(httpx.TransportError):
            pool.run_until_complete(in_flight)
        pool.close()


def test_second_signal_forces(slow):
    with slow(MG_DRAIN_S="20") as served:
        served.wait_until_ready("sona")
        started = time.monotonic()

        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)

        served.process.wait(10)
        assert time.monotonic() - started < 5


def test_a_group_that_dies_takes_the_others_along(serve):
    with serve("--group", "api", MG_DRAIN_S="0") as served:
        served.wait_until_ready("api", "live")

        served.signal_group("live", signal.SIGKILL)

        assert served.process.wait(20) == 1
        assert '"event":"serve.child_failed"' in served.log.read_text()
        assert served.manage("shutdown").stdout == "Nothing runs.\n"
