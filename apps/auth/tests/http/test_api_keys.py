"""API keys, over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.domain.api_keys import is_well_formed, new_key
from apps.auth.models import ApiKey
from apps.auth.queries import api_keys
from apps.auth.tests.factories import make_account, principal_of

pytestmark = pytest.mark.django_db

WANTED = {"name": "television", "scopes": ["read:watchlist", "write:history"]}


@pytest.fixture
def made(account, api):
    """A session's token, and a new key."""
    token = api.sign_in()["access_token"]
    response = api.post("api-keys", {**WANTED, "expires_in_days": 30}, token=token)
    assert response.status_code == 201, response.content
    return token, response.json()


def test_a_key_speaks_for_its_owner(made, account):
    """With its own scopes and nothing more."""
    principal = principal_of(made[1]["key"])

    assert principal.account_id == account.id
    assert principal.scopes == frozenset(WANTED["scopes"])
    assert str(principal.api_key_id) == made[1]["id"]
    assert principal.session_id is None


def test_a_key_is_shown_once(made, api):
    """The list knows its first characters; the table, its hash."""
    token, key = made

    (item,) = api("get", "api-keys", token=token).json()["items"]

    assert "key" not in item
    assert key["key"].startswith(item["prefix"])
    assert not ApiKey.objects.filter(key_hash=key["key"]).exists()


def test_a_scope_that_its_maker_lacks_is_refused(made, api):
    """Named in the answer."""
    response = api.post("api-keys", {"name": "x", "scopes": ["admin:users"]}, token=made[0])

    assert response.status_code == 403
    assert "admin:users" in response.json()["detail"]


def test_a_key_makes_no_keys(account, api):
    """Nor does it manage anything else of the sign-in."""
    token = api.sign_in()["access_token"]
    key = api.post("api-keys", {"name": "x", "scopes": ["write:profile"]}, token=token).json()["key"]

    response = api.post("api-keys", WANTED, token=key)

    assert (response.status_code, response.json()["code"]) == (403, "session_required")


def test_a_revoked_key_is_refused_everywhere(made, api):
    """Here at once; elsewhere when what was believed has run out."""
    token, key = made
    assert verify_token(key["key"])

    assert api("delete", f"api-keys/{key['id']}", token=token).status_code == 204

    assert verify_token(key["key"]) is None
    assert api("get", "sessions", token=key["key"]).status_code == 401
    assert api("delete", f"api-keys/{key['id']}", token=token).status_code == 404


def test_anothers_key_is_not_there(made, api):
    """404, and it stays good."""
    make_account("eve@example.com")
    eve = api.sign_in("eve@example.com")["access_token"]

    assert api("delete", f"api-keys/{made[1]['id']}", token=eve).status_code == 404
    assert api("get", "api-keys", token=eve).json()["items"] == []
    assert verify_token(made[1]["key"])


def test_an_expired_key_is_refused(made):
    """After its last day."""
    ApiKey.objects.update(expires_at=timezone.now())

    assert verify_token(made[1]["key"]) is None


def test_a_closed_accounts_key_is_refused(made, account):
    """Its owner cannot sign in either."""
    account.is_active = False
    account.save()

    assert verify_token(made[1]["key"]) is None


def test_use_is_written_at_most_once_a_minute(made):
    """However often it is used."""
    verify_token(made[1]["key"])
    first = ApiKey.objects.get().last_used_at or timezone.now()
    api_keys.cache.forget()
    verify_token(made[1]["key"])
    assert ApiKey.objects.get().last_used_at == first

    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    api_keys.cache.forget()
    verify_token(made[1]["key"])

    assert ApiKey.objects.filter(last_used_at__gte=first).exists()


def test_a_mistyped_key_costs_no_sql(made, django_assert_num_queries):
    """The checksum shows it."""
    wrong = made[1]["key"][:-1] + ("a" if made[1]["key"][-1] != "a" else "b")

    with django_assert_num_queries(0):
        assert verify_token(wrong) is None


def test_keys_have_prefix_and_checksum():
    """What a scanner of leaks looks for."""
    key = new_key()

    assert key.startswith("mg_live_")
    assert len(key) == 46
    assert is_well_formed(key)
    assert not is_well_formed(key.swapcase())
