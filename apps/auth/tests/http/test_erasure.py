"""Accounts that were erased: for 30 days their owner can come back."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from apps.auth.models import Session
from apps.auth.services.sweeping import forget_expired
from apps.auth.tests.factories import PASSWORD
from apps.auth.tests.http.test_mfa import challenge, code_of
from apps.user.api import purge_accounts
from mediagateway import events
from mediagateway.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def erased(account, api, client):
    """Ada has erased her account, and her sessions have ended."""
    token = api.sign_in()["access_token"]
    response = client.delete("/api/v1/user/profile", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 204
    events.deliver_pending()
    assert not Session.objects.filter(ended_at__isnull=True).exists()
    return account


def sign_in(api, **fields):
    """Try to sign in as Ada."""
    return api.post("login", {"email": "ada@example.com", "password": PASSWORD, **fields})


def test_the_owner_is_told_and_comes_back(erased, api):
    """Only who knows the password learns that there was an account."""
    assert (sign_in(api).status_code, sign_in(api).json()["code"]) == (403, "account_erased")
    assert sign_in(api, password="wrong password").json()["code"] == "invalid_credentials"

    assert sign_in(api, restore=True).status_code == 200

    erased.refresh_from_db()
    assert erased.deleted_at is None
    assert sign_in(api).status_code == 200
    assert AuditEntry.objects.filter(action="user.account_restored", target=f"account:{erased.id}").count() == 1


def test_a_second_factor_is_asked_for_first(account, api, client):
    """The password alone restores nothing."""
    token = api.sign_in()["access_token"]
    secret = api.post("mfa/enroll", token=token).json()["secret"]
    api.post("mfa/verify", {"code": code_of(secret, ahead=-1)}, token=token)
    client.delete("/api/v1/user/profile", headers={"authorization": f"Bearer {token}"})

    waiting = sign_in(api, restore=True).json()["mfa_token"]
    account.refresh_from_db()
    assert account.deleted_at
    assert challenge(api, code_of(secret), waiting).status_code == 200

    account.refresh_from_db()
    assert account.deleted_at is None


def test_after_30_days_there_is_nobody(erased, api):
    """As if there had never been an account; a purge that runs late opens no door either."""
    late = timezone.now() + timedelta(days=31)
    now = timezone.now()
    get_user_model().objects.update(deleted_at=now - timedelta(days=31), purge_at=now - timedelta(days=1))
    assert sign_in(api, restore=True).json()["code"] == "invalid_credentials"

    assert purge_accounts(now=late) == 1

    assert sign_in(api, restore=True).json()["code"] == "invalid_credentials"
    assert not Session.objects.exists()


def test_every_contributor_erases_before_the_account_goes(erased, settings):
    """What an app holds goes in the account's own transaction; one that fails keeps the account."""
    settings.ERASURE_CONTRIBUTORS = (f"{__name__}.note_account", f"{__name__}.fail")
    NOTED.clear()
    late = timezone.now() + timedelta(days=31)

    with pytest.raises(RuntimeError, match="not now"):
        purge_accounts(now=late)
    assert [(erased.id, True)] == NOTED
    assert get_user_model().objects.filter(id=erased.id).exists()

    settings.ERASURE_CONTRIBUTORS = (f"{__name__}.note_account",)
    assert purge_accounts(now=late) == 1


NOTED: list[tuple[UUID, bool]] = []


def note_account(account_id):
    """A contributor: notes whether the account is still there."""
    NOTED.append((account_id, get_user_model().objects.filter(id=account_id).exists()))


def fail(_account_id):
    """A contributor that fails."""
    raise RuntimeError("not now")


def test_what_can_open_nothing_goes(erased, api):
    """A month later neither session nor token nor counter is left, and nothing goes before."""
    sign_in(api, password="wrong password")
    assert forget_expired(now=timezone.now()) == 0

    # The session, its refresh token, its revocation and the counters of account and address.
    assert forget_expired(now=timezone.now() + timedelta(days=61)) == 5
    assert not Session.objects.exists()
