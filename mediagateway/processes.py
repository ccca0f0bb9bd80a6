"""The processes of one machine: the marks by which they are found, and the supervisor that keeps them together."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

import structlog
from django.conf import settings

#: Seconds between two looks at the children.
_TICK_S = 0.1
#: What the children get on top of their own drain and grace before they are killed.
_MARGIN_S = 10

_log = structlog.get_logger(__name__)


class CannotStartError(Exception):
    """Something is in the way of a start: a taken port, a running twin. The message says what to do."""


class RunMark:
    """
    A file that says which process runs under a name, held by a lock that the kernel lets go when the process ends.

    A stale file or a reused process id can therefore never be taken for a running process.
    """

    def __init__(self, name: str) -> None:
        """Name the mark: a process group, or "serve-<name>" for a supervisor."""
        self.name = name
        self.path: Path = settings.DATA_DIR / "run" / f"{name}.pid"
        self._file: TextIO | None = None

    def take(self) -> None:
        """
        Hold the mark until this process and its children by fork have ended.

        Raises:
            CannotStartError: Another process holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            file.close()
            raise CannotStartError(f"{self.name} already runs (process {self.holder()}).") from err
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def holder(self) -> int | None:
        """Tell the id of the process that holds the mark; None when nobody does."""
        try:
            file = self.path.open()
        except FileNotFoundError:
            return None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
        return None


def check_ports(groups: Sequence[str]) -> None:
    """
    Make sure that every port is free, before anything is started.

    Raises:
        CannotStartError: Somebody listens there.
    """
    for group in groups:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORTS[group]))
            except OSError as err:
                hint = "set PORT to another one" if group == "api" else "set MG_PORT_OFFSET to move all ports"
                raise CannotStartError(
                    f"Port {settings.PORTS[group]} of group {group} is taken ({err.strerror}); {hint}."
                ) from err


class Supervisor:
    """
    Runs gunicorn for each group and one worker, each in a session of its own, and ends with the first that fails.

    The first group has the machine to itself until it is ready: somebody waits for it. A group that ends with code 0
    was told to, by `manage.py shutdown --group`; the others go on.
    """

    def __init__(self, groups: Sequence[str], *, with_worker: bool) -> None:
        """Say what to run; nothing is started yet."""
        self._first, *self._others = groups
        self._with_worker = with_worker
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._signals = 0

    def start(self) -> None:
        """
        Start the first group.

        Raises:
            CannotStartError: A port is taken, be it of a group whose turn comes later.
        """
        check_ports((self._first, *self._others))
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._on_signal)
        self._spawn_group(self._first)

    def start_others(self) -> None:
        """Start the other groups and the worker."""
        for group in self._others:
            self._spawn_group(group)
        if self._with_worker:
            # On the same machine, whoever waits for an answer goes first.
            worker = ["nice", "-n", "10", sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
            self._spawn("worker", worker, {"MG_SERVICE": "worker"})

    def tick(self) -> int | None:
        """
        Look at the children once.

        Returns:
            The exit code when it is over: 0 after a stop that was asked for, 1 when a child failed; else None.
        """
        for name, child in list(self._children.items()):
            code = child.poll()
            if code is None:
                continue
            del self._children[name]
            if code != 0:
                _log.error("serve.child_failed", child=name, exit_code=code)
                self._stop()
                return 1
            _log.info("serve.child_stopped", child=name)
        if self._signals or self._children.keys() <= {"worker"}:
            return self._stop()
        return None

    def _spawn_group(self, group: str) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
        self._spawn(group, gunicorn, {"MG_GROUP": group, "MG_SERVICE": group})

    def _spawn(self, name: str, command: Sequence[str], extra: Mapping[str, str]) -> None:
        """Start one child; its own session keeps the terminal's Ctrl-C from reaching it before us."""
        environ = {**os.environ, "MG_LOG_STREAM": "stdout", **extra}
        self._children[name] = subprocess.Popen(  # noqa: S603 -- our own interpreter and files
            command, env=environ, cwd=settings.BASE_DIR, start_new_session=True
        )

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        """Count; the loop acts, because a handler may do next to nothing."""
        self._signals += 1

    def _stop(self) -> int:
        """Pass SIGTERM on, wait as long as drain and grace may take, and kill on the second signal or after that."""
        patience = max(self._signals, 1)
        self._send(signal.SIGTERM)
        deadline = time.monotonic() + settings.DRAIN_S + settings.GRACE_S + _MARGIN_S
        while self._children:
            if self._signals > patience or time.monotonic() > deadline:
                _log.warning("serve.killed", children=sorted(self._children))
                self._send(signal.SIGKILL)
                deadline = float("inf")
                patience = sys.maxsize
            for name, child in list(self._children.items()):
                if child.poll() is not None:
                    del self._children[name]
            time.sleep(_TICK_S)
        return 0

    def _send(self, signal_number: int) -> None:
        """Signal every child; killing takes their own children along."""
        for child in self._children.values():
            with suppress(ProcessLookupError):
                if signal_number == signal.SIGKILL:
                    os.killpg(child.pid, signal_number)
                else:
                    child.send_signal(signal_number)
