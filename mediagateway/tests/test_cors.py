"""CORS: exactly the configured origins, and not a word to others."""

import pytest

ALLOWED = "https://app.mediagateway.io"


def cors_headers(response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.items() if name.lower().startswith("access-control")}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.mediagateway.io",
        "https://app.mediagateway.io.evil.example",
        "https://app.mediagateway.io:8443",
        "https://app.mediagateway.io/path",
        "https://user@app.mediagateway.io",
        "https://APP.mediagateway.io",
        "null",
        "",
        "http://[",
    ],
)
@pytest.mark.parametrize("preflight", [False, True], ids=["simple", "preflight"])
def test_another_origin_gets_no_cors_header(client, origin, preflight):
    headers = {"origin": origin}
    if preflight:
        headers["access-control-request-method"] = "POST"

    response = client.options("/health", headers=headers) if preflight else client.get("/health", headers=headers)

    assert cors_headers(response) == {}


def test_allowed_origin_may_read(client):
    response = client.get("/liveness", headers={"origin": ALLOWED})

    headers = cors_headers(response)
    assert headers["access-control-allow-origin"] == ALLOWED
    assert headers["access-control-allow-credentials"] == "true"
    exposed = headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "X-Request-ID", "X-RateLimit-Remaining", "RateLimit"} <= set(exposed)
    assert "origin" in response["Vary"].lower()


def test_preflight_of_the_allowed_origin(client):
    response = client.options(
        "/api/v1/search",
        headers={
            "origin": ALLOWED,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization, content-type",
        },
    )

    headers = cors_headers(response)
    assert response.status_code == 200
    assert headers["access-control-allow-origin"] == ALLOWED
    assert headers["access-control-allow-methods"] == "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    assert headers["access-control-allow-headers"] == (
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
    )
    assert headers["access-control-max-age"] == "3600"


def test_allowed_origin_reads_errors_too(client):
    response = client.get("/no/such/page", headers={"origin": ALLOWED})

    assert response.status_code == 404
    assert cors_headers(response)["access-control-allow-origin"] == ALLOWED


def test_answers_to_no_origin_vary_by_it_all_the_same(client):
    """Or a shared cache would hand an answer without CORS headers to a page of the allowed origin."""
    assert "origin" in client.get("/liveness")["Vary"].lower()
