"""
What may happen once happens once: two hundred at once over HTTP and one winner, on both stores, held up by no limit.

On SQLite with one process of four threads, on PostgreSQL and a Redis with four such processes.
"""

import asyncio
import re
import time
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pyotp
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from deploy.tests.browsing import EMAIL, PASSWORD, open_signed_in, register, register_client, submit
from mediagateway.testing.servers import postgres, valkey

pytestmark = [pytest.mark.slow]

TRIES = 200
REDIRECT_URI = "http://127.0.0.1:51004/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0"
ROOT = "root@example.com"
NEW_PASSWORD = "nanoseconds of wire"
MAIL_DEADLINE_S = 60


@contextmanager
def embedded(serve):
    """One process over SQLite."""
    with serve("--group", "api") as served:
        yield served


@contextmanager
def servers(serve):
    """Four processes over PostgreSQL and a Redis."""
    with postgres() as database, valkey() as redis_url:
        stores = {"DATABASE_URL": database.url, "REDIS_URL": redis_url, "MG_WORKERS": "4"}
        with serve("--group", "api", **stores) as served:
            yield served


@pytest.fixture(scope="module", params=[embedded, servers], ids=["SQLite", "PostgreSQL"])
def server(request, serve):
    """A server whose admin has lifted the limits of this machine's address, with Ada and a public client."""
    with request.param(serve) as served:
        served.manage("migrate", "--verbosity", "0")
        served.wait_until_ready("api")
        register(served)
        served.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        served.manage("createsuperuser", "--noinput", "--email", ROOT)
        admin = {"authorization": f"Bearer {sign_in(served, ROOT)['access_token']}"}
        for limit in ("auth", "login", "forgot_by_address"):
            override = httpx.put(
                served.url(f"/api/v1/admin/rate-limits/{limit}/address:127.0.0.1"),
                json={"per_minute": 100_000, "burst": 10_000},
                headers=admin,
            )
            assert override.status_code == 201, override.text
        # While one thread of a process reads overrides anew, others may go by a copy that is four seconds old.
        time.sleep(4.5)
        client = register_client(served, "Example", "--public", "--redirect-uri", REDIRECT_URI)
        yield SimpleNamespace(served=served, client_id=client["client_id"])


def sign_in(served, email, password=PASSWORD):
    """Sign in by a password, and give the answer."""
    answer = httpx.post(served.url("/api/v1/auth/login"), json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return answer.json()


def race(server, path, **content):
    """Post the same from two hundred connections at once; count what came of it, and give the winners' answers."""

    async def ask_all():
        limits = httpx.Limits(max_connections=TRIES)
        async with httpx.AsyncClient(limits=limits, timeout=120) as client:
            return await asyncio.gather(*(client.post(server.served.url(path), **content) for _ in range(TRIES)))

    answers = asyncio.run(ask_all())
    won = [answer for answer in answers if answer.is_success]
    errors = (answer.json() for answer in answers if not answer.is_success)
    return Counter({"won": len(won)}) + Counter(error.get("error") or error["code"] for error in errors), won


def race_for_token(server, **fields):
    """Race at the token endpoint."""
    return race(server, "/auth/token", data={"client_id": server.client_id, **fields})


def authorize(server, scope):
    """Go through the pages as Ada does, and give what the client exchanges for tokens."""
    asked = {
        "response_type": "code",
        "client_id": server.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": scope,
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    with httpx.Client() as browser:
        page = open_signed_in(browser, f"{server.served.url('/auth/authorize')}?{urlencode(asked)}")
        location = submit(browser, page, step="allow").headers["location"]
    (code,) = parse_qs(urlsplit(location).query)["code"]
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }


def mailed_token(server, subject):
    """Wait for the worker to send a mail, and read the token in it."""
    pattern = re.compile(rf"^Subject: {subject}\n.*?^([\w-]{{43}})$", re.MULTILINE | re.DOTALL)
    deadline = time.monotonic() + MAIL_DEADLINE_S
    while not (found := pattern.findall(server.served.log.read_text())):
        assert time.monotonic() < deadline, server.served.log.read_text()
        time.sleep(0.2)
    return found[-1]


def test_one_of_two_hundred_exchanges_of_a_code_wins(server):
    """RFC 6749 §4.1.2: and because the others replayed it, what it has issued is over."""
    outcomes, _ = race_for_token(server, **authorize(server, "read:content"))

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}


def test_one_of_two_hundred_polls_of_a_device_wins(server):
    """RFC 8628 §3.4."""
    device = httpx.post(server.served.url("/auth/device"), data={"client_id": server.client_id}).json()
    with httpx.Client() as browser:
        page = open_signed_in(browser, server.served.url(f"/link?user_code={device['user_code']}"))
        assert "Linked" in submit(browser, page, step="allow", user_code=device["user_code"]).text

    outcomes, _ = race_for_token(
        server, grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=device["device_code"]
    )

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}


def test_one_of_two_hundred_refreshes_by_a_client_wins(server):
    """RFC 9700 §4.14.2: and its family ends, because nobody can say who the thief is."""
    exchange = {"client_id": server.client_id, **authorize(server, "read:content offline_access")}
    tokens = httpx.post(server.served.url("/auth/token"), data=exchange).json()
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

    outcomes, (won,) = race_for_token(server, **refresh)

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}
    again = {**refresh, "client_id": server.client_id, "refresh_token": won.json()["refresh_token"]}
    assert httpx.post(server.served.url("/auth/token"), data=again).json()["error"] == "invalid_grant"


def test_one_of_two_hundred_refreshes_by_our_own_app_wins(server):
    """By the same rule."""
    token = sign_in(server.served, EMAIL)["refresh_token"]

    outcomes, (won,) = race(server, "/api/v1/auth/refresh", json={"refresh_token": token})

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}
    again = {"refresh_token": won.json()["refresh_token"]}
    assert httpx.post(server.served.url("/api/v1/auth/refresh"), json=again).status_code == 401


def test_one_of_two_hundred_confirmations_of_an_address_wins(server):
    """The token of the mail works once."""
    token = mailed_token(server, "Confirm your e-mail address")

    outcomes, _ = race(server, "/api/v1/auth/verify-email", json={"token": token})

    assert outcomes == {"won": 1, "invalid_one_time_token": TRIES - 1}


def test_one_of_two_hundred_uses_of_a_backup_code_wins(server):
    """And those who sent the right code too late lock nobody out."""
    sign_up = {"email": "eve@example.com", "password": PASSWORD, "display_name": "Eve"}
    assert httpx.post(server.served.url("/api/v1/auth/register"), json=sign_up).status_code == 201
    signed_in = {"authorization": f"Bearer {sign_in(server.served, sign_up['email'])['access_token']}"}
    with httpx.Client(base_url=server.served.url("/api/v1/auth/mfa/")) as mfa:
        secret = mfa.post("enroll", headers=signed_in).json()["secret"]
        codes = mfa.post("verify", json={"code": pyotp.TOTP(secret).now()}, headers=signed_in).json()["backup_codes"]
    mfa_token = sign_in(server.served, sign_up["email"])["mfa_token"]

    challenge = {"mfa_token": mfa_token, "code": codes[0]}
    outcomes, _ = race(server, "/api/v1/auth/mfa/challenge", json=challenge)

    assert outcomes == {"won": 1, "invalid_mfa_code": TRIES - 1}
    challenge["code"] = codes[1]
    assert httpx.post(server.served.url("/api/v1/auth/mfa/challenge"), json=challenge).status_code == 200


def test_one_of_two_hundred_resets_wins(server):
    """The token of the mail sets one password."""
    forgot = httpx.post(server.served.url("/api/v1/auth/password/forgot"), json={"email": EMAIL})
    assert forgot.is_success, forgot.text
    reset = {"token": mailed_token(server, "Choose a new password"), "new_password": NEW_PASSWORD}

    outcomes, _ = race(server, "/api/v1/auth/password/reset", json=reset)

    assert outcomes == {"won": 1, "invalid_one_time_token": TRIES - 1}
    assert "access_token" in sign_in(server.served, EMAIL, NEW_PASSWORD)
