"""Accounts in Django's admin."""

import pytest

from apps.user.models import Account
from apps.user.tests.factories import make_account
from mediagateway.models import AuditEntry, OutboxEvent

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


def test_a_change_is_on_the_record_and_ends_sessions(staff):
    account = make_account(role="admin", is_staff=True)
    path = f"/admin/user/account/{account.id}/change/"
    form = {"role": "user", "tier": "free", "is_active": "on", "is_staff": "on"}

    staff.post(path, form | {"profiles-TOTAL_FORMS": 0, "profiles-INITIAL_FORMS": 0})

    account.refresh_from_db()
    entry = AuditEntry.objects.get(action="user.account_changed")
    assert (account.role, account.is_staff) == ("user", False)
    assert entry.account_id == Account.objects.get(email="root@example.org").id
    assert '"role":{"from":"admin","to":"user"}' in entry.details
    assert OutboxEvent.objects.get(topic="user.access_narrowed").payload == {"account_id": str(account.id)}


def test_accounts_are_erased_and_restored(staff):
    account = make_account()

    for action, is_erased in (("erase", True), ("restore", False)):
        staff.post("/admin/user/account/", {"action": action, "_selected_action": [str(account.id)]})
        account.refresh_from_db()
        assert (account.deleted_at is not None) == is_erased
        assert AuditEntry.objects.filter(action=f"user.account_{action}d").count() == 1


def test_nobody_locks_themselves_out(staff):
    root = Account.objects.get(email="root@example.org")
    form = {"role": "user", "tier": "premium", "profiles-TOTAL_FORMS": 0, "profiles-INITIAL_FORMS": 0}

    staff.post(f"/admin/user/account/{root.id}/change/", form)
    staff.post("/admin/user/account/", {"action": "erase", "_selected_action": [str(root.id)]})

    root.refresh_from_db()
    assert (root.role, root.is_active, root.is_staff, root.deleted_at, root.tier) == (
        "admin",
        True,
        True,
        None,
        "premium",
    )


@pytest.mark.parametrize("action", ["add", "{id}/delete"])
def test_accounts_are_neither_made_nor_deleted(staff, action):
    assert staff.get(f"/admin/user/account/{action.format(id=make_account().id)}/").status_code == 403
