"""Request ids, and the line and the sample that each request leaves."""

import re

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

pytestmark = pytest.mark.urls("mediagateway.tests.urls")


@pytest.mark.parametrize("given", ["abc", "A-b_c.1", "x" * 128, "0"])
def test_sane_request_id_is_kept(client, given):
    assert client.get("/health", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "x" * 129, "a b", "a\tb", "a/b", 'a"b', "é", "a\r\nSet-Cookie: x", "a\n", "$(id)"]
)
def test_other_request_id_is_replaced(client, given):
    minted = client.get("/health", HTTP_X_REQUEST_ID=given)["X-Request-ID"]

    assert re.fullmatch(r"[0-9a-f]{32}", minted)


def test_each_request_has_its_own_id(client):
    assert client.get("/health")["X-Request-ID"] != client.get("/health")["X-Request-ID"]


def test_one_line_says_how_a_request_went(client):
    with capture_logs() as lines:
        client.get("/no/such/page?q=my+illness")

    assert [line["event"] for line in lines] == ["http.request"]
    assert lines[0]["status"] == 404
    assert lines[0]["path"] == "/no/such/page"
    assert lines[0]["view"] == "none"
    assert "illness" not in str(lines)


def test_unexpected_error_is_logged_once_with_its_cause(client):
    client.raise_request_exception = False

    with capture_logs() as lines:
        client.get("/fail")

    assert [line["event"] for line in lines] == ["http.unexpected_error", "http.request"]
    assert isinstance(lines[0]["exc_info"], RuntimeError)


def test_probes_leave_no_line_unless_they_fail(client):
    with capture_logs() as lines:
        client.get("/liveness")
        client.post("/liveness")

    assert [line["status"] for line in lines] == [405]


def test_one_sample_for_each_request_with_labels_of_closed_sets(client):
    def count(view: str, method: str, status: str) -> float:
        labels = {"view": view, "method": method, "status": status}
        return REGISTRY.get_sample_value("mg_http_request_seconds_count", labels) or 0.0

    before = count("platform:health-get", "GET", "200"), count("none", "other", "404")

    client.get("/health")
    client.generic("BREW", "/coffee-pot")

    assert count("platform:health-get", "GET", "200") == before[0] + 1
    assert count("none", "other", "404") == before[1] + 1
