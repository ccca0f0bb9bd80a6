"""
Whether an address has an account shows in no time that an answer takes: known and unknown ones, against a real server.

The two samples come in one random order, so that what else the machine does falls on both alike, and are compared by
the two-sample Kolmogorov-Smirnov test. The product's own password hashing runs, and so does its worker.
"""

import json
import random
import time
from contextlib import contextmanager
from itertools import count
from statistics import median

import httpx
import pytest
from scipy.stats import ks_2samp

from mediagateway.testing.servers import postgres, valkey

pytestmark = [pytest.mark.slow]

SAMPLES = 500
#: Requests of each kind that come first and do not count: connections open, statements are prepared, caches fill.
WARM_UP = 40
#: Below this the two are told apart.
P_MIN = 0.01
BODIES = {
    "register": lambda email: {"email": email, "password": "nanoseconds of wire", "display_name": "Ada"},
    "login": lambda email: {"email": email, "password": "a wrong password"},
    "password/forgot": lambda email: {"email": email},
    "resend-verification": lambda email: {"email": email},
}
#: Run by `manage.py shell`: as many accounts as are asked for, which share one password's hash.
SEED = """
from django.contrib.auth.hashers import make_password
from apps.user.models import Account
hashed = make_password("correct horse battery")
for number in range({count}):
    Account.objects.create_hashed(f"known{{number:05}}@example.com", hashed)
"""


@contextmanager
def embedded(serve, **environ):
    """One process over SQLite."""
    with serve("--group", "auth", **environ) as served:
        yield served


@contextmanager
def servers(serve, **environ):
    """Two processes over PostgreSQL and a Redis."""
    with postgres() as database, valkey() as redis_url:
        stores = {"DATABASE_URL": database.url, "REDIS_URL": redis_url, "MG_WORKERS": "2"}
        with serve("--group", "auth", **stores, **environ) as served:
            yield served


@pytest.fixture(scope="module", params=[embedded, servers], ids=["SQLite", "PostgreSQL"])
def served(request, serve):
    """A server without rate limits, and people whom it knows."""
    with request.param(serve, DJANGO_SETTINGS_MODULE="deploy.tests.unlimited_settings") as served:
        served.manage("migrate", "--verbosity", "0")
        served.wait_until_ready("auth")
        served.manage("shell", "--no-imports", "-c", SEED.format(count=SAMPLES + WARM_UP))
        yield served


_numbers = count(1)


def measure(served, way):
    """Ask for known and unknown addresses in random order, each time from another address; give both in seconds."""
    asked = [(True, f"known{number:05}@example.com") for number in range(SAMPLES + WARM_UP)]
    asked += [(False, f"other{next(_numbers):05}@example.com") for _ in asked]
    random.shuffle(asked)
    taken_s: dict[bool, list[float]] = {True: [], False: []}
    statuses: set[int] = set()
    with httpx.Client(base_url=served.url("/api/v1/auth/", "auth"), timeout=60) as client:
        for is_known, email in asked:
            number = next(_numbers)
            headers = {"x-forwarded-for": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
            started = time.perf_counter()
            answer = client.post(way, json=BODIES[way](email), headers=headers)
            elapsed_s = time.perf_counter() - started
            statuses.add(answer.status_code)
            taken_s[is_known].append(elapsed_s)
    assert len(statuses) == 1, statuses
    return taken_s[True][WARM_UP:], taken_s[False][WARM_UP:]


@pytest.mark.parametrize("way", BODIES)
def test_known_and_unknown_addresses_take_the_same_time(served, way, record_property):
    """Two measurements in a row would have to tell them apart: each does so by chance once in a hundred."""
    figures = []
    for _ in range(2):
        known_s, unknown_s = measure(served, way)
        p = float(ks_2samp(known_s, unknown_s).pvalue)
        figures.append(
            {
                "p": round(p, 4),
                "known_ms": round(median(known_s) * 1000, 3),
                "unknown_ms": round(median(unknown_s) * 1000, 3),
                "n": (len(known_s), len(unknown_s)),
            }
        )
        if p > P_MIN:
            break
    record_property(way, json.dumps(figures))
    print(way, figures)  # noqa: T201 -- `pytest -s` shows them

    assert figures[-1]["p"] > P_MIN, figures
