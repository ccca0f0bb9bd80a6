"""The admin API of limits and of the audit log."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from mediagateway import audit
from mediagateway.limits.overrides import list_overrides
from mediagateway.models import AuditEntry
from mediagateway.principal import Principal, Role

pytestmark = pytest.mark.django_db

LIMITS_URL = "/api/v1/admin/rate-limits"
AUDIT_URL = "/api/v1/admin/audit-logs"
ADMIN = UUID(int=7)


def verify_token(token: str) -> Principal:
    """Vouch for a token that is the list of its scopes: a `Verifier` for tests."""
    return Principal(ADMIN, frozenset(token.split(",")), "t", role=Role.ADMIN)


@pytest.fixture(autouse=True)
def _verifier(settings):
    settings.TOKEN_VERIFIER = "apps.auth.tests.http.test_admin_kernel.verify_token"


@pytest.fixture
def admin():
    return Client(headers={"authorization": "Bearer admin:limits,admin:audit"})


@pytest.mark.parametrize(
    ("url", "scope"),
    [(LIMITS_URL, "admin:limits"), (f"{LIMITS_URL}/sona/tier:free", "admin:limits"), (AUDIT_URL, "admin:audit")],
)
def test_only_the_scope_opens_it(url, scope):
    client = Client()

    assert client.get(url).status_code == 401
    assert client.get(url, headers={"authorization": "Bearer admin:users"}).status_code == 403
    assert client.get(url, headers={"authorization": f"Bearer {scope}"}).status_code in {200, 404}


def test_the_table_is_shown_with_what_is_set_instead(admin):
    url = f"{LIMITS_URL}/sona/address:2001:db8::/64"
    body = {"per_minute": 500, "burst": 50, "until": None}
    created = admin.put(url, body, content_type="application/json")
    changed = admin.put(url, {**body, "burst": 60}, content_type="application/json")

    shown = admin.get(LIMITS_URL).json()
    assert (created.status_code, changed.status_code) == (201, 200)
    assert admin.get(url).json() == {**body, "burst": 60, "group": "sona", "subject": "address:2001:db8::/64"}
    assert [override["burst"] for override in shown["overrides"]] == [60]
    assert {group["name"]: group["per_minute"] for group in shown["groups"]}["content"] == 300


def test_every_change_is_in_the_audit_log(admin):
    url = f"{LIMITS_URL}/login/tier:free"
    admin.put(url, {"per_minute": 500, "burst": 50}, content_type="application/json")
    assert admin.delete(url).status_code == 204
    assert admin.delete(url).status_code == 404

    acts = list(AuditEntry.objects.order_by("id").values_list("action", "target", "account_id"))
    assert acts == [
        ("kernel.limit_overridden", "limit:login/tier:free", ADMIN),
        ("kernel.limit_restored", "limit:login/tier:free", ADMIN),
    ]
    assert list_overrides() == ()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("nothing/tier:free", {}),
        ("sona/tier:gold", {}),
        ("sona/somebody", {}),
        ("sona/account:", {}),
        ("sona/tier:free", {"per_minute": 0}),
        ("sona/tier:free", {"burst": 10**9}),
        ("sona/tier:free", {"until": "2001-01-01T00:00:00Z"}),
        ("sona/tier:free", {"more": 1}),
    ],
)
def test_an_override_that_could_not_hold_is_refused(admin, path, change):
    body = {"per_minute": 500, "burst": 50, **change}

    assert admin.put(f"{LIMITS_URL}/{path}", body, content_type="application/json").status_code == 400
    assert not AuditEntry.objects.exists()


def test_the_log_is_paged_newest_first(admin):
    for number in range(5):
        audit.record(f"test.{number}", principal=None, details={"number": number})
    first = admin.get(AUDIT_URL, {"limit": 3}).json()
    rest = admin.get(AUDIT_URL, {"limit": 3, "cursor": first["next_cursor"]}).json()

    assert [item["details"]["number"] for item in [*first["items"], *rest["items"]]] == [4, 3, 2, 1, 0]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert first["items"][0]["previous_hash"] == first["items"][1]["hash"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "test.a"}, ["test.a"]),
        ({"target": "account:1"}, ["test.b"]),
        ({"account_id": str(ADMIN)}, ["test.b"]),
        ({"since": (timezone.now() + timedelta(days=1)).isoformat()}, []),
        ({"until": (timezone.now() + timedelta(days=1)).isoformat()}, ["test.b", "test.a"]),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_the_log_is_filtered(admin, query, found):
    audit.record("test.a", principal=None)
    audit.record("test.b", principal=verify_token(""), target="account:1")

    assert [item["action"] for item in admin.get(AUDIT_URL, query).json()["items"]] == found


def test_a_cursor_fits_no_other_filter(admin):
    for _ in range(3):
        audit.record("test.a", principal=None)
    cursor = admin.get(AUDIT_URL, {"limit": 1}).json()["next_cursor"]

    assert admin.get(AUDIT_URL, {"action": "test.a", "cursor": cursor}).status_code == 400
