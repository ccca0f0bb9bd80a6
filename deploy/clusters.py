"""PostgreSQL clusters that keep what they acknowledge: archived, copied, replicated, killed and promoted in drills."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg

from mediagateway.testing.servers import postgres_programs

_START_TIMEOUT_S = 120


class Cluster:
    """One cluster in a folder of its own; nothing runs until it is started."""

    def __init__(self, folder: Path, name: str, port: int | None = None) -> None:
        """Say where it lives; `initialise` or `copy_from` fills it."""
        self._binaries, self._user = postgres_programs(folder)
        self.home = folder / name
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.home.mkdir(mode=0o700)
        self._own(self.home)

    @property
    def url(self) -> str:
        """Where clients find its database."""
        return f"postgres://mediagateway@127.0.0.1:{self.port}/postgres"

    @property
    def running(self) -> psutil.Process:
        """The postmaster."""
        if self._process is None:
            raise RuntimeError("The cluster does not run.")
        return psutil.Process(self._process.pid)

    def initialise(self) -> None:
        """Make an empty cluster."""
        self._run("initdb", "-D", self.home, "--username=mediagateway", "--auth=trust", "--encoding=UTF8", "--locale=C")

    def copy_from(self, primary: "Cluster", *arguments: str) -> None:
        """Take a base backup of a running cluster (pg_basebackup)."""
        self._run("pg_basebackup", "-D", self.home, "-d", primary.url, "--checkpoint=fast", "-X", "fetch", *arguments)

    def restore(self, backup: "Cluster", settings: Mapping[str, str]) -> None:
        """Fill it with the files of a base backup, to be brought forward from the archive."""
        shutil.copytree(backup.home, self.home, dirs_exist_ok=True)
        with (self.home / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        (self.home / "recovery.signal").touch()
        for path in (self.home, *self.home.rglob("*")):
            self._own(path)

    def start(self, **options: str) -> None:
        """Start, and wait until it answers."""
        options = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "", **options}
        command = [str(self._binaries / "postgres"), "-D", str(self.home)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        with log:
            self._process = subprocess.Popen(command, user=self._user, cwd=self.home, stdout=log, stderr=log)
        wait_for(self.is_answering, _START_TIMEOUT_S)

    def is_answering(self) -> bool:
        """Whether it takes queries."""
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute one statement on a connection of its own."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=2) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        postmaster = self.running
        for process in (postmaster, *postmaster.children(recursive=True)):
            process.kill()
        if self._process:
            self._process.wait()

    def promote(self) -> None:
        """Make a replica the primary, and wait until it takes writes."""
        self.execute("SELECT pg_promote(false)")
        wait_for(lambda: self.execute("SELECT pg_is_in_recovery()") == [(False,)], _START_TIMEOUT_S)

    def stop(self) -> None:
        """End it in order, if it runs."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        subprocess.run(command, check=True, user=self._user, cwd=self.home.parent, capture_output=True)

    def _own(self, path: Path) -> None:
        if self._user:
            shutil.chown(path, self._user)


def wait_for(condition: Callable[[], bool], timeout_s: float) -> float:
    """
    Wait until something holds.

    Returns:
        Seconds that it took.

    Raises:
        TimeoutError: It did not come in time.
    """
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > timeout_s:
            raise TimeoutError(f"It did not come within {timeout_s:g} s.")
        time.sleep(0.02)
    return time.monotonic() - started


def free_port() -> int:
    """Ask the kernel for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
