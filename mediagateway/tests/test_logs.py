"""Log lines: one JSON object each, whoever writes them, with the ids of the request."""

import json
import logging
import subprocess
import sys

import pytest
import structlog

SCRIPT = """
import logging, os, sys
import django
django.setup()
import structlog
from django.test import Client
from gunicorn.config import Config
from mediagateway.telemetry.logs import GunicornLogger

structlog.get_logger().info("search.served", hits=20)
logging.getLogger("django.security").warning("odd %s", "host")
GunicornLogger(Config()).info("Listening at: %s", "http://[::]")
try:
    raise ValueError("cause")
except ValueError:
    structlog.get_logger().exception("job.failed", key={1: object})
Client().get("/nothing", headers={
    "x-request-id": "mine",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
})
Client().get("/nothing", headers={"traceparent": "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
"""


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> list[dict[str, object]]:
    """What a process writes under the production log settings, line by line."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={
            "DJANGO_SETTINGS_MODULE": "settings.dev",
            "MG_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "MG_LOG_STREAM": "stdout",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


pytestmark = pytest.mark.once


def test_our_own_lines(lines):
    assert (lines[0]["event"], lines[0]["hits"], lines[0]["level"]) == ("search.served", 20, "info")
    assert lines[0]["service"] == "api"
    assert lines[0]["timestamp"].endswith("Z")


def test_django_and_gunicorn_write_the_same_form(lines):
    assert (lines[1]["event"], lines[1]["logger"], lines[1]["level"]) == ("odd host", "django.security", "warning")
    assert (lines[2]["event"], lines[2]["logger"]) == ("Listening at: http://[::]", "gunicorn.error")


def test_an_exception_is_one_line_with_its_traceback(lines):
    assert "ValueError: cause" in lines[3]["exception"]


def test_a_request_is_bound_to_its_ids(lines):
    assert (lines[4]["request_id"], lines[4]["trace_id"]) == ("mine", "0af7651916cd43dd8448eb211c80319c")


def test_a_trace_id_of_zeros_is_none(lines):
    assert "trace_id" not in lines[5]


def test_ids_do_not_outlive_their_request(client):
    client.get("/nothing", headers={"x-request-id": "mine"})

    assert structlog.contextvars.get_contextvars() == {}


def test_django_request_is_silent():
    """Its lines would repeat ours."""
    assert not logging.getLogger("django.request").isEnabledFor(logging.ERROR)
