"""The admin's window on sign-ins and keys."""

import pytest

from apps.auth.models import ApiKey, Session, SigningKey
from apps.auth.services.api_keys import create_api_key
from apps.auth.services.sessions import Caller, open_session
from apps.auth.tests.factories import make_account
from mediagateway.models import AuditEntry
from mediagateway.principal import Principal, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    """An admin at the admin's pages."""
    account = make_account("root@example.com", role=Role.ADMIN, is_staff=True, is_superuser=True)
    client.force_login(account)
    return account


@pytest.fixture
def rows(account):
    """A session and a key of Ada's."""
    open_session(account.id, Role.USER, Caller("203.0.113.7"))
    scopes = frozenset({"read:content"})
    create_api_key(Principal(account.id, scopes, "t"), account.id, name="tv", scopes=scopes, expires_at=None)


@pytest.mark.parametrize("page", ["session", "apikey", "signingkey"])
def test_lists_and_rows_show_no_secret(client, rows, root, page):
    """Neither a hash nor what is sealed."""
    listed = client.get(f"/admin/authn/{page}/")
    row = {"session": Session.objects, "apikey": ApiKey.objects, "signingkey": SigningKey.objects}[page].get()
    path = f"/admin/authn/{page}/{row.pk}/change/"

    shown = client.get(path)

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert b"hash" not in shown.content
    assert b"ealed" not in shown.content


@pytest.mark.parametrize(
    ("page", "action", "model", "event"),
    [("session", "end", Session, "auth.session_revoked"), ("apikey", "revoke", ApiKey, "auth.api_key_revoked")],
)
def test_an_admin_ends_things_and_is_named(client, rows, root, page, action, model, event):
    """The audit log knows who acted on whose account."""
    row = model.objects.get()

    client.post(f"/admin/authn/{page}/", {"action": action, "_selected_action": [str(row.pk)]})

    row.refresh_from_db()
    assert row.ended_at if model is Session else row.revoked_at
    entry = AuditEntry.objects.get(action=event)
    assert (entry.account_id, entry.actor_id) == (row.account_id, root.pk)
