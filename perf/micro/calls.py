"""Calls of the product's WSGI application as gunicorn makes them, with no gunicorn and no socket."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
from django.core.handlers.wsgi import WSGIHandler

from perf.environment import client_address, set_environment


@contextmanager
def measured_django() -> Iterator[None]:
    """Set Django up as a server does: metrics in shared files, a log line for each request, though to nowhere."""
    set_environment()
    os.environ["MG_LOG_STREAM"] = "stderr"
    with TemporaryDirectory() as metrics:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        with Path(os.devnull).open("w") as nowhere:
            # What is set up now keeps this stream.
            with redirect_stderr(nowhere):
                django.setup()
            yield


def open_call(
    application: WSGIHandler, address: str, *, headers: Iterator[dict[str, str]] | None = None
) -> Callable[[], bytes]:
    """
    Prepare a GET; calling the result makes the request and gives the body.

    Args:
        application: The product's.
        address: Path and query.
        headers: Of each request in turn, as WSGI names them.

    Raises:
        RuntimeError: Out of the call, when the answer is no success.
    """
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []
    unused = BytesIO()

    def start_response(status: str, _headers: object, _error: object = None, /) -> Callable[[bytes], object]:
        statuses[:] = [status]
        return unused.write

    numbers = count()

    def call() -> bytes:
        asked = {**environ, "wsgi.input": BytesIO(), "HTTP_X_FORWARDED_FOR": client_address(next(numbers))}
        if headers is not None:
            asked |= next(headers)
        response = application(asked, start_response)
        body = b"".join(response)
        response.close()
        if not statuses[0].startswith("2"):
            raise RuntimeError(f"{address} is answered with {statuses[0]}: {body[:500]!r}")
        return body

    return call


def time_call(call: Callable[[], bytes], *, batches: int, calls: int) -> float:
    """
    Time a call in microseconds: the fastest of some batches of calls.

    The fastest, because whatever else the machine does can only make a batch slower.
    """
    call()
    best_s = float("inf")
    for _ in range(batches):
        started = time.perf_counter()
        for _ in range(calls):
            call()
        best_s = min(best_s, time.perf_counter() - started)
    return best_s / calls * 1e6
