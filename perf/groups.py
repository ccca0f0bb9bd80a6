"""The process groups of a run, each a gunicorn of its own as in production, and what they cost while it lasts."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil

from perf.environment import ROOT
from perf.load import LoadError
from settings.groups import GROUPS

#: Part of the mix -> the group that serves it.
PARTS = {"search": "discovery", "recommendations": "sona", "playback": "playback", "auth": "auth", "sync": "sync"}
_START_S = 90
_STOP_S = 60
#: Seconds between two looks at CPU and memory.
_PERIOD_S = 1.0


@dataclass(slots=True)
class Usage:
    """
    What one group's processes used.

    Attributes:
        cpu_s: CPU time over the whole run.
        peak_memory_mib: Most resident memory at any look, of all its processes together; shared pages count in each.
        last_memory_mib: The same at the end.
        series: Seconds since the start, cores in use, memory in MiB.
    """

    cpu_s: float = 0.0
    peak_memory_mib: float = 0.0
    last_memory_mib: float = 0.0
    series: list[tuple[float, float, float]] = field(default_factory=list)


class Meter:
    """Looks at process trees once a second, on a thread."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        """Name each tree and its first process."""
        self._roots = {name: psutil.Process(pid) for name, pid in roots.items()}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="meter", daemon=True)
        self.usage = {name: Usage() for name in roots}

    def __enter__(self) -> "Meter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        started = time.monotonic()
        before = {name: _cpu_s(root) for name, root in self._roots.items()}
        first, last_at = dict(before), started
        while not self._stop.wait(_PERIOD_S):
            now = time.monotonic()
            for name, root in self._roots.items():
                usage, cpu_s, memory_mib = self.usage[name], _cpu_s(root), _memory_mib(root)
                cores = max(0.0, cpu_s - before[name]) / (now - last_at)
                usage.cpu_s = max(usage.cpu_s, cpu_s - first[name])
                usage.last_memory_mib = memory_mib
                usage.peak_memory_mib = max(usage.peak_memory_mib, memory_mib)
                usage.series.append((round(now - started, 1), round(cores, 3), round(memory_mib, 1)))
                before[name] = cpu_s
            last_at = now


@contextmanager
def running_groups(
    names: Iterator[str] | list[str], *, offset: int, worker: bool = True, data_dir: Path | None = None
) -> Iterator[dict[str, int]]:
    """
    Start groups and a worker as production does; hand over the first process of each; stop them in the end.

    Args:
        names: Groups.
        offset: Distance of their ports from the usual ones.
        worker: Whether events are delivered meanwhile.
        data_dir: What embedded state they share; None is an empty folder.

    Raises:
        LoadError: One did not start; the message holds the end of its log.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ = {
            **os.environ,
            "MG_PORT_OFFSET": str(offset),
            "MG_DATA_DIR": str(data_dir or folder),
            "MG_LOG_STREAM": "stdout",
        }
        environ.pop("PORT", None)
        pids = {}
        for name in names:
            log = folder / f"{name}.log"
            command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
            process = stack.enter_context(_spawned(command, log, {**environ, "MG_GROUP": name}))
            _wait_until_ready(process, GROUPS[name].port + offset, log)
            pids[name] = process.pid
        if worker:
            log = folder / "worker.log"
            pids["worker"] = stack.enter_context(_spawned([sys.executable, "manage.py", "worker"], log, environ)).pid
        yield pids


@contextmanager
def _spawned(command: list[str], log: Path, environ: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    ends = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < ends:
        try:
            with urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except OSError:  # Refused, or 503: not there yet.
            time.sleep(0.2)
    raise LoadError(f"Port {port} does not get ready. The end of its log:\n{log.read_text(errors='replace')[-3000:]}")


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu_s(root: psutil.Process) -> float:
    """CPU time of the living processes of a tree and of those they have waited for."""
    total = 0.0
    for process in _tree(root):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def _memory_mib(root: psutil.Process) -> float:
    total = 0
    for process in _tree(root):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20
