"""Registering, signing in, going on and signing out, over HTTP."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.models import RefreshToken
from apps.auth.tests.factories import PASSWORD, make_account, principal_of
from mediagateway import events
from mediagateway.models import AuditEntry
from mediagateway.principal import Role
from mediagateway.scopes import ADMIN_SCOPES

pytestmark = pytest.mark.django_db

NEW = {"email": "Grace@Example.com", "password": "nanoseconds of wire", "display_name": "Grace"}


def test_who_registers_can_sign_in_and_confirm_the_address(account, api, mailed):
    """From nothing to a token of one's own."""
    assert api.post("register", NEW).status_code == 201
    tokens = api.sign_in(NEW["email"], NEW["password"])
    to, token = mailed()
    assert to == "grace@example.com"
    assert api.post("verify-email", {"token": token}).status_code == 204
    assert api.post("verify-email", {"token": token}).json()["code"] == "invalid_one_time_token"

    grace = get_user_model().objects.get(email=to)
    assert grace.email_verified_at
    assert principal_of(tokens["access_token"]).account_id == grace.id


def test_registering_twice_looks_the_same_and_tells_the_owner(account, api):
    """Bodies and headers are equal but for ids."""
    first = api.post("register", NEW)
    second = api.post("register", {**NEW, "email": account.email})

    events.deliver_pending()
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert {name for name, _ in first.items()} == {name for name, _ in second.items()}
    assert [message.to[0] for message in mail.outbox] == ["grace@example.com", account.email]
    assert "has an account already" in mail.outbox[1].body


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("qwertyuiop", "password_too_common"),
        ("grace@example", "password_too_similar"),
        ("x" * 129, "max_length"),
    ],
)
def test_a_weak_password_is_refused(db, api, password, code):
    """With its reason, at its field."""
    response = api.post("register", {**NEW, "password": password})

    assert response.status_code == 400
    assert {"pointer": "/password", "code": code} in [
        {name: error[name] for name in ("pointer", "code")} for error in response.json()["errors"]
    ]


def test_a_sign_in_yields_tokens(account, api):
    """In the form of RFC 6749 §5.1, and kept by nobody."""
    response = api.post("login", {"email": "ADA@example.com", "password": PASSWORD})

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    body = response.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 900
    principal = principal_of(body["access_token"])
    assert principal.account_id == account.id
    assert principal.scopes == frozenset(body["scope"].split())
    assert not principal.scopes & ADMIN_SCOPES


def test_an_admin_gets_admin_scopes(account, api):
    """By role, not by asking."""
    make_account("root@example.com", role=Role.ADMIN)

    assert set(api.sign_in("root@example.com")["scope"].split()) >= ADMIN_SCOPES


def test_unknown_account_and_wrong_password_look_the_same(account, api):
    """But for ids."""
    answers = [
        api.post("login", {"email": email, "password": "wrong password"}) for email in (account.email, "no@example.com")
    ]

    bodies = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "invalid_credentials"


def test_an_account_that_is_switched_off_does_not_sign_in(account, api):
    """And says nothing about itself."""
    tokens = api.sign_in()
    get_user_model().objects.filter(id=account.id).update(is_active=False)

    assert api.post("login", {"email": account.email, "password": PASSWORD}).status_code == 401
    assert api.post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_failures_lock_out_for_longer_and_longer(account, api, email):
    """Known or not: the fifth failure costs two seconds, and even the right password waits."""
    for _ in range(5):
        assert api.post("login", {"email": email, "password": "wrong password"}).status_code == 401

    response = api.post("login", {"email": email, "password": PASSWORD})

    assert response.status_code == 429
    assert response.json()["code"] == "too_many_attempts"
    assert 1 <= int(response["Retry-After"]) <= 3


def test_an_unconfirmed_address_can_be_refused(account, api, settings):
    """Only to who knows the password."""
    settings.REQUIRE_VERIFIED_EMAIL = True

    response = api.post("login", {"email": account.email, "password": PASSWORD})

    assert (response.status_code, response.json()["code"]) == (403, "email_not_verified")


def test_a_refresh_token_works_once(account, api):
    """The second use ends the session, whoever was the thief (RFC 9700 §4.14.2)."""
    first = api.sign_in()
    second = api.post("refresh", {"refresh_token": first["refresh_token"]}).json()
    assert verify_token(second["access_token"])

    reuse = api.post("refresh", {"refresh_token": first["refresh_token"]})

    assert (reuse.status_code, reuse.json()["code"]) == (401, "invalid_grant")
    assert api.post("refresh", {"refresh_token": second["refresh_token"]}).status_code == 401
    assert verify_token(first["access_token"]) is None
    assert verify_token(second["access_token"]) is None
    assert AuditEntry.objects.filter(action="auth.refresh_token_reused").count() == 1


def test_an_expired_refresh_token_is_refused(account, api):
    """A week idle."""
    tokens = api.sign_in()
    RefreshToken.objects.update(expires_at=timezone.now())

    assert api.post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_no_secret_stands_in_clear(account, api):
    """Hashes only."""
    tokens = api.sign_in()

    assert not RefreshToken.objects.filter(token_hash=tokens["refresh_token"]).exists()


def test_signing_out_ends_the_session(account, api):
    """The access token with it."""
    tokens = api.sign_in()

    assert api.post("logout", token=tokens["access_token"]).status_code == 204

    assert api.post("logout", token=tokens["access_token"]).status_code == 401
    assert api.post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_sessions_are_listed_and_ended(account, api):
    """One's own, newest first, in pages."""
    old, new = api.sign_in(), api.sign_in()
    make_account("eve@example.com")
    eve = api.sign_in("eve@example.com")["access_token"]

    page = api("get", "sessions?limit=1", token=new["access_token"]).json()
    rest = api("get", f"sessions?limit=1&cursor={page['next_cursor']}", token=new["access_token"]).json()

    assert [item["is_current"] for item in page["items"] + rest["items"]] == [True, False]
    assert rest["has_more"] is False
    path = f"sessions/{rest['items'][0]['id']}"
    assert api("delete", path, token=eve).status_code == 404
    assert api("delete", path, token=new["access_token"]).status_code == 204
    assert verify_token(old["access_token"]) is None
    assert verify_token(new["access_token"])


def test_a_child_goes_on_and_manages_nothing(account, api):
    """The token of a child's profile says so, and the refreshed one too; the one before is revoked."""
    child = account.profiles.create(kind="child", name="Kim")
    tokens = api.sign_in()

    switched = api.post("profile", {"profile_id": str(child.id)}, token=tokens["access_token"]).json()

    refreshed = api.post("refresh", {"refresh_token": tokens["refresh_token"]}).json()
    assert verify_token(tokens["access_token"]) is None
    for token in (switched["access_token"], refreshed["access_token"]):
        assert principal_of(token).profile_id == child.id
        assert api("get", "sessions", token=token).json()["code"] == "child_profile"
        assert api.post("mfa/enroll", token=token).status_code == 403


def test_who_watches_in_an_admins_household_is_no_admin(account, api):
    """The owner's profile alone may do what the role may."""
    account.role = Role.ADMIN
    account.save()
    child = account.profiles.create(kind="child", name="Kim")
    tokens = api.sign_in()
    assert principal_of(tokens["access_token"]).scopes >= ADMIN_SCOPES

    switched = api.post("profile", {"profile_id": str(child.id)}, token=tokens["access_token"]).json()
    refreshed = api.post("refresh", {"refresh_token": tokens["refresh_token"]}).json()

    for token in (switched["access_token"], refreshed["access_token"]):
        assert not principal_of(token).scopes & ADMIN_SCOPES


def test_another_households_profile_is_not_there(account, api):
    """404, as if there were none."""
    eve = make_account("eve@example.com")
    theirs = eve.profiles.get()

    response = api.post("profile", {"profile_id": str(theirs.id)}, token=api.sign_in()["access_token"])

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "logout"),
        ("post", "profile"),
        ("get", "sessions"),
        ("post", "password/change"),
        ("post", "mfa/enroll"),
        ("post", "mfa/disable"),
        ("get", "api-keys"),
        ("post", "api-keys"),
    ],
)
def test_nobody_is_let_in(db, api, method, path):
    """401 before anything is read."""
    assert api(method, path).status_code == 401


def test_erasing_the_account_ends_its_sessions(account, api, django_capture_on_commit_callbacks):
    """By the event that tells of it."""
    tokens = api.sign_in()
    events.publish("user.account_erased", {"account_id": str(account.id)})

    with django_capture_on_commit_callbacks(execute=True):
        events.deliver_pending()

    assert verify_token(tokens["access_token"]) is None
