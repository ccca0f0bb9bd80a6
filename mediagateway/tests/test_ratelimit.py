"""Limits over HTTP: the figures of the table, the header fields, what admins override, and a Redis that goes away."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from structlog.testing import CapturingLogger

from mediagateway.http import ratelimit
from mediagateway.limits import limiter, overrides
from mediagateway.limits.overrides import Override, Overrides, remove_override, set_override
from mediagateway.limits.table import LIMITS, TIER_FACTORS
from mediagateway.limits.windows import MemoryWindows, RedisWindows
from mediagateway.models import AuditEntry
from mediagateway.principal import Principal, Tier
from mediagateway.testing.servers import valkey

pytestmark = pytest.mark.django_db

ROWS = pytest.mark.parametrize("group", LIMITS, ids=lambda group: group.name)
RULES = {rule.name: rule for group in LIMITS for rule in group.rules}


def verify_token(token: str) -> Principal | None:
    """Vouch for `<tier>-<number>`: a `Verifier` for tests."""
    tier, _, number = token.partition("-")
    return Principal(UUID(int=int(number)), frozenset(), token, tier=Tier(tier)) if number else None


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limited(settings, monkeypatch, clock):
    """A client of a process with the real table, its windows in memory, and no age at all of its overrides."""
    settings.LIMITS = LIMITS
    settings.TOKEN_VERIFIER = "mediagateway.tests.test_ratelimit.verify_token"
    monkeypatch.setattr(ratelimit, "open_windows", lambda: MemoryWindows(clock))
    monkeypatch.setattr(overrides, "MAX_AGE_S", -1.0)
    return Client(raise_request_exception=False)


def path_of(group):
    """A path that no view serves, so that the limiter alone answers 429."""
    return f"{group.prefixes[0]}/no-such-page"


def bearer(tier, number=1):
    return {"authorization": f"Bearer {tier}-{number}"}


def spend(client, clock, path, *, most, headers=None):
    """Ask all at once, until the answer is 429 or `most` is passed; tell how often it was not."""
    for allowed in range(most + 1):
        clock.now += 0.0001
        if client.get(path, headers=headers).status_code == 429:
            return allowed
    return most + 1


def spend_a_minute(client, clock, path, figure, headers=None):
    """Ask for more than the figure, evenly within less than a minute; tell how often the answer was not 429."""
    taken = 0
    for _ in range(figure + 5):
        clock.now += 50 / figure
        taken += client.get(path, headers=headers).status_code != 429
    return taken


@ROWS
def test_a_burst_takes_its_figure_in_any_one_second(limited, clock, group):
    taken = spend(limited, clock, path_of(group), most=group.burst)
    refused = limited.get(path_of(group))
    clock.now += 1.0

    assert taken == group.burst
    assert refused["Retry-After"] == "1"
    assert refused["X-RateLimit-Limit"] == str(group.burst)
    assert limited.get(path_of(group)).status_code == 404


@ROWS
def test_a_minute_takes_its_figure(limited, clock, group):
    assert spend_a_minute(limited, clock, path_of(group), group.per_minute) == group.per_minute


@pytest.mark.parametrize("tier", list(Tier), ids=str)
def test_a_tier_multiplies_the_minute_and_not_the_second(limited, clock, tier):
    headers, expected = bearer(tier), 30 * TIER_FACTORS[tier]

    assert spend(limited, clock, "/api/v1/sona/none", most=6, headers=headers) == 5
    clock.now += 60
    set_override(Override("sona", f"tier:{tier}", expected, expected), principal=None)
    assert spend_a_minute(limited, clock, "/api/v1/sona/none", expected, headers) == expected


def test_header_fields_say_what_is_left(limited):
    response = limited.get("/api/v1/search")

    assert response["X-RateLimit-Limit"] == "120"
    assert response["X-RateLimit-Remaining"] == "119"
    assert response["X-RateLimit-Reset"] == "60"
    assert response["RateLimit"] == '"search";r=119;t=60'
    assert response["RateLimit-Policy"] == '"search-burst";q=20;w=1, "search";q=120;w=60'


def test_a_refusal_is_a_problem_with_every_header(limited):
    for _ in range(20):
        limited.get("/api/v1/search")
    response = limited.get("/api/v1/search", headers={"origin": "https://app.mediagateway.io"})

    body = json.loads(response.content)
    assert (response.status_code, body["code"], response["Content-Type"]) == (
        *(429, "rate_limited"),
        "application/problem+json",
    )
    assert response["RateLimit"] == '"search-burst";r=0;t=1'
    assert response["Access-Control-Allow-Origin"] == "https://app.mediagateway.io"
    assert "X-Frame-Options" in response
    assert "X-Request-ID" in response


@pytest.mark.parametrize("path", ["/health", "/ready", "/liveness", "/metrics", "/docs/problems"])
def test_what_is_not_in_the_table_is_not_counted(limited, path):
    assert "X-RateLimit-Limit" not in limited.get(path)


def test_principals_are_counted_apart_and_the_wrong_token_with_its_address(limited, clock):
    path = "/api/v1/sona/no-such-page"
    assert spend(limited, clock, path, most=5, headers=bearer("free", 1)) == 5

    assert limited.get(path, headers=bearer("free", 2)).status_code == 404
    assert spend(limited, clock, path, most=5, headers={"authorization": "Bearer wrong"}) == 5
    assert limited.get(path).status_code == 429, "the same address without a token"
    assert limited.get(path, headers={"x-forwarded-for": "1.2.3.4"}).status_code == 404


def test_a_token_is_verified_once(limited, settings, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("mediagateway.tests.test_ratelimit.verify_token", asked.append)

    assert limited.get("/api/v1/search?q=x", headers=bearer("free")).status_code == 401
    assert asked == ["free-1"]


@pytest.mark.parametrize("platform", ["netflix", "hulu"])
def test_webhooks_are_counted_by_platform(limited, clock, platform):
    assert spend(limited, clock, "/api/v1/webhooks/netflix", most=20) == 20

    status = limited.get(f"/api/v1/webhooks/{platform}", headers={"x-forwarded-for": "1.2.3.4"}).status_code
    assert (status == 429) == (platform == "netflix")


@pytest.mark.parametrize(
    ("name", "is_shared"),
    [
        ("login", {"address": False, "email": False}),
        ("register", {"address": False, "email": True}),
        ("forgot_by_email", {"address": True, "email": False}),
        ("forgot_by_address", {"address": False, "email": True}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rules_count_by_address_and_by_email(limited, clock, name, is_shared):
    """`is_shared` says whether another address, or another e-mail, falls under the same count."""
    rule = RULES[name]
    fresh = count()

    def post(address="1.1.1.1", email="ada@example.com"):
        clock.now += 1.1
        body = json.dumps({"email": email})
        headers = {"x-forwarded-for": address}
        return limited.post(rule.path, body, content_type="application/json", headers=headers).status_code

    def other(**fixed):
        """Vary what this rule does not count, so that its neighbour on the path does not answer for it."""
        varied = {"address": f"2.2.2.{next(fresh)}", "email": f"{uuid4()}@example.com"}
        return {**{trait: varied[trait] for trait in varied if trait not in rule.by}, **fixed}

    for _ in range(rule.count):
        assert post(**other()) != 429

    assert post(**other()) == 429
    assert post(**other(email=" ADA@example.com ") if "email" in rule.by else other()) == 429
    assert (post(**{**other(), "address": "9.9.9.9"}) == 429) == is_shared["address"]
    assert (post(**{**other(), "email": "eve@example.com"}) == 429) == is_shared["email"]
    clock.now += rule.window_s
    assert post(**other()) != 429


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"email": 5}', b'{"email": "\xff"}'])
def test_a_body_that_cannot_be_read_is_counted_by_address(limited, clock, body):
    statuses = []
    for _ in range(6):
        clock.now += 1.1
        statuses.append(limited.post(RULES["register"].path, body, content_type="application/json").status_code)

    assert [status == 429 for status in statuses] == [False] * 5 + [True]


def test_an_override_holds_at_once_until_it_ends_or_is_removed(limited, clock):
    path, subject = "/api/v1/sona/no-such-page", f"account:{UUID(int=1)}"
    set_override(Override("sona", subject, 1000, 8), principal=None)
    assert spend(limited, clock, path, most=9, headers=bearer("free")) == 8
    assert spend(limited, clock, path, most=9, headers=bearer("free", 2)) == 5, "the table still holds for others"

    clock.now += 60
    remove_override("sona", subject, principal=None)
    assert spend(limited, clock, path, most=9, headers=bearer("free")) == 5

    clock.now += 60
    until = timezone.now() + timedelta(seconds=0.3)
    set_override(Override("sona", "tier:free", 1000, 8, until), principal=None)
    assert spend(limited, clock, path, most=9, headers=bearer("free")) == 8
    clock.now += 60
    time.sleep(0.3)
    assert spend(limited, clock, path, most=9, headers=bearer("free")) == 5
    assert list(AuditEntry.objects.order_by("id").values_list("action", "target")) == [
        ("kernel.limit_overridden", f"limit:sona/{subject}"),
        ("kernel.limit_restored", f"limit:sona/{subject}"),
        ("kernel.limit_overridden", "limit:sona/tier:free"),
    ]


def test_a_principals_override_goes_before_its_tiers():
    set_override(Override("sona", "tier:free", 1, 1), principal=None)
    set_override(Override("sona", "account:1", 2, 2), principal=None)

    found = Overrides().find("sona", "account:1", "tier:free")

    assert found is not None
    assert found.per_minute == 2


def test_overrides_are_read_once_in_two_seconds(django_assert_num_queries):
    mine = Overrides()
    with django_assert_num_queries(1):
        for _ in range(100):
            mine.find("sona", "tier:free")


@pytest.mark.django_db(transaction=True)
def test_a_process_that_was_idle_goes_by_no_old_override():
    """One thread reads them anew; the others wait for it when what they have is older than it may be."""
    mine = Overrides()
    assert mine.find("sona", "account:1") is None
    set_override(Override("sona", "account:1", 1, 1), principal=None)
    mine._read_at -= 2 * overrides.MAX_AGE_S
    start = Barrier(8)

    def find(_):
        start.wait()
        try:
            return mine.find("sona", "account:1")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(find, range(8)))

    assert None not in found


def test_the_admins_login_takes_ten_guesses_a_minute(monkeypatch):
    # Its windows are fixed: guesses on both sides of an edge would count apart.
    edge = int(time.time()) + 60
    monkeypatch.setattr("django_ratelimit.core._get_window", lambda value, period: edge)

    def guess(address):
        form = {"username": "a@example.com", "password": "wrong"}
        return Client().post("/admin/login/", form, headers={"x-forwarded-for": address})

    statuses = [guess("1.1.1.1").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]
    assert guess("1.1.1.1").json()["code"] == "rate_limited"
    assert guess("2.2.2.2").status_code == 200
    assert Client().get("/admin/login/").status_code == 200


@pytest.mark.once
def test_a_dead_redis_lets_everybody_in_and_is_asked_again(settings, monkeypatch):
    """Open, counted, told; and the limits are back when it is."""
    monkeypatch.setattr(limiter, "RETRY_S", 0.2)
    logged = CapturingLogger()
    monkeypatch.setattr(limiter, "_log", logged)
    settings.LIMITS = LIMITS
    with valkey() as url:
        monkeypatch.setattr(ratelimit, "open_windows", lambda: RedisWindows(url))
        client = Client()
        statuses = [client.get("/api/v1/sona/none").status_code for _ in range(6)]
        assert statuses == [404] * 5 + [429]

    before = limiter.UNAVAILABLE._value.get()
    for _ in range(30):
        response = client.get("/api/v1/sona/none")
        assert response.status_code == 404
        assert "X-RateLimit-Limit" not in response
    assert limiter.UNAVAILABLE._value.get() == before + 30
    assert [call.args[0] for call in logged.calls] == ["limits.unavailable"]

    with valkey(port=urlsplit(url).port):
        time.sleep(0.3)
        statuses = [client.get("/api/v1/sona/none").status_code for _ in range(6)]
        assert statuses == [404] * 5 + [429]
    assert [call.args[0] for call in logged.calls] == ["limits.unavailable", "limits.available"]
