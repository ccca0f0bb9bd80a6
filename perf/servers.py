"""The two servers of a run: gunicorn by the product's own configuration, once as it is and once with no middleware."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from perf.environment import ROOT, YARDSTICK, client_address
from perf.load import LoadError

_START_S = 60
_STOP_S = 20


class Server:
    """A gunicorn master and its workers, in a process group of their own."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]") -> None:
        self.url = url
        self.process = process
        self._numbers = count()

    def get(self, path: str) -> bytes:
        """
        Ask once, as another client each time.

        Raises:
            LoadError: The answer is an error.
        """
        headers = {"X-Forwarded-For": client_address(next(self._numbers))}
        try:
            with urlopen(Request(f"{self.url}{path}", headers=headers), timeout=60) as response:
                body: bytes = response.read()
        except HTTPError as error:
            raise LoadError(f"{path} is answered with {error.code}.") from error
        return body

    def cpu_s(self) -> float | None:
        """
        CPU time that the server's processes have had so far, in user and kernel mode.

        Other programs' load hardly moves it, unlike every figure that a clock gives. None where there is no /proc.
        """
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # The second field is the command in brackets and may hold anything; proc(5) counts on after it.
                fields = stat.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue  # It has ended since the folder was listed.
            if int(fields[2]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else None


@contextmanager
def running_server(port: int, **environment: str) -> Iterator[Server]:
    """
    Start gunicorn as `deploy/gunicorn.conf.py` says, hand the server over when it answers, and stop it in the end.

    Args:
        port: Port on 127.0.0.1.
        **environment: Variables that the server sees beside this process's own.

    Raises:
        LoadError: It did not start; the message holds the end of its log.
    """
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch, "log")
        metrics = Path(scratch, "metrics")
        metrics.mkdir()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": str(metrics), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_until_it_answers(process, f"{url}{YARDSTICK}", log)
            yield Server(url, process)
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    """Ask until there is an answer, the process ends, or the time is over."""
    ends = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < ends:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:  # Refused, timed out, or an error status: not there yet, or still warming up.
            time.sleep(0.1)
    tail = log.read_text(errors="replace")[-3000:]
    raise LoadError(f"The server on {url} did not start. The end of its log:\n{tail}")
