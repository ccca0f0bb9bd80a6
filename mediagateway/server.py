"""
The gunicorn workers: threads for requests, an event loop for live connections, and the same way to stop for both.

On SIGTERM a worker first fails its readiness and goes on serving for `MG_DRAIN_S`, so that balancers look elsewhere
before anything is refused. Then no new handshake begins, those that have begun are taken, and the listening socket is
closed; what is in flight gets `MG_GRACE_S` to finish. A connection that the kernel has accepted is never dropped.
"""

import asyncio
import ctypes
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Sequence
from concurrent import futures
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from gunicorn import util
from gunicorn.http import errors as gunicorn_errors
from gunicorn.sock import BaseSocket
from gunicorn.workers.gasgi import ASGIWorker
from gunicorn.workers.gthread import TConn, ThreadWorker

from mediagateway import lifecycle
from mediagateway.errors import DomainError
from mediagateway.http import errors
from mediagateway.http.problem import CONTENT_TYPE, problem_body
from mediagateway.telemetry import tracing
from mediagateway.telemetry.metrics import QUEUE_SECONDS

#: Threads kept for probes, so that they are answered while every other thread waits for a database that hangs.
_PROBE_THREADS = 2
_PROBES = tuple(
    f"{method} /{path} ".encode() for method in ("GET", "HEAD") for path in ("liveness", "health", "ready", "metrics")
)
_LONGEST_PROBE = max(map(len, _PROBES))
#: Seconds that a connection may stay silent before its first byte, and inside a request that it has begun.
_SILENCE_S = 10
#: Seconds for handshakes that have begun to come to their end: a few round trips.
_HANDSHAKE_S = 0.3

_log = structlog.get_logger(__name__)


class GatewayWorker(ThreadWorker):  # type: ignore[misc] # gunicorn is untyped
    """gunicorn's thread worker, with threads set aside for probes and a drain before it stops."""

    def init_process(self) -> None:
        """Prepare what one process needs; the parent's method then serves until the process ends."""
        self.probe_pool = futures.ThreadPoolExecutor(_PROBE_THREADS, thread_name_prefix="probe")
        self.drain_ends: float | None = None
        self.busy = self.busy_at_signal = self.finished = 0
        self.connections: WeakSet[BaseDatabaseWrapper] = WeakSet()
        connection_created.connect(self._on_connection)
        # The arbiter waits for drain and grace together; the worker counts the grace alone.
        self.cfg.set("graceful_timeout", settings.GRACE_S)
        super().init_process()

    # --- Serving -----------------------------------------------------------------------------------------

    def accept(self, listener: BaseSocket) -> bool:
        """
        Take a connection and wait for its first byte in the event loop, where waiting costs no thread.

        Returns:
            Whether there was one.
        """
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        limit = struct.pack("ll", _SILENCE_S, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + _SILENCE_S
        self.pending_conns.append(conn)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
        return True

    def enqueue_req(self, conn: TConn) -> None:
        """Give a readable connection to a thread: probes to theirs, everything else to the others."""
        self.busy += 1
        if _is_probe(conn.sock):
            future = self.probe_pool.submit(self.handle, conn)
        else:
            future = self.tpool.submit(self._handle_queued, conn, time.monotonic())
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _handle_queued(self, conn: TConn, since: float) -> object:
        """Tell the middleware how long the request has waited for this thread, then serve it."""
        waited_s = time.monotonic() - since
        QUEUE_SECONDS.observe(waited_s)
        lifecycle.note_queued(waited_s)
        return self.handle(conn)

    def finish_request(self, conn: TConn, fs: "futures.Future[Any]") -> None:
        """Count, then let the parent close the connection or keep it."""
        self.busy -= 1
        self.finished += 1
        super().finish_request(conn, fs)

    def handle_error(self, req: object, client: socket.socket, addr: object, exc: BaseException) -> None:
        """Answer what never becomes a request, or broke before Django, in the form of every other answer."""
        error, request_id = _refusal(exc), uuid4().hex
        is_unexpected = error.status >= 500
        write = _log.error if is_unexpected else _log.info
        write("server.refused", status=error.status, cause=repr(exc), request_id=request_id, exc_info=is_unexpected)
        with suppress(OSError):  # The client may be gone, and the answer with it.
            util.write(client, _refusal_bytes(error, request_id))

    # --- Stopping ----------------------------------------------------------------------------------------

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: begin the drain."""
        if self.drain_ends is None:
            lifecycle.begin_drain()
            self.busy_at_signal, self.finished = self.busy, 0
            # The parent closes each connection after its answer when it may keep none.
            self.max_keepalived = -1
            self.drain_ends = time.monotonic() + settings.DRAIN_S
            self.method_queue.defer(lambda: None)  # Wakes the event loop.

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """SIGQUIT and SIGINT: end now."""
        os._exit(0)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait no longer than the drain lasts, and end it in time."""
        if self.drain_ends is not None and self.alive:
            remaining = self.drain_ends - time.monotonic()
            self.alive: bool = remaining > 0
            timeout = min(timeout, max(remaining, 0.0))
        super().wait_for_and_dispatch_events(timeout)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 -- gunicorn's signature
        """When the parent's loop has ended: take what has knocked already, then close the door."""
        if enabled or self.alive or not self._accepting or not is_group_stopping(self.sockets):
            super().set_accept_enabled(enabled)
            return
        for listener in self.sockets:
            refuse_handshakes(listener.sock)
        ends = time.monotonic() + _HANDSHAKE_S
        while (remaining := ends - time.monotonic()) > 0:
            self.notify()
            super().wait_for_and_dispatch_events(remaining)
        super().set_accept_enabled(enabled)
        for listener in self.sockets:
            while self.accept(listener):
                pass
            listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Wait no longer for connections that have sent nothing than for those that are kept alive."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def run(self) -> None:
        """Serve until told to stop and everything is finished, or the grace is over; then say how it went."""
        super().run()
        if self.drain_ends is None:
            return
        for connection in self.connections:
            connection.inc_thread_sharing()
            connection.close()
        caches.close_all()
        tracing.stop()
        _log.info(
            "server.stopped",
            group=settings.GROUP.name,
            in_flight=self.busy_at_signal,
            finished=self.finished,
            aborted=self.busy,
            took_ms=round((time.monotonic() - self.drain_ends + settings.DRAIN_S) * 1000),
        )
        if self.busy:
            # The interpreter would wait for the threads that hang, which is what the grace has just ended.
            sys.stdout.flush()
            os._exit(0)

    def _on_connection(self, connection: BaseDatabaseWrapper, **_: object) -> None:
        """Bound what one query may take, and keep sight of the connection to close it from the main thread."""
        self.connections.add(connection)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, false)", [f"{settings.STATEMENT_TIMEOUT_S}s"]
                )


class LiveWorker(ASGIWorker):  # type: ignore[misc] # gunicorn is untyped
    """gunicorn's ASGI worker with the same drain."""

    def init_process(self) -> None:
        """Prepare what one process needs; the parent's method then serves until the process ends."""
        self.signalled = time.monotonic()
        self.cfg.set("graceful_timeout", settings.GRACE_S)
        super().init_process()

    def handle_exit_signal(self) -> None:
        """SIGTERM: fail readiness now, stop after the drain."""
        if not lifecycle.is_draining():
            lifecycle.begin_drain()
            self.signalled = time.monotonic()
            self.loop.call_later(settings.DRAIN_S, super().handle_exit_signal)

    async def _shutdown(self) -> None:
        """Take what has knocked already, then do as the parent does."""
        if is_group_stopping(self.sockets):
            for listener in self.sockets:
                refuse_handshakes(listener.sock)
            await asyncio.sleep(_HANDSHAKE_S)
        in_flight = self.nr_conns
        await super()._shutdown()
        tracing.stop()
        _log.info(
            "server.stopped",
            group=settings.GROUP.name,
            in_flight=in_flight,
            finished=in_flight - self.nr_conns,
            aborted=self.nr_conns,
            took_ms=round((time.monotonic() - self.signalled) * 1000),
        )


def is_group_stopping(listeners: Sequence[BaseSocket]) -> bool:
    """
    Whether the whole group ends and not this worker alone, as after SIGHUP or a change of the number of workers.

    The master closes the listening sockets before it tells its workers to stop. While it holds them, other workers
    go on with what waits there, and this one has nothing to do but leave. Linux shows the master's open files.
    """
    wanted = {_identity(os.fstat(listener.fileno())) for listener in listeners}
    try:
        files = list(Path(f"/proc/{os.getppid()}/fd").iterdir())
    except OSError:  # No master any more, or no /proc.
        return True
    held = set()
    for file in files:
        with suppress(FileNotFoundError):  # Closed in the meantime.
            held.add(_identity(file.stat()))
    return wanted.isdisjoint(held)


def refuse_handshakes(listener: socket.socket) -> None:
    """
    Make the kernel drop SYN packets for a listening socket; handshakes that have begun still come to their end.

    Closing a listening socket resets the connections that wait in its queue, clients that believe to be connected.
    With no new ones arriving the queue can be emptied first. Linux only (SO_ATTACH_FILTER, classic BPF), and newer
    kernels let nobody but root do it; elsewhere the window stays open, a few milliseconds wide.
    """
    if not sys.platform.startswith("linux"):
        return
    program = (
        (0x30, 0, 0, 13),  # A = flags byte of the TCP header
        (0x54, 0, 0, 0x12),  # A &= SYN | ACK
        (0x15, 0, 1, 0x02),  # SYN alone?
        (0x06, 0, 0, 0),  # yes: drop
        (0x06, 0, 0, 0xFFFFFFFF),  # no: keep it whole
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    so_attach_filter = 26
    filter_of_socket = struct.pack("HP", len(program), ctypes.addressof(code))
    try:
        listener.setsockopt(socket.SOL_SOCKET, so_attach_filter, filter_of_socket)
    except PermissionError:
        _log.info("server.handshakes_not_refused", reason="this kernel lets only root filter a socket")


def _identity(status: os.stat_result) -> tuple[int, int]:
    """Name an open file, a socket too, independently of the process that holds it."""
    return status.st_dev, status.st_ino


def _is_probe(client: socket.socket) -> bool:
    """Look at a request's first bytes without taking them."""
    try:
        return client.recv(_LONGEST_PROBE, socket.MSG_PEEK | socket.MSG_DONTWAIT).startswith(_PROBES)
    except OSError:
        return False


def _refusal(exc: BaseException) -> DomainError:
    """Name what gunicorn's exception means to the caller."""
    if isinstance(exc, gunicorn_errors.LimitRequestLine):
        return errors.URITooLongError(f"The request line may have at most {exc.max_size} bytes.")
    if isinstance(exc, gunicorn_errors.LimitRequestHeaders):
        return errors.HeadersTooLargeError("The header fields are too many or too long.")
    is_our_fault = isinstance(exc, gunicorn_errors.InvalidResponseHeader | gunicorn_errors.InvalidResponseHeaderName)
    if isinstance(exc, gunicorn_errors.ParseException) and not is_our_fault:
        return errors.MalformedRequestError("This is not a request that HTTP/1.1 knows.")
    return errors.InternalError("The error is logged under the request id.")


def _refusal_bytes(error: DomainError, request_id: str) -> bytes:
    """Write a whole answer: status line, the headers of every answer, the problem."""
    body = problem_body(error, instance="", request_id=request_id)
    headers = {
        **settings.SECURITY_HEADERS,
        "Content-Security-Policy": settings.CONTENT_POLICY,
        "X-Request-ID": request_id,
        "Content-Type": CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
