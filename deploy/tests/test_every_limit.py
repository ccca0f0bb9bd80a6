"""Every operation of the OpenAPI document is in the table of limits, and its answers say so."""

import re

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from mediagateway.http import ratelimit
from mediagateway.limits.table import LIMITS, Table
from mediagateway.limits.windows import MemoryWindows

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Beginning of a path -> requests a minute and a second, as the API promises them; the longest that fits counts.
PROMISED = {
    "/api/v1/playback": (60, 10),
    "/api/v1/sona": (30, 5),
    "/api/v1/sync": (120, 20),
    "/api/v1/search": (120, 20),
    "/api/v1/discover": (120, 20),
    **{f"/api/v1/{noun}": (300, 50) for noun in ("content", "movies", "tv", "genres", "platforms", "people")},
    "/api/v1/user": (120, 20),
    "/api/v1/auth": (30, 10),
    "/auth/token": (30, 10),
    "/auth/device": (30, 10),
    "/mcp": (60, 10),
    "/api/v1/admin": (120, 20),
    "/auth": (120, 20),
    "/link": (120, 20),
    "/ws": (120, 20),
    "/api/v1/status": (120, 20),
    "/csp-reports": (120, 20),
}


def list_operations():
    """List path and method of everything that the document has below what is limited."""
    document = SchemaGenerator().get_schema(public=True)
    for path, item in sorted(document["paths"].items()):
        asked = re.sub(r"\{\w+\}", "1d0c7c6e-7a4a-4f0e-9b0b-0f6b4f7f2a11", path)
        for method in sorted(item.keys() & {"get", "post", "put", "patch", "delete"}):
            yield asked, method


def promised(path):
    """Find what the API promises for a path; None for what is not limited, as probes and documents are."""
    fitting = [prefix for prefix in PROMISED if path == prefix or path.startswith(f"{prefix}/")]
    return PROMISED[max(fitting, key=len)] if fitting else None


def test_the_table_has_the_figures_that_every_operation_promises():
    table = Table(LIMITS)

    found = {path: table.find(path) for path, _ in list_operations()}

    assert {path: (group[0].per_minute, group[0].burst) if group else None for path, group in found.items()} == {
        path: promised(path) for path in found
    }
    assert len([path for path in found if promised(path)]) > 60


def test_every_answer_says_what_is_left(settings, monkeypatch):
    settings.LIMITS = LIMITS
    monkeypatch.setattr(ratelimit, "open_windows", lambda: MemoryWindows(lambda: 1000.0))
    client = Client(raise_request_exception=False)
    limited = [(path, method, figures) for path, method in list_operations() if (figures := promised(path))]

    silent = []
    for number, (path, method, figures) in enumerate(limited):
        # Nobody asks twice.
        address = f"10.9.{number // 250}.{number % 250 + 1}"
        answer = getattr(client, method)(path, REMOTE_ADDR=address)
        # Signing in and the like have tighter limits of their own.
        if not 0 < int(answer.get("X-RateLimit-Limit", 0)) <= figures[0] or "RateLimit-Policy" not in answer:
            silent.append((method, path, answer.status_code, answer.get("X-RateLimit-Limit")))

    assert silent == []
