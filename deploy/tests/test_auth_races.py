"""Two hundred at once, and one winner: codes and device codes, over HTTP, on both stores, held up by no limit."""

import asyncio
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from deploy.tests.browsing import PASSWORD, open_signed_in, register, register_client, submit
from mediagateway.testing.servers import postgres, valkey

pytestmark = [pytest.mark.slow]

TRIES = 200
REDIRECT_URI = "http://127.0.0.1:51004/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0"
ROOT = "root@example.com"


@contextmanager
def embedded(serve):
    """One process over SQLite."""
    with serve("--group", "api") as served:
        yield served


@contextmanager
def servers(serve):
    """Four processes over PostgreSQL and a Redis."""
    with postgres() as database, valkey() as redis_url:
        stores = {"DATABASE_URL": database.url, "REDIS_URL": redis_url, "MG_WORKERS": "4", "MG_WORKER": "0"}
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
        login = httpx.post(served.url("/api/v1/auth/login"), json={"email": ROOT, "password": PASSWORD}).json()
        override = httpx.put(
            served.url("/api/v1/admin/rate-limits/auth/address:127.0.0.1"),
            json={"per_minute": 100_000, "burst": 10_000},
            headers={"authorization": f"Bearer {login['access_token']}"},
        )
        assert override.status_code == 201, override.text
        client = register_client(served, "Example", "--public", "--redirect-uri", REDIRECT_URI)
        yield SimpleNamespace(served=served, client_id=client["client_id"])


def race(server, **fields):
    """Ask the token endpoint with the same form from two hundred connections, and count what came of it."""

    async def ask(client):
        answer = await client.post(server.served.url("/auth/token"), data={"client_id": server.client_id, **fields})
        return answer.json().get("error", "won")

    async def ask_all():
        limits = httpx.Limits(max_connections=TRIES)
        async with httpx.AsyncClient(limits=limits, timeout=120) as client:
            return Counter(await asyncio.gather(*(ask(client) for _ in range(TRIES))))

    return asyncio.run(ask_all())


def test_one_of_two_hundred_exchanges_of_a_code_wins(server):
    """RFC 6749 §4.1.2: and because the others replayed it, what it has issued is over."""
    asked = {
        "response_type": "code",
        "client_id": server.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": "read:content",
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    with httpx.Client() as browser:
        page = open_signed_in(browser, f"{server.served.url('/auth/authorize')}?{urlencode(asked)}")
        location = submit(browser, page, step="allow").headers["location"]
    (code,) = parse_qs(urlsplit(location).query)["code"]

    outcomes = race(
        server, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI, code_verifier=VERIFIER
    )

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}


def test_one_of_two_hundred_polls_of_a_device_wins(server):
    """RFC 8628 §3.4."""
    device = httpx.post(server.served.url("/auth/device"), data={"client_id": server.client_id}).json()
    with httpx.Client() as browser:
        page = open_signed_in(browser, server.served.url(f"/link?user_code={device['user_code']}"))
        assert "Linked" in submit(browser, page, step="allow", user_code=device["user_code"]).text

    outcomes = race(
        server, grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=device["device_code"]
    )

    assert outcomes == {"won": 1, "invalid_grant": TRIES - 1}
