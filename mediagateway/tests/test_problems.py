"""Bad input of every kind ends in a problem body with the right status, never in HTML and never in a 500."""

import json

import pytest
from django.test import Client

from mediagateway.errors import DomainError

pytestmark = [pytest.mark.urls("mediagateway.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def check_problem(response, status, code):
    """Check the whole form of a problem, and hand its body over."""
    body = json.loads(response.content)
    assert response.status_code == body["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert body["code"] == code
    assert body["type"].endswith(f"/docs/problems/{code}")
    assert body["request_id"] == response["X-Request-ID"]
    assert body["title"]
    assert body["detail"]
    assert "secret" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    return body


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/no/such/page", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/static/nothing", 404, "not_found"),
        ("/docs/problems/nothing", 404, "not_found"),
        ("/fail", 500, "internal_error"),
        ("/failing", 500, "internal_error"),
        ("/lose-database", 503, "service_unavailable"),
        ("/refuse-html", 400, "malformed_request"),
        ("/health?q=%00", 400, "malformed_request"),
        ("/health?q=%FF", 400, "malformed_request"),
        ("/health?q=%ED%A0%80", 400, "malformed_request"),
        ("/health?q=%C0%AF", 400, "malformed_request"),
        ("/he%00alth", 400, "malformed_request"),
        ("/%FF%FE", 400, "malformed_request"),
        ("/health?q=" + "x" * 8000, 414, "uri_too_long"),
        ("/" + "x" * 8001, 414, "uri_too_long"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_get_ends_in_a_problem(client, path, status, code):
    body = check_problem(client.get(path), status, code)

    assert body["instance"].startswith("/")


@pytest.mark.parametrize("path", ["/héllo", "/health?q=千と千尋", "/health?q=%E5%8D%83"])
def test_good_utf8_is_no_problem(client, path):
    assert client.get(path).status_code in {200, 404}


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"{", "not valid JSON"),
        (b'{"a": NaN}', "not valid JSON"),
        (b'{"a": 1e999}', "not valid JSON"),
        (b'{"a": "\xff"}', "not valid JSON"),
        (b'{"a": "\\ud800"}', "not valid JSON"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        ('{"a": 1}'.encode("utf-16"), "not valid JSON"),
        (b"[" * 5000 + b"]" * 5000, "not valid JSON"),
        (b'{"a": ["x\\u0000"]}', "NUL"),
        (b'{"a": {"\\u0000": 1}}', "NUL"),
        (b'{"a": "\x00"}', "not valid JSON"),
    ],
)
def test_bad_body_is_400(client, raw, detail):
    body = check_problem(client.post("/echo", raw, content_type="application/json"), 400, "malformed_body")

    assert detail in body["detail"]


@pytest.mark.parametrize("raw", [b'{"a": "\\\\u0000"}', b'{"a": "\\ud83d\\ude00"}', b"null", b"[]", b'"x"'])
def test_good_body_is_read(client, raw):
    """A backslash before u0000 makes six letters of it, not a NUL; a pair of surrogates is one character."""
    response = client.post("/echo", raw, content_type="application/json")

    assert response.status_code == 200
    assert response.json() == {"body": json.loads(raw)}


def test_body_of_just_the_limit_passes_and_one_more_is_413(client, settings):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = b'"' + b"x" * (limit - 2) + b'"'

    assert client.post("/echo", body, content_type="application/json").status_code == 200
    check_problem(client.post("/echo", body + b" ", content_type="application/json"), 413, "body_too_large")


def test_wrong_content_length_is_400(client):
    response = client.post("/echo", b"{}", content_type="application/json", CONTENT_LENGTH="1e3")

    check_problem(response, 400, "malformed_request")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_other_media_types_are_415(client, content_type):
    check_problem(client.post("/echo", b"a=1", content_type=content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize("accept", ["text/html", "application/xml"])
def test_unacceptable_accept_is_406(client, accept):
    check_problem(client.get("/echo", headers={"accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/*", "application/json", "text/html, */*;q=0.1"])
def test_acceptable_accept_is_200(client, accept):
    assert client.get("/echo", headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/echo", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("patch", "/health", {"GET", "HEAD", "OPTIONS"}),
        ("post", "/swagger-ui", {"GET", "HEAD"}),
        ("post", "/static/mediagateway/page.css", {"GET", "HEAD"}),
    ],
)
def test_wrong_method_is_405_with_allow(client, method, path, allowed):
    response = getattr(client, method)(path)

    check_problem(response, 405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/health", "/echo", "/swagger-ui", "/docs/problems"])
def test_head_is_get_without_a_body(client, path):
    get, head = client.get(path), client.head(path)

    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head["Content-Length"] == get["Content-Length"]


def test_domain_error_keeps_its_words(client):
    body = check_problem(client.put("/failing"), 409, "conflict")

    assert body["detail"] == "This is done already."


def test_database_errors_say_when_to_come_back(client):
    assert client.get("/lose-database")["Retry-After"] == "1"


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer ", "bearer x y", "Basic YTpi", "x", ""])
def test_invalid_authorization_is_401_everywhere(client, header):
    response = client.get("/echo", headers={"authorization": header})

    check_problem(response, 401, "invalid_token")
    assert response["WWW-Authenticate"] == 'Bearer realm="mediagateway", error="invalid_token"'


def test_verifier_named_in_the_settings_decides(client, settings):
    settings.TOKEN_VERIFIER = "mediagateway.tests.urls.verify_token"

    assert client.get("/echo", headers={"authorization": "Bearer good"}).json() == {"principal": "ada"}
    check_problem(client.get("/echo", headers={"authorization": "Bearer bad"}), 401, "invalid_token")


def test_csrf_failure_of_the_admin_is_a_problem():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})

    check_problem(response, 403, "forbidden")


def test_every_code_has_its_page(client):
    """The `type` of a problem resolves, for every class of error that is loaded."""
    waiting, codes = [DomainError], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            codes.add(kind.code)
            waiting.append(kind)

    assert len(codes) > 15
    for code in codes:
        page = client.get(f"/docs/problems/{code}")
        assert page.status_code == 200
        assert code in page.content.decode()
