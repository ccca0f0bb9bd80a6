"""Reports about the content policy: counted by directive, and logged without what a person looked at."""

import json

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

LEGACY = {
    "csp-report": {
        "document-uri": "https://gateway.example/docs/problems?q=my+illness",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?who=me",
    }
}
MODERN = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]


def count(directive: str) -> float:
    return REGISTRY.get_sample_value("mg_csp_reports_total", {"directive": directive}) or 0.0


@pytest.mark.parametrize(
    ("body", "media_type", "directive", "blocked"),
    [
        (LEGACY, "application/csp-report", "script-src-elem", "https://evil.example"),
        (MODERN, "application/reports+json", "img-src", "inline"),
        ({"csp-report": {"effective-directive": "x" * 5000}}, "application/csp-report", "other", ""),
        (
            {"csp-report": {"violated-directive": "style-src 'self'", "blocked-uri": "a\nb"}},
            "application/csp-report",
            "style-src",
            "",
        ),
    ],
    ids=["report-uri", "Reporting API", "made up", "old browser"],
)
def test_a_violation_is_counted_and_logged(client, body, media_type, directive, blocked):
    before = count(directive)

    with capture_logs() as lines:
        response = client.post("/csp-reports", json.dumps(body), content_type=media_type)

    assert (response.status_code, response.content) == (204, b"")
    assert count(directive) == before + 1
    assert [(line["directive"], line["blocked"]) for line in lines if line["event"] == "csp.violated"] == [
        (directive, blocked)
    ]
    assert "illness" not in str(lines)
    assert "who=me" not in str(lines)


@pytest.mark.parametrize("body", ["[]", "{}", "7", '[{"body": []}]', '{"csp-report": null}'])
def test_what_is_no_report_is_taken_and_forgotten(client, body):
    assert client.post("/csp-reports", body, content_type="application/csp-report").status_code == 204


def test_a_flood_in_one_request_is_cut(client):
    before = count("img-src")

    client.post("/csp-reports", json.dumps(MODERN * 500), content_type="application/reports+json")

    assert count("img-src") == before + 20


@pytest.mark.parametrize("path", ["/swagger-ui", "/docs/problems"])
def test_pages_say_where_to_report(client, path):
    response = client.get(path)

    assert "report-uri /csp-reports" in response["Content-Security-Policy"]
    assert "report-to csp" in response["Content-Security-Policy"]
    assert response["Reporting-Endpoints"] == 'csp="/csp-reports"'
