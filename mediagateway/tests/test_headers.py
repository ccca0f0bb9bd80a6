"""Security headers: on every answer, whatever made it."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import clear_url_caches

EXPECTED = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
API_POLICY = {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}

pytestmark = [pytest.mark.urls("mediagateway.tests.urls"), pytest.mark.django_db]


def content_policy(response) -> dict[str, list[str]]:
    """Parse the header: the order of directives is free."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


class ClosingClient(Client):
    """Answers 500 as a server would, and closes the files that it is handed, as a server does."""

    def __init__(self):
        super().__init__(raise_request_exception=False)

    def request(self, **request):
        response = super().request(**request)
        if response.streaming:
            response.close()
        return response


@pytest.fixture
def client():
    return ClosingClient()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/health", 200),
        ("head", "/health", 200),
        ("options", "/health", 204),
        ("options", "/metrics", 204),
        ("get", "/no/such/page", 404),
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/content/00000000-0000-4000-8000-000000000000", 404),
        ("get", "/static/nothing.css", 404),
        ("post", "/health", 405),
        ("post", "/swagger-ui", 405),
        ("post", "/static/mediagateway/page.css", 405),
        ("get", "/fail", 500),
        ("get", "/failing", 500),
        ("get", "/lose-database", 503),
        ("get", "/health?q=%FF", 400),
        ("get", "/static/mediagateway/page.css", 200),
        ("get", "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js", 200),
        ("get", "/static/admin/css/base.css", 200),
        ("get", "/swagger-ui", 200),
        ("get", "/docs/problems/not_found", 200),
        ("get", "/admin/login/", 200),
        ("get", "/admin/", 302),
        ("get", "/.well-known/security.txt", 200),
        ("get", "/api-docs/openapi.json", 200),
        ("get", "/metrics", 200),
    ],
)
def test_every_answer_carries_every_header(client, method, path, status):
    response = getattr(client, method)(path)

    assert response.status_code == status
    assert {name: response[name] for name in EXPECTED} == EXPECTED
    assert "camera=()" in response["Permissions-Policy"]
    policy = content_policy(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert response["X-Request-ID"]
    assert response.streaming or response["Content-Length"] == str(len(response.content)) or method == "head"


def test_api_answers_may_load_nothing(client):
    assert content_policy(client.get("/health")) == API_POLICY
    assert content_policy(client.get("/nothing")) == API_POLICY


@pytest.mark.parametrize("path", ["/swagger-ui", "/admin/login/"])
def test_pages_may_load_their_own_files_only(client, path):
    policy = content_policy(client.get(path))

    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]


@pytest.mark.parametrize("path", ["/swagger-ui", "/docs/problems", "/docs/problems/not_found", "/admin/login/"])
def test_pages_hold_nothing_inline(client, path):
    """What the content policy would block must not be there in the first place."""
    page = client.get(path).content.decode()

    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


def test_swagger_ui_loads_nothing_from_elsewhere(client):
    page = client.get("/swagger-ui").content.decode()

    assert "Swagger UI" in page
    assert "https://" not in page
    assert client.get("/static/mediagateway/swagger_ui.js").status_code == 200


def test_bad_host_carries_every_header(client, settings):
    settings.ALLOWED_HOSTS = ["api.example.com"]

    response = client.get("/swagger-ui", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert {name: response[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("path", ["/health", "/ready", "/liveness", "/metrics"])
@pytest.mark.django_db
def test_probes_answer_under_any_host(client, settings, path):
    """An orchestrator asks a replica by the address that it has just got."""
    settings.ALLOWED_HOSTS = ["api.example.com"]

    assert client.get(path, headers={"host": "10.1.2.3:8080"}).status_code == 200


def test_static_files_are_open_to_no_other_origin(client):
    response = client.get("/static/mediagateway/page.css", headers={"origin": "https://evil.example"})

    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_api_sets_no_cookie(client):
    assert not client.get("/health").cookies
    assert client.get("/admin/login/").cookies


@pytest.mark.parametrize("group", django_settings.PORTS)
def test_every_group_answers_alike(client, settings, group):
    """Probes, pages and errors do not depend on the group."""
    settings.ROOT_URLCONF = f"mediagateway.urls.{group}"
    clear_url_caches()

    found, missing, refused = client.get("/liveness"), client.get("/nothing"), client.post("/liveness")

    assert [found.status_code, missing.status_code, refused.status_code] == [200, 404, 405]
    for response in (found, missing, refused):
        assert {name: response[name] for name in EXPECTED} == EXPECTED
    assert missing["Content-Type"] == refused["Content-Type"] == "application/problem+json"
