"""Accounts in Django's admin."""

import pytest

from apps.user.models import Account
from apps.user.tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    """A superuser, signed in."""
    client.force_login(Account.objects.create_superuser("root@example.org"))
    return client


def test_accounts_are_listed_and_found(staff):
    account = make_account()

    page = staff.get("/admin/user/account/", {"q": account.email})

    assert page.status_code == 200
    assert account.email in page.content.decode()


def test_an_account_is_switched_off(staff):
    account = make_account()
    path = f"/admin/user/account/{account.id}/change/"
    form = {"role": "user", "tier": "premium", "profiles-TOTAL_FORMS": 0, "profiles-INITIAL_FORMS": 0}

    assert staff.get(path).status_code == 200
    assert staff.post(path, form).status_code == 302

    account.refresh_from_db()
    assert (account.is_active, account.tier, account.version) == (False, "premium", 2)


@pytest.mark.parametrize("action", ["add", "{id}/delete"])
def test_accounts_are_neither_made_nor_deleted(staff, action):
    assert staff.get(f"/admin/user/account/{action.format(id=make_account().id)}/").status_code == 403
