"""Accounts as admins see and change them."""

from datetime import timedelta
from uuid import uuid4

import orjson
import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.queries import trust
from apps.auth.tests.factories import make_account, make_signing_key, principal_of
from apps.auth.tests.household import Household
from mediagateway import events
from mediagateway.models import AuditEntry
from mediagateway.principal import Role
from mediagateway.scopes import ADMIN_SCOPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    """An admin's household."""
    make_signing_key()
    return Household(client, role=Role.ADMIN)


@pytest.fixture
def home(client, root):
    """Somebody's household."""
    return Household(client)


@pytest.fixture
def ask(root):
    """Ask as the admin."""

    def send(method, path="", body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return root.send(method, f"/api/v1/admin/users{path}", body, token=root.token(), headers=headers)

    return send


def deliver():
    """Deliver what waits; a test's transaction has no commit that would make trust be read again."""
    events.deliver_pending()
    trust.store.forget()


def emails(response):
    """The addresses of a list."""
    assert response.status_code == 200, response.content
    return [item["email"] for item in response.json()["items"]]


def test_accounts_are_searched(ask, root):
    now = timezone.now()
    make_account("ada@example.com", tier="premium")
    make_account("off@example.com", is_active=False)
    make_account("gone@example.com", deleted_at=now, purge_at=now + timedelta(days=30))

    assert emails(ask("get", "?limit=100")) == [
        "gone@example.com",
        "off@example.com",
        "ada@example.com",
        root.account.email,
    ]
    assert emails(ask("get", "?email=ADA@")) == ["ada@example.com"]
    assert emails(ask("get", "?tier=premium")) == ["ada@example.com"]
    assert emails(ask("get", "?role=admin")) == [root.account.email]
    assert emails(ask("get", "?state=off")) == ["off@example.com"]
    assert emails(ask("get", "?state=erased")) == ["gone@example.com"]
    assert emails(ask("get", "?state=open")) == ["ada@example.com", root.account.email]
    assert ask("get", "?state=asleep").status_code == 400


def test_pages_follow_one_another(ask):
    for number in range(3):
        make_account(f"paged{number}@example.com")

    first = ask("get", "?email=paged&limit=2")
    rest = ask("get", f"?email=paged&limit=2&cursor={first.json()['next_cursor']}")

    assert 'rel="next"' in first["Link"]
    assert emails(first) + emails(rest) == [f"paged{number}@example.com" for number in (2, 1, 0)]
    assert ask("get", f"?limit=2&cursor={first.json()['next_cursor']}").json()["code"] == "invalid_cursor"


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_one_statement(ask, rows, django_assert_num_queries):
    for number in range(rows):
        get_user_model().objects.create_user(f"row{number}@example.com")
    ask("get")

    with django_assert_num_queries(1):
        assert len(emails(ask("get", "?email=row&limit=100"))) == rows


def test_a_change_is_conditional_and_on_the_record(ask, home, root):
    path = f"/{home.account.id}"
    read = ask("get", path)
    assert read.json()["has_second_factor"] is False
    assert read.json()["open_sessions"] == 1

    changed = ask("patch", path, {"tier": "premium"}, If_Match=read["ETag"])

    assert (changed.status_code, changed.json()["tier"]) == (200, "premium")
    assert changed["ETag"] != read["ETag"]
    assert ask("patch", path, {"tier": "free"}, If_Match=read["ETag"]).status_code == 412
    entry = AuditEntry.objects.get(action="user.account_changed")
    assert (entry.account_id, entry.target) == (root.account.id, f"account:{home.account.id}")
    assert orjson.loads(entry.details) == {"tier": {"from": "free", "to": "premium"}}
    assert ask("patch", path, {"tier": "premium"})["ETag"] == changed["ETag"]


@pytest.mark.parametrize(
    ("change", "ends"), [({"is_active": False}, True), ({"role": "admin"}, False), ({"tier": "premium"}, False)]
)
def test_sessions_end_when_they_may_do_less(ask, home, change, ends):
    token = home.token()

    ask("patch", f"/{home.account.id}", change)
    deliver()

    assert (verify_token(token) is None) == ends


def test_a_demoted_admin_signs_in_again(ask, client):
    other = Household(client, role=Role.ADMIN)
    token = other.token()

    ask("patch", f"/{other.account.id}", {"role": "user"})
    deliver()

    assert verify_token(token) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "user"}])
def test_nobody_locks_themselves_out(ask, root, change):
    assert ask("patch", f"/{root.account.id}", change).json()["code"] == "own_account"
    assert ask("delete", f"/{root.account.id}").json()["code"] == "own_account"
    assert ask("patch", f"/{root.account.id}", {"role": "service"}).status_code == 400


def test_an_account_is_erased_and_restored(ask, home):
    path = f"/{home.account.id}"
    token = home.token()

    assert ask("delete", path).status_code == 204
    deliver()

    assert verify_token(token) is None
    assert ask("delete", path).status_code == 404
    assert ask("get", path).json()["state"] == "erased"
    assert ask("post", f"{path}/restore").json()["state"] == "open"
    assert ask("post", f"{path}/restore").status_code == 404
    assert ask("get", f"/{uuid4()}").json()["code"] == "account_not_found"
    acts = AuditEntry.objects.filter(target=f"account:{home.account.id}").order_by("id")
    assert list(acts.values_list("action", flat=True)) == ["user.account_erased", "user.account_restored"]


def test_an_admin_acts_as_somebody_for_a_while(ask, home, root):
    """The token names both, manages nothing, and is neither an admin's nor to be refreshed."""
    answer = ask("post", f"/{home.account.id}/impersonate", {"reason": "Ticket 7."}).json()

    assert answer.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert answer["expires_in"] == 900
    principal = principal_of(answer["access_token"])
    assert (principal.account_id, principal.actor_id) == (home.account.id, root.account.id)
    assert not principal.scopes & (ADMIN_SCOPES | {"write:profile"})
    entry = AuditEntry.objects.get(action="auth.impersonation_started")
    assert (entry.account_id, orjson.loads(entry.details)["reason"]) == (root.account.id, "Ticket 7.")


def test_who_acts_as_somebody_sees_their_things_and_manages_nothing(ask, home):
    token = ask("post", f"/{home.account.id}/impersonate", {"reason": "Ticket 7."}).json()["access_token"]

    def answer(method, path, body=None):
        response = home.send(method, f"/api/v1/{path}", body, token=token)
        return response.status_code, response.json().get("code") if response.content else None

    assert answer("get", "user/ratings") == (200, None)
    assert answer("put", f"user/ratings/{home.title}", {"score": 3}) == (200, None)
    assert answer("post", "user/export") == (403, "impersonated")
    assert answer("delete", "user/profile") == (403, "insufficient_scope")
    assert answer("get", "auth/sessions") == (403, "session_required")
    assert answer("get", "auth/api-keys") == (403, "session_required")
    assert answer("post", "auth/profile", {"profile_id": str(home.child.id)})[0] == 404
    assert answer("post", "auth/logout")[0] == 404
    assert answer("get", "admin/users") == (403, "insufficient_scope")


def test_it_ends_with_the_admins_own_session(ask, home, root):
    token = ask("post", f"/{home.account.id}/impersonate", {"reason": "Ticket 7."}).json()["access_token"]
    assert verify_token(token)

    root.send("post", "/api/v1/auth/logout", token=root.token())

    assert verify_token(token) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"role": Role.ADMIN}, "admin_account"),
        ({"is_staff": True}, "admin_account"),
        ({"is_active": False}, "account_not_open"),
    ],
)
def test_whom_nobody_acts_as(ask, fields, code):
    account = make_account("other@example.com", **fields)

    assert ask("post", f"/{account.id}/impersonate", {"reason": "Ticket 7."}).json()["code"] == code


def test_a_key_does_not_act_as_somebody(root, home):
    """An admin's API key, which no second factor guards, cannot become anybody."""
    token = root.token(session_id=None)

    answer = root.send(
        "post", f"/api/v1/admin/users/{home.account.id}/impersonate", {"reason": "Because."}, token=token
    )

    assert answer.json()["code"] == "session_required"
