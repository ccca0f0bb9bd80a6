"""One machine's servers as they run in production, for proofs: real processes, real sockets, ports of their own."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from settings.groups import GROUPS

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 180
# The stores of the tests' own run: a server under test has embedded ones, unless a test names others.
_STORES = {"DATABASE_URL", "REDIS_URL", "QDRANT_URL"}


class Served:
    """
    One `manage.py serve` with ports and data of its own.

    Attributes:
        process: The supervisor.
        log: What it and its children have written.
    """

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self._folder = folder
        self.offset = free_offset()
        self.environ = {
            **embedded_environ(),
            "DJANGO_SETTINGS_MODULE": "settings.dev",
            "MG_DATA_DIR": str(folder),
            "MG_PORT_OFFSET": str(self.offset),
            "MG_DRAIN_S": "1",
            **environ,
        }
        self.log = folder / "serve.log"
        self._command = [sys.executable, "manage.py", "serve", *arguments]
        self.start()

    def start(self) -> None:
        """Start it, again too."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.environ, stdout=log, stderr=subprocess.STDOUT
            )

    def port(self, group: str) -> int:
        """Tell the port of a group."""
        return GROUPS[group].port + self.offset

    def url(self, path: str, group: str = "api") -> str:
        """Address a path of a group."""
        return f"http://127.0.0.1:{self.port(group)}{path}"

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a management command in the same environment."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert not check or result.returncode == 0, result.stderr
        return result

    def wait_until_ready(self, *groups: str) -> None:
        """Wait for the groups' probes."""
        deadline = time.monotonic() + START_TIMEOUT_S
        for group in groups:
            while not self._is_ready(group):
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def signal_group(self, group: str, signal_number: int) -> None:
        """Signal a group's own master process, past the supervisor."""
        os.kill(self.master(group), signal_number)

    def master(self, group: str) -> int:
        """Tell the process id of a group's own master."""
        return int((self._folder / "run" / f"{group}.pid").read_text())

    def stop(self) -> int:
        """End it, if it has not ended, and hand its exit code over."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def _is_ready(self, group: str) -> bool:
        try:
            return httpx.get(self.url("/ready", group), timeout=3).status_code == 200
        except httpx.HTTPError:
            return False


def embedded_environ() -> dict[str, str]:
    """Take over the environment without what names a store or sets the product up."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MG_") and name not in _STORES}


def free_offset() -> int:
    """Find a distance at which all ports of all groups are free, below those that the kernel gives to clients."""
    for _ in range(100):
        offset = random.randrange(2000, 23000, 10)
        if all(_is_free(group.port + offset) for group in GROUPS.values()):
            return offset
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0
