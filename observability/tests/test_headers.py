"""The Observatory's rules, and that every group's answers and pages get its best grade."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import clear_url_caches

from observability.headers import Answer, compute_score

GOOD = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("changed", "score", "grade"),
    [
        ({}, 130, "A+"),
        ({"content-security-policy": ""}, 75, "B"),
        ({"content-security-policy": "default-src 'none'; script-src 'unsafe-inline'"}, 80, "B+"),
        ({"content-security-policy": "default-src 'none'; script-src 'nonce-a' 'unsafe-inline'"}, 125, "A+"),
        ({"content-security-policy": "script-src 'self'"}, 80, "B+"),
        ({"content-security-policy": "default-src 'self'; frame-ancestors 'none'"}, 125, "A+"),
        ({"content-security-policy": "default-src 'none'; script-src 'unsafe-eval'"}, 105, "A+"),
        ({"strict-transport-security": ""}, 80, "B+"),
        ({"strict-transport-security": "max-age=60"}, 120, "A+"),
        ({"x-content-type-options": ""}, 125, "A+"),
        ({"referrer-policy": "unsafe-url"}, 120, "A+"),
        ({"access-control-allow-origin": "*", "access-control-allow-credentials": "true"}, 50, "C"),
        ({"content-security-policy": "", "x-frame-options": "", "strict-transport-security": ""}, 35, "D"),
    ],
)
@pytest.mark.once
def test_each_rule_takes_or_gives_what_it_should(changed, score, grade):
    result = compute_score(Answer({**GOOD, **changed}))

    assert (result.score, result.grade) == (score, grade)


@pytest.mark.parametrize(
    ("cookie", "modifier"),
    [
        ("mg_session=1; Path=/", -40),
        ("mg_session=1; Secure", -30),
        ("mg_csrf=1; Secure", -20),
        ("mg_session=1; Secure; HttpOnly; SameSite=Strict", 5),
    ],
)
@pytest.mark.once
def test_cookies_are_judged_by_their_flags(cookie, modifier):
    (finding,) = [each for each in compute_score(Answer(GOOD, cookies=[cookie])).findings if "cookies" in each.name]

    assert finding.modifier == modifier


@pytest.mark.once
def test_scripts_of_others_need_integrity():
    page = '<script src="https://cdn.example/a.js"></script>'

    assert compute_score(Answer(GOOD, page)).score == compute_score(Answer(GOOD)).score - 5
    assert compute_score(Answer(GOOD, page.replace(" src", ' integrity="sha384-x" src'))).score == 130


@pytest.mark.django_db
@pytest.mark.parametrize("group", django_settings.PORTS)
def test_every_answer_and_page_of_every_group_has_the_best_grade(settings, group):
    """As over TLS in production, where cookies are marked secure."""
    settings.ROOT_URLCONF = f"mediagateway.urls.{group}"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    clear_url_caches()
    client = Client()
    paths = ["/health", "/ready", "/metrics", "/nothing", "/swagger-ui", "/api-docs/openapi.json", "/docs/problems"]

    for path in [*paths, *(["/admin/login/"] if group == "api" else [])]:
        response = client.get(path)
        cookies = [morsel.OutputString() for morsel in response.cookies.values()]
        answer = Answer({name.lower(): value for name, value in response.items()}, response.content.decode(), cookies)
        result = compute_score(answer)
        assert result.grade == "A+", (path, result)
        assert not [finding for finding in result.findings if finding.modifier < 0], (path, result)
