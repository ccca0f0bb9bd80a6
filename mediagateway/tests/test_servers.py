"""The test servers themselves: they die with whoever started them."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.once

SERVERS = {"postgres", "valkey-server"}


def servers_below(pid: int) -> list[psutil.Process]:
    """Find the servers that a process has started."""
    found = []
    for child in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # PostgreSQL's workers come and go
            if child.name() in SERVERS:
                found.append(child)
    return found


def has_ended(server: psutil.Process) -> bool:
    """Tell a process that is gone, also between two looks, or waits for nothing but to be reaped."""
    try:
        return server.status() == psutil.STATUS_ZOMBIE or not server.is_running()
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def runner():
    """`python -m mediagateway.testing.servers` with a command that waits, once both servers run."""
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "mediagateway.testing.servers", "sh", "-c", "echo $DATABASE_URL; exec sleep 60"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgres://")
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of their parent's death")
def test_servers_end_with_their_runner(runner, signal_number):
    servers = servers_below(runner.pid)
    assert {server.name() for server in servers} == SERVERS

    runner.send_signal(signal_number)

    deadline = time.monotonic() + 10
    while not all(has_ended(server) for server in servers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_exit_code_is_the_commands():
    environ = {**os.environ, "DATABASE_URL": "postgres://given", "REDIS_URL": "redis://given"}
    command = [
        sys.executable,
        "-m",
        "mediagateway.testing.servers",
        "sh",
        "-c",
        'test "$REDIS_URL" = redis://given && exit 7',
    ]

    assert subprocess.run(command, env=environ, check=False).returncode == 7
