"""What only a real socket shows: chunked bodies, broken requests, clients that dawdle."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.once

SLOW = {"DJANGO_SETTINGS_MODULE": "slow_settings", "PYTHONPATH": str(Path(__file__).parent), "MG_WORKER": "0"}


@pytest.fixture(scope="module")
def served(serve):
    with serve("--group", "sona", **SLOW) as served:
        served.wait_until_ready("sona")
        yield served


def exchange(served, *parts: bytes, pause_s: float = 0.0) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are, part by part, and read one answer: status, headers, body."""
    with socket.create_connection(("127.0.0.1", served.port("sona")), timeout=20) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(pause_s)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(client)
        head, _, body = received.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        while not parts[0].startswith(b"HEAD") and len(body) < int(headers["content-length"]):
            body += _more(client)
    return int(status_line.split()[1]), headers, body


def _more(client: socket.socket) -> bytes:
    received = client.recv(65536)
    assert received, "the server closed the connection without a whole answer"
    return received


def check_problem(answer, status, code):
    assert answer[0] == status
    assert answer[1]["content-type"] == "application/problem+json"
    assert answer[1]["strict-transport-security"]
    assert answer[1]["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert json.loads(answer[2])["code"] == code
    assert json.loads(answer[2])["request_id"] == answer[1]["x-request-id"]


POST = b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def test_a_chunked_body_is_read(served):
    """Django reads Content-Length bytes, which here would be none: the missing query would be the error."""
    answer = exchange(served, CHUNKED, b'9\r\n{"limit":\r\n', b"3\r\n-1}\r\n0\r\n\r\n", pause_s=0.05)

    assert answer[0] == 400
    assert "/limit" in {error["pointer"] for error in json.loads(answer[2])["errors"]}


def test_a_chunked_body_past_the_limit_is_413(served):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    check_problem(exchange(served, CHUNKED + chunk * 17 + b"0\r\n\r\n"), 413, "body_too_large")


def test_a_broken_chunk_is_400(served):
    check_problem(exchange(served, CHUNKED + b"zz\r\nabc\r\n"), 400, "malformed_body")


def test_a_long_body_with_its_length_is_413_before_it_is_sent(served):
    check_problem(exchange(served, POST + b"Content-Length: 1048577\r\n\r\n"), 413, "body_too_large")


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "uri_too_long"),
        (b"GET /" + b"x" * 8100 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "uri_too_long"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n", 400, "malformed_request"),
        (b"GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n", 400, "malformed_request"),
        (b"nonsense\r\n\r\n", 400, "malformed_request"),
        (b"GET /api/v1/genres HTTP/1.1\r\nHost: local host\r\n\r\n", 400, "malformed_request"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400, "malformed_request"),
        (b"GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed_request"),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed_request"),
        (b"BREW /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"),
    ],
)
def test_a_broken_request_is_a_problem_too(served, request_bytes, status, code):
    check_problem(exchange(served, request_bytes), status, code)


def test_head_has_the_length_and_no_body(served):
    answer = exchange(served, b"HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"", pause_s=0.2)

    assert answer[0] == 200
    assert int(answer[1]["content-length"]) > 0
    assert answer[2] == b""


def test_a_static_file_is_sent_whole(served):
    response = httpx.get(served.url("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js", "sona"))

    assert len(response.content) == int(response.headers["Content-Length"]) > 1_000_000
    assert response.headers["Content-Security-Policy"]


def test_probes_are_answered_while_every_thread_is_busy(served):
    # One client for all: to make one takes a slow machine longer than what is looked at.
    with httpx.Client(timeout=20) as client, ThreadPoolExecutor(8) as pool:
        busy = [pool.submit(client.get, served.url("/sleep/1500", "sona")) for _ in range(8)]
        time.sleep(0.3)
        started = time.monotonic()

        answers = [client.get(served.url(path, "sona")) for path in ("/liveness", "/health", "/metrics", "/ready")]

        assert time.monotonic() - started < 1.2, "before the first sleeper wakes"
        assert [answer.status_code for answer in answers] == [200] * 4
        assert {future.result().status_code for future in busy} == {200}


def test_what_waits_too_long_for_a_thread_is_refused(served):
    # One client for all: to make one takes a slow machine longer than the wait that is looked at.
    with httpx.Client(timeout=20) as client, ThreadPoolExecutor(16) as pool:
        threads = range(4)
        busy = [pool.submit(client.get, served.url("/sleep/5000", "sona")) for _ in threads]
        time.sleep(0.5)

        late = list(pool.map(lambda _: client.get(served.url("/sleep/0", "sona")), range(8)))

    assert {future.result().status_code for future in busy} == {200}, "who found a thread is served, however long"
    assert {answer.status_code for answer in late} == {503}
    assert {answer.headers["retry-after"] for answer in late} == {"1"}
    assert {answer.json()["code"] for answer in late} == {"service_unavailable"}
    assert all(answer.headers["strict-transport-security"] for answer in late)
    assert httpx.get(served.url("/sleep/0", "sona")).status_code == 200, "who comes later finds a free thread"


def test_silent_clients_hold_no_thread(served):
    silent = [socket.create_connection(("127.0.0.1", served.port("sona"))) for _ in range(50)]

    with httpx.Client() as client:
        started = time.monotonic()
        answer = client.get(served.url("/sleep/1", "sona"))
        took_s = time.monotonic() - started

    assert answer.status_code == 200
    assert took_s < 1, "a silent client is given up after ten seconds"
    for connection in silent:
        connection.close()


def test_requests_sent_at_once_are_answered_in_turn(served):
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port("sona")), timeout=10) as client:
        client.sendall(request * 3)
        received = b""
        while received.count(b'"status":"ok"') < 3:
            received += _more(client)

    assert received.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.slow
def test_a_client_that_dawdles_in_a_request_is_given_up(served):
    """After ten silent seconds: within a body there is somebody to answer, within a head there is no request yet."""
    started = time.monotonic()

    check_problem(exchange(served, POST + b'Content-Length: 100\r\n\r\n{"query":'), 400, "malformed_body")

    assert 9 < time.monotonic() - started < 13
    with socket.create_connection(("127.0.0.1", served.port("sona")), timeout=20) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: ")
        assert client.recv(1024) == b""
