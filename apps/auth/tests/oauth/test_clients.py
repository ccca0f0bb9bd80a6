"""Clients: the admin API, the admin's pages, the command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.auth.domain.grants import ClientKind
from apps.auth.models import OAuthClient
from apps.auth.tests.factories import make_account
from apps.auth.tests.oauth.conftest import REDIRECT_URI, OAuth, make_client
from mediagateway.models import AuditEntry
from mediagateway.principal import Principal, Role

pytestmark = pytest.mark.django_db

URL = "/api/v1/admin/oauth-clients"
WANTED = {
    "name": "Example TV",
    "kind": "confidential",
    "redirect_uris": [REDIRECT_URI],
    "grant_types": ["authorization_code", "refresh_token"],
    "scopes": ["read:content", "openid"],
}


def verify_token(token):
    """Vouch for a token that is the list of its scopes: a `Verifier` for tests."""
    return Principal(None, frozenset(token.split(",")), "t", role=Role.ADMIN)


@pytest.fixture
def admin(settings):
    """Somebody who may manage clients, and nothing else."""
    settings.TOKEN_VERIFIER = "apps.auth.tests.oauth.test_clients.verify_token"
    return Client(headers={"authorization": "Bearer admin:clients"})


def post(admin, **changes):
    return admin.post(URL, {**WANTED, **changes}, content_type="application/json")


def test_a_client_is_registered_and_its_secret_shown_once(admin, browser, account, settings):
    """And works at once."""
    made = post(admin)
    shown = admin.get(f"{URL}/{made.json()['id']}")

    assert (made.status_code, shown.status_code) == (201, 200)
    assert {name: shown.json()[name] for name in WANTED} == {**WANTED, "scopes": ["openid", "read:content"]}
    assert "client_secret" not in shown.json()
    secret = made.json()["client_secret"]
    assert not OAuthClient.objects.filter(secret_hash=secret).exists()
    settings.TOKEN_VERIFIER = "apps.auth.api.verify_token"
    client = OAuth((secret, type("Record", (), made.json())), browser)
    assert client.tokens(scope="openid")["token_type"] == "Bearer"


def test_a_public_client_has_no_secret(admin):
    """RFC 6749 §2.1."""
    made = post(admin, kind="public").json()

    assert made["client_secret"] is None
    replaced = admin.post(f"{URL}/{made['id']}/secret")
    assert (replaced.status_code, replaced.json()["code"]) == (409, "public_client")


def test_every_act_is_in_the_audit_log_without_its_secret(admin):
    """Registered, changed, given a new secret, disabled."""
    made = post(admin).json()
    url = f"{URL}/{made['id']}"
    assert admin.patch(url, {"name": "Other"}, content_type="application/json").json()["name"] == "Other"
    secret = admin.post(f"{url}/secret").json()["client_secret"]
    assert admin.delete(url).status_code == 204

    entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action.removeprefix("auth.client_") for entry in entries] == [
        "created", "changed", "secret_replaced", "disabled",
    ]  # fmt: skip
    assert {entry.target for entry in entries} == {f"client:{made['client_id']}"}
    assert not any(word in str(vars(entry)) for entry in entries for word in (secret, made["client_secret"]))


def test_a_disabled_client_stays_so(admin):
    """It is shown, and nothing more can be done with it."""
    made = post(admin).json()
    url = f"{URL}/{made['id']}"
    admin.delete(url)

    assert admin.get(url).json()["disabled_at"]
    assert admin.delete(url).status_code == 404
    assert admin.patch(url, {"name": "x"}, content_type="application/json").status_code == 404
    assert admin.post(f"{url}/secret").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"redirect_uris": ["http://app.example/callback"]}, id="no TLS"),
        pytest.param({"redirect_uris": ["https://*.example/callback"]}, id="wildcard"),
        pytest.param({"redirect_uris": ["https://app.example/callback#x"]}, id="fragment (RFC 6749 §3.1.2)"),
        pytest.param({"redirect_uris": ["com.example.app:/callback"]}, id="own scheme with a secret (RFC 8252 §8.4)"),
        pytest.param({"redirect_uris": []}, id="no address"),
        pytest.param({"grant_types": ["client_credentials"]}, id="address without its grant"),
        pytest.param({"kind": "public", "grant_types": ["client_credentials", "authorization_code"]}, id="public"),
        pytest.param({"grant_types": ["refresh_token"], "redirect_uris": []}, id="refresh alone"),
        pytest.param({"grant_types": ["password"]}, id="no such grant"),
        pytest.param({"grant_types": []}, id="no grant"),
        pytest.param({"scopes": ["read:everything"]}, id="no such scope"),
        pytest.param({"scopes": []}, id="no scope"),
        pytest.param({"kind": "public", "is_resource_server": True}, id="public resource server"),
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"client_id": "mine"}, id="an id of one's own"),
        pytest.param({"client_secret": "mine"}, id="a secret of one's own"),
    ],
)
def test_a_client_that_would_not_be_safe_is_refused(admin, changes):
    """With the field that is wrong."""
    response = post(admin, **changes)

    assert response.status_code == 400
    assert response.json()["errors"]
    assert not OAuthClient.objects.exists()


def test_nobody_hands_on_what_they_have_not(admin):
    """Or who may manage clients could manage everything, by a client of their own."""
    made = post(admin).json()
    change = {"scopes": ["admin:users"]}

    assert post(admin, scopes=["admin:users"]).status_code == 403
    assert admin.patch(f"{URL}/{made['id']}", change, content_type="application/json").status_code == 403
    assert post(admin, scopes=["admin:clients"]).status_code == 201


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_the_scope_opens_it(admin, method):
    assert getattr(Client(), method)(URL).status_code == 401
    assert getattr(Client(headers={"authorization": "Bearer admin:users"}), method)(URL).status_code == 403


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_one_statement_however_long(admin, rows, django_assert_num_queries):
    """Paged, newest first."""
    for number in range(rows):
        make_client(name=f"Client {number}")

    with django_assert_num_queries(1):
        page = admin.get(f"{URL}?limit=2").json()

    rest = admin.get(f"{URL}?limit=100&cursor={page['next_cursor']}").json()
    names = [item["name"] for item in page["items"] + rest["items"]]
    assert names == [f"Client {number}" for number in reversed(range(rows))]


def test_the_admins_pages_register_and_disable(client):
    """The secret is shown by a message, this once; the hash nowhere."""
    root = make_account("root@example.com", role=Role.ADMIN, is_staff=True, is_superuser=True)
    client.force_login(root)
    form = {
        "name": "Example TV", "kind": "confidential", "redirect_uris": REDIRECT_URI, "tier": "free",
        "grant_types": ["authorization_code"], "scope": ["read:content", "openid"],
    }  # fmt: skip

    wrong = client.post("/admin/authn/oauthclient/add/", {**form, "redirect_uris": "http://evil.example"})
    made = client.post("/admin/authn/oauthclient/add/", form, follow=True)

    row = OAuthClient.objects.get()
    assert b"Without TLS" in wrong.content
    assert b"shown this once" in made.content
    listed = client.get("/admin/authn/oauthclient/")
    shown = client.get(f"/admin/authn/oauthclient/{row.pk}/change/")
    assert shown.status_code == 200
    assert row.secret_hash not in listed.content.decode() + shown.content.decode()
    client.post("/admin/authn/oauthclient/", {"action": "replace_secrets", "_selected_action": [str(row.pk)]})
    client.post("/admin/authn/oauthclient/", {"action": "disable", "_selected_action": [str(row.pk)]})
    changed = OAuthClient.objects.get()
    assert changed.disabled_at
    assert changed.secret_hash != row.secret_hash
    assert {entry.account_id for entry in AuditEntry.objects.filter(action__startswith="auth.client_")} == {root.pk}


def test_the_command_registers_a_client():
    """For demonstrations and first clients."""
    out = StringIO()

    call_command("create_oauth_client", "Example TV", "--public", "--grant", "device_code", stdout=out)

    row = OAuthClient.objects.get()
    assert out.getvalue() == f"client_id={row.client_id}\n"
    assert (row.kind, row.grant_types) == (ClientKind.PUBLIC, ["urn:ietf:params:oauth:grant-type:device_code"])


def test_the_command_says_what_does_not_fit():
    with pytest.raises(CommandError, match="Without TLS"):
        call_command("create_oauth_client", "x", "--redirect-uri", "http://evil.example", stdout=StringIO())
