"""Refresh, client credentials, client authentication, revocation and introspection, by their RFCs' sections."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.domain.grants import GrantType
from apps.auth.models import OAuthClient, RefreshToken, Session
from apps.auth.services.clients import disable_client, replace_secret
from apps.auth.services.sessions import Caller, open_session
from apps.auth.tests.factories import PASSWORD, principal_of
from apps.auth.tests.oauth.conftest import REDIRECT_URI, VERIFIER, OAuth, error_of, make_client
from mediagateway.models import AuditEntry
from mediagateway.principal import Role, Tier

pytestmark = pytest.mark.django_db


def get(path, token):
    return Client().get(path, headers={"authorization": f"Bearer {token}"})


# --- Refresh ---------------------------------------------------------------------------------------------


def test_each_refresh_gives_the_next_token(oauth):
    """RFC 9700 §4.14.2: rotation."""
    first = oauth.tokens()

    second = oauth.refresh(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == first["scope"]
    assert principal_of(second["access_token"]).session_id == principal_of(first["access_token"]).session_id
    assert oauth.refresh(second["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_back_ends_its_whole_family(oauth):
    """RFC 9700 §4.14.2: nobody can say which of the two is the thief."""
    first = oauth.tokens()
    second = oauth.refresh(first["refresh_token"]).json()

    replayed = oauth.refresh(first["refresh_token"])

    assert error_of(replayed) == "invalid_grant"
    assert error_of(oauth.refresh(second["refresh_token"])) == "invalid_grant"
    assert verify_token(second["access_token"]) is None
    assert AuditEntry.objects.filter(action="auth.refresh_token_reused").count() == 1


def test_a_refresh_may_ask_for_less_and_never_for_more(oauth):
    """RFC 6749 §6: and what was granted stays granted."""
    first = oauth.tokens()

    less = oauth.refresh(first["refresh_token"], scope="read:content").json()
    more = oauth.refresh(less["refresh_token"], scope="read:content write:watchlist")
    again = oauth.refresh(less["refresh_token"]).json()

    assert less["scope"] == "read:content"
    assert principal_of(less["access_token"]).scopes == {"read:content"}
    assert error_of(more) == "invalid_scope"
    assert again["scope"] == first["scope"]


def test_a_refresh_token_is_bound_to_its_client(oauth, account):
    """RFC 6749 §10.4; nor do our own sign-in and a client take each other's, and nobody is signed out by it."""
    other = OAuth(make_client(), oauth.browser)
    theirs = oauth.tokens()["refresh_token"]
    ours = open_session(account.id, Role.USER, Caller(None)).refresh_token

    swapped = Client().post("/api/v1/auth/refresh", {"refresh_token": theirs}, content_type="application/json")

    assert error_of(other.refresh(theirs)) == "invalid_grant"
    assert error_of(oauth.refresh(ours)) == "invalid_grant"
    assert swapped.status_code == 401
    assert oauth.refresh(theirs).status_code == 200


def test_the_cookie_of_our_pages_is_no_refresh_token(oauth):
    """Or who steals it from a browser could call the API with it."""
    oauth.browser.enter()
    cookie = oauth.browser.cookies["mg_sign_in"].value

    refreshed = Client().post("/api/v1/auth/refresh", {"refresh_token": cookie}, content_type="application/json")

    assert refreshed.status_code == 401
    assert error_of(oauth.refresh(cookie)) == "invalid_grant"
    assert verify_token(cookie) is None


@pytest.mark.parametrize("token", [None, "", "nobody-gave-this"])
def test_what_is_no_refresh_token_is_refused(oauth, token):
    """RFC 6749 §5.2."""
    assert error_of(oauth.refresh(token)) in {"invalid_request", "invalid_grant"}


def test_refresh_tokens_expire_and_are_kept_as_hashes(oauth):
    """RFC 9700 §4.14.2."""
    token = oauth.tokens()["refresh_token"]
    assert not RefreshToken.objects.filter(token_hash__contains=token).exists()
    RefreshToken.objects.update(expires_at=timezone.now())

    assert error_of(oauth.refresh(token)) == "invalid_grant"


def test_without_offline_access_a_client_goes_on_for_a_day(oauth):
    """OpenID Connect Core §11: to stay signed in is asked for."""
    short = principal_of(oauth.tokens(scope="openid read:content")["access_token"])
    long = principal_of(oauth.tokens()["access_token"])

    day, month = (Session.objects.get(id=str(principal.session_id)).expires_at for principal in (short, long))
    assert day - timezone.now() <= timedelta(days=1)
    assert month - timezone.now() > timedelta(days=29)


def test_a_client_without_the_grant_gets_no_refresh_token(browser, account):
    """RFC 6749 §1.5: it is the server's to give."""
    client = OAuth(make_client(grant_types=frozenset({GrantType.AUTHORIZATION_CODE})), browser)

    assert "refresh_token" not in client.tokens()


# --- Client credentials ----------------------------------------------------------------------------------


def test_a_client_acts_for_itself(confidential):
    """RFC 6749 §4.4, RFC 9068 §2.2: the subject is the client, and there is no refresh token."""
    answer = confidential.token(grant_type="client_credentials", scope="read:content").json()

    principal = principal_of(answer["access_token"])
    assert (principal.account_id, principal.client_id, principal.role) == (None, confidential.client_id, Role.SERVICE)
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}


@pytest.mark.parametrize(
    "path", ["/api/v1/user/profile", "/api/v1/auth/sessions", "/api/v1/user/preferences", "/auth/userinfo"]
)
def test_a_client_of_its_own_is_nobody(browser, path, account):
    """It has no account, and so nothing of anybody's."""
    client = OAuth(make_client(scopes=frozenset({"read:profile", "read:preferences", "openid"})), browser)
    token = client.token(grant_type="client_credentials").json()["access_token"]

    assert get(path, token).status_code in {401, 403}


def test_a_client_cannot_pass_for_a_person_by_its_name(confidential, account):
    """RFC 9700 §4.15: whatever its id is, and be it the id of an account."""
    OAuthClient.objects.update(client_id=str(account.id))
    confidential.client_id = str(account.id)
    token = confidential.token(grant_type="client_credentials", scope="read:profile").json()["access_token"]

    assert principal_of(token).account_id is None
    assert get("/api/v1/user/profile", token).status_code in {401, 403}


def test_a_client_of_its_own_knows_no_person(confidential):
    """OpenID Connect is about people."""
    refused = confidential.token(grant_type="client_credentials", scope="openid read:content")
    granted = confidential.token(grant_type="client_credentials").json()

    assert error_of(refused) == "invalid_scope"
    assert set(granted["scope"].split()) == {"read:content", "read:profile", "write:watchlist"}


def test_the_tier_of_a_client_is_its_own(browser, account):
    """Limits count a client by it."""
    client = OAuth(make_client(tier=Tier.PREMIUM), browser)

    token = client.token(grant_type="client_credentials").json()["access_token"]

    assert principal_of(token).tier is Tier.PREMIUM


# --- Client authentication -------------------------------------------------------------------------------


def basic(client_id, secret):
    return {"authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def test_a_secret_may_come_in_the_body(confidential):
    """RFC 6749 §2.3.1."""
    response = confidential.token(
        auth=False, grant_type="client_credentials", client_id=confidential.client_id,
        client_secret=confidential.secret,
    )  # fmt: skip

    assert response.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"authorization": "Basic"}, id="an empty header"),
        pytest.param({"authorization": "Basic !!!"}, id="no base64"),
        pytest.param({"authorization": "Basic /w=="}, id="no UTF-8"),
        pytest.param({"authorization": "Bearer x"}, id="another scheme"),
        pytest.param(basic("nobody", "secret"), id="an unknown client"),
        pytest.param(basic("%00", "%00"), id="NUL"),
    ],
)
def test_who_cannot_prove_to_be_a_client_is_refused(account, confidential, headers):
    """RFC 6749 §5.2: 401, and the challenge of the scheme."""
    response = confidential.form("/auth/token", auth=False, headers=headers, grant_type="client_credentials")

    assert error_of(response, 401) == "invalid_client"
    assert response["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("secret", ["", "wrong", "%00"])
def test_a_wrong_secret_is_refused(confidential, secret):
    """RFC 6749 §2.3."""
    response = confidential.form(
        "/auth/token", auth=False, headers=basic(confidential.client_id, secret), grant_type="client_credentials"
    )

    assert error_of(response, 401) == "invalid_client"


def test_a_client_with_a_secret_cannot_do_without(confidential):
    """RFC 6749 §3.2.1: nor pass for a public one."""
    code = confidential.code()

    response = confidential.exchange(code, auth=False, client_id=confidential.client_id)

    assert error_of(response, 401) == "invalid_client"


def test_a_public_client_has_no_secret_to_show(public):
    """RFC 9700 §2.5: what anybody could have put there proves nothing."""
    code = public.code()

    response = public.exchange(code, auth=False, headers=basic(public.client_id, "made-up"))

    assert error_of(response, 401) == "invalid_client"


def test_two_ways_at_once_are_refused(confidential):
    """RFC 6749 §2.3: must not use more than one."""
    response = confidential.token(grant_type="client_credentials", client_secret=confidential.secret)

    assert error_of(response) == "invalid_request"


def test_a_client_authenticates_as_itself(confidential, browser):
    """RFC 6749 §3.2.1."""
    other = OAuth(make_client(), browser)

    response = confidential.token(grant_type="client_credentials", client_id=other.client_id)

    assert error_of(response) == "invalid_request"


def test_a_public_client_cannot_act_for_itself(public):
    """RFC 6749 §4.4."""
    assert error_of(public.token(grant_type="client_credentials"), 401) == "invalid_client"


def test_a_new_secret_replaces_the_one_before(confidential):
    """At once."""
    new, _ = replace_secret(confidential.record.id, principal=None)

    assert error_of(confidential.token(grant_type="client_credentials"), 401) == "invalid_client"
    confidential.secret = new
    assert confidential.token(grant_type="client_credentials").status_code == 200


def test_a_disabled_client_and_all_it_holds_are_good_nowhere(confidential):
    """Its sessions, its own tokens, its codes."""
    code, tokens = confidential.code(), confidential.tokens()
    own = confidential.token(grant_type="client_credentials").json()

    disable_client(confidential.record.id, principal=None)

    assert verify_token(tokens["access_token"]) is None
    assert verify_token(own["access_token"]) is None
    assert error_of(confidential.exchange(code), 401) == "invalid_client"
    assert confidential.browser.get(confidential.url()).status_code == 400


# --- The token endpoint ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grant_type", "error"),
    [
        (None, "invalid_request"),
        ("", "unsupported_grant_type"),
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type"),
        ("authorization_code ", "unsupported_grant_type"),
    ],
)
def test_other_grants_are_not_offered(confidential, grant_type, error):
    """RFC 6749 §5.2; RFC 9700 §2.4: the password grant must not be used."""
    response = confidential.token(grant_type=grant_type, username="ada@example.com", password=PASSWORD)

    assert error_of(response) == error


def test_a_grant_that_the_client_is_not_registered_for_is_refused(browser, account):
    """RFC 6749 §5.2."""
    client = OAuth(make_client(redirect_uris=(), grant_types=frozenset({GrantType.CLIENT_CREDENTIALS})), browser)

    assert error_of(client.exchange("x")) == "unauthorized_client"
    assert error_of(client.refresh("x")) == "unauthorized_client"


@pytest.mark.parametrize("name", ["grant_type", "scope", "client_id"])
def test_a_field_given_twice_is_refused(confidential, name):
    """RFC 6749 §3.2."""
    response = confidential.token(**{"grant_type": "client_credentials", name: ["client_credentials", "x"]})

    assert error_of(response) == "invalid_request"


def test_secrets_do_not_belong_into_the_address(confidential):
    """RFC 6749 §2.3.1, RFC 9700 §4.3.2."""
    response = confidential.form("/auth/token?client_secret=x", grant_type="client_credentials")

    assert error_of(response) == "invalid_request"


def test_a_body_that_is_no_form_is_refused(confidential):
    """RFC 6749, appendix B."""
    response = Client().post("/auth/token", {"grant_type": "client_credentials"}, content_type="application/json")

    assert error_of(response) == "invalid_request"


def test_a_nul_is_refused(confidential):
    """No database takes it."""
    assert error_of(confidential.refresh("\0")) == "invalid_request"


@pytest.mark.parametrize("path", ["/auth/token", "/auth/revoke", "/auth/introspect", "/auth/device"])
def test_only_post_is_taken(path):
    """RFC 6749 §3.2, RFC 7009 §2.1, RFC 7662 §2.1, RFC 8628 §3.1."""
    response = Client().get(path)

    assert (response.status_code, response["Allow"]) == (405, "POST")


# --- Revocation ------------------------------------------------------------------------------------------


def test_a_refresh_token_is_revoked_with_all_that_it_stands_for(oauth):
    """RFC 7009 §2.1."""
    tokens = oauth.tokens()

    response = oauth.form("/auth/revoke", token=tokens["refresh_token"])

    assert (response.status_code, response.content) == (200, b"")
    assert verify_token(tokens["access_token"]) is None
    assert error_of(oauth.refresh(tokens["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "something"])
def test_an_access_token_is_revoked_alone(oauth, hint):
    """RFC 7009 §2.1, §2.2: whatever the hint says, and an unknown one is ignored."""
    tokens = oauth.tokens()

    response = oauth.form("/auth/revoke", token=tokens["access_token"], token_type_hint=hint)

    assert response.status_code == 200
    assert verify_token(tokens["access_token"]) is None
    assert oauth.refresh(tokens["refresh_token"]).status_code == 200


def test_what_nobody_knows_is_revoked_already(oauth):
    """RFC 7009 §2.2; no token at all is an error."""
    assert oauth.form("/auth/revoke", token="nobody-gave-this").status_code == 200
    assert error_of(oauth.form("/auth/revoke")) == "invalid_request"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_nobody_revokes_tokens_of_another_client(oauth, kind):
    """RFC 7009 §2.1."""
    other = OAuth(make_client(), oauth.browser)
    token = oauth.tokens()[kind]

    assert error_of(other.form("/auth/revoke", token=token)) == "invalid_grant"
    assert oauth.form("/auth/introspect", token=token).status_code in {200, 401}
    assert error_of(oauth.form("/auth/revoke", auth=False, token=token), 401) == "invalid_client"


# --- Introspection ---------------------------------------------------------------------------------------


def test_a_client_learns_what_its_token_is_good_for(confidential, account):
    """RFC 7662 §2.2."""
    tokens = confidential.tokens()

    seen = confidential.form("/auth/introspect", token=tokens["access_token"]).json()

    assert seen["active"] is True
    assert (seen["client_id"], seen["sub"], seen["iss"]) == (
        confidential.client_id, str(account.id), settings.PUBLIC_URL,
    )  # fmt: skip
    assert seen["exp"] - seen["iat"] == 900
    assert confidential.form("/auth/introspect", token=tokens["refresh_token"]).json()["active"] is True


def test_what_is_over_is_inactive_and_nothing_more_is_said(confidential):
    """RFC 7662 §2.2."""
    tokens = confidential.tokens()
    confidential.form("/auth/revoke", token=tokens["refresh_token"])

    for token in (*tokens.values(), "nobody-gave-this"):
        assert confidential.form("/auth/introspect", token=str(token)).json() == {"active": False}


def test_tokens_of_others_are_no_business_of_a_client(confidential, browser):
    """RFC 7662 §4: but a resource server may ask about every access token, and about no refresh token."""
    other = OAuth(make_client(), browser)
    server = OAuth(make_client(is_resource_server=True), browser)
    tokens = confidential.tokens()

    assert other.form("/auth/introspect", token=tokens["access_token"]).json() == {"active": False}
    assert other.form("/auth/introspect", token=tokens["refresh_token"]).json() == {"active": False}
    assert server.form("/auth/introspect", token=tokens["access_token"]).json()["active"] is True
    assert server.form("/auth/introspect", token=tokens["refresh_token"]).json() == {"active": False}


def test_introspection_takes_a_secret(public, confidential):
    """RFC 7662 §2.1: against guessing."""
    token = public.tokens()["access_token"]

    assert error_of(confidential.form("/auth/introspect", auth=False, token=token), 401) == "invalid_client"
    assert error_of(public.form("/auth/introspect", token=token), 401) == "invalid_client"


# --- Userinfo --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "name"}),
        ("openid email", {"sub", "email", "email_verified"}),
    ],
)
def test_userinfo_says_what_the_scopes_allow(oauth, account, scope, claims):
    """OpenID Connect Core §5.3, §5.4: by GET and by POST."""
    token = oauth.tokens(scope=scope)["access_token"]

    got = get("/auth/userinfo", token)
    posted = Client().post("/auth/userinfo", headers={"authorization": f"Bearer {token}"})

    assert got.json() == posted.json()
    assert got.json().keys() == claims
    assert got.json()["sub"] == str(account.id)


def test_userinfo_refuses_as_bearer_tokens_are_refused(oauth):
    """RFC 6750 §3, §3.1: who sent nothing is told of no error."""
    nobody = Client().get("/auth/userinfo")
    wrong = get("/auth/userinfo", "x")
    less = get("/auth/userinfo", oauth.tokens(scope="read:content")["access_token"])
    in_query = Client().get(f"/auth/userinfo?access_token={oauth.tokens()['access_token']}")

    assert (nobody.status_code, nobody.json()) == (401, {})
    assert "error" not in nobody["WWW-Authenticate"]
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in wrong["WWW-Authenticate"]
    assert (less.status_code, less.json()["error"]) == (403, "insufficient_scope")
    assert in_query.status_code == 401, "RFC 9700 §4.3.2: no token in an address"


# --- What it costs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grant", "statements"), [("client_credentials", 2), ("refresh_token", 13), ("authorization_code", 22)]
)
def test_a_token_takes_a_known_number_of_statements(confidential, grant, statements, django_assert_max_num_queries):
    """However many clients, codes and sessions there are; transactions are counted too."""
    fields = {
        "client_credentials": dict,
        "refresh_token": lambda: {"refresh_token": confidential.tokens()["refresh_token"]},
        "authorization_code": lambda: {
            "code": confidential.code(), "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER,
        },
    }[grant]()  # fmt: skip

    with django_assert_max_num_queries(statements):
        assert confidential.token(grant_type=grant, **fields).status_code == 200
