"""The authorization code grant, by the sections of the RFCs that say what must be."""

import base64
import hashlib
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.models import AuthorizationCode, Session
from apps.auth.queries import trust
from apps.auth.tests.factories import principal_of
from apps.auth.tests.oauth.conftest import (
    REDIRECT_URI,
    VERIFIER,
    OAuth,
    answer_of,
    challenge_of,
    error_of,
    make_client,
)
from mediagateway.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_code_becomes_tokens_of_the_same_kind_as_our_own(oauth, account):
    """RFC 6749 §4.1, RFC 9068: the API takes them, scopes and all, and the session is in the person's list."""
    tokens = oauth.tokens()

    principal = principal_of(tokens["access_token"])
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert set(tokens["scope"].split()) == {"openid", "read:content", "offline_access"} == set(principal.scopes)
    assert (principal.account_id, principal.client_id) == (account.id, oauth.client_id)
    assert Session.objects.get(client_id=oauth.client_id).id == principal.session_id


def test_the_response_names_its_issuer_and_repeats_the_state(oauth):
    """RFC 9207 §2, RFC 6749 §4.1.2: against mix-up and forgery."""
    answer = oauth.authorize(state="st/ate?&=%")

    assert answer["iss"] == settings.PUBLIC_URL
    assert answer["state"] == "st/ate?&=%"
    assert set(answer) == {"code", "state", "iss"}


def test_an_error_names_its_issuer_too(oauth):
    """RFC 9207 §2: error responses as well."""
    answer = answer_of(oauth.browser.get(oauth.url(response_type="token")))

    assert (answer["error"], answer["iss"], answer["state"]) == (
        "unsupported_response_type", settings.PUBLIC_URL, "xyz",
    )  # fmt: skip


def test_a_person_may_say_no(oauth):
    """RFC 6749 §4.1.2.1."""
    oauth.browser.enter()

    answer = answer_of(oauth.browser.post(oauth.url(), step="deny"))

    assert answer["error"] == "access_denied"
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param(
            {"code_challenge": None, "code_challenge_method": None}, "invalid_request", id="no PKCE (RFC 9700 §2.1.1)"
        ),
        pytest.param(
            {"code_challenge_method": "plain", "code_challenge": VERIFIER},
            "invalid_request",
            id="plain (RFC 9700 §2.1.1)",
        ),
        pytest.param(
            {"code_challenge_method": None}, "invalid_request", id="method left out means plain (RFC 7636 §4.3)"
        ),
        pytest.param({"code_challenge_method": "s256"}, "invalid_request", id="method in lower case"),
        pytest.param({"code_challenge": "short"}, "invalid_request", id="challenge is no SHA-256 (RFC 7636 §4.2)"),
        pytest.param({"code_challenge": "é" * 43}, "invalid_request", id="challenge is not ASCII"),
        pytest.param({"response_type": None}, "invalid_request", id="no response type (RFC 6749 §4.1.2.1)"),
        pytest.param({"response_type": "token"}, "unsupported_response_type", id="implicit (RFC 9700 §2.1.2)"),
        pytest.param({"response_type": "code token"}, "unsupported_response_type", id="hybrid (RFC 9700 §2.1.2)"),
        pytest.param({"response_type": "id_token"}, "unsupported_response_type", id="ID token in front"),
        pytest.param({"response_type": "none"}, "unsupported_response_type", id="none"),
        pytest.param({"response_type": "codex"}, "unsupported_response_type", id="almost code"),
        pytest.param({"response_mode": "fragment"}, "invalid_request", id="fragment"),
        pytest.param({"response_mode": "form_post"}, "invalid_request", id="form_post"),
        pytest.param(
            {"scope": "read:content admin:users"}, "invalid_scope", id="not registered for the scope (RFC 6749 §3.3)"
        ),
        pytest.param({"scope": "read:everything"}, "invalid_scope", id="no such scope"),
        pytest.param(
            {"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported", id="request object (OIDC Core §6.1)"
        ),
        pytest.param(
            {"request_uri": "https://evil.example/r"}, "request_uri_not_supported", id="request_uri (OIDC Core §6.2)"
        ),
        pytest.param({"prompt": "none login"}, "invalid_request", id="none with another prompt (OIDC Core §3.1.2.1)"),
        pytest.param({"prompt": "none"}, "login_required", id="nobody signed in (OIDC Core §3.1.2.6)"),
        pytest.param({"resource": "https://other.example/"}, "invalid_target", id="a resource elsewhere (RFC 8707 §2)"),
        pytest.param({"nonce": "n" * 256}, "invalid_request", id="endless nonce"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_told_to_the_client(confidential, changes, error):
    """Before anybody is asked to sign in, and with the state. A secret changes nothing of it (RFC 9700 §2.1.1)."""
    answer = answer_of(confidential.browser.get(confidential.url(**changes)))

    assert (answer["error"], answer["state"]) == (error, "xyz")


REDIRECT_TRICKS = {
    "another host": "https://evil.example/callback",
    "another path": "https://app.example/callback2",
    "below the path": "https://app.example/callback/evil",
    "dots": "https://app.example/callback/../evil",
    "encoded dots": "https://app.example/callback/%2e%2e/evil",
    "a subdomain": "https://evil.app.example/callback",
    "a suffix": "https://app.example.evil.example/callback",
    "user information": "https://app.example@evil.example/callback",
    "a backslash": "https://evil.example\\@app.example/callback",
    "a query": f"{REDIRECT_URI}?next=https://evil.example",
    "a fragment": f"{REDIRECT_URI}#x",
    "upper case": "https://APP.example/callback",
    "another scheme": "http://app.example/callback",
    "a port": "https://app.example:443/callback",
    "a trailing slash": f"{REDIRECT_URI}/",
    "a blank": f"{REDIRECT_URI} ",
    "a line break": f"{REDIRECT_URI}\r\nSet-Cookie: x=1",
    "a script": "javascript:alert(1)//app.example/callback",
    "data": "data:text/html,app.example/callback",
    "no scheme": "//app.example/callback",
    "relative": "/callback",
    "loopback": "http://127.0.0.1/callback",
    "parameter pollution": f"{REDIRECT_URI}&redirect_uri=https://evil.example",
    "a homograph": "https://аpp.example/callback",
}


@pytest.mark.parametrize("uri", REDIRECT_TRICKS.values(), ids=REDIRECT_TRICKS)
def test_an_address_that_is_not_registered_gets_nothing(public, uri):
    """RFC 9700 §2.1, §4.1.3: exact comparison; §4.11: and nobody is sent there, not even with an error."""
    response = public.browser.get(public.url(redirect_uri=uri, response_type="token"))

    assert response.status_code == 400
    assert "Location" not in response
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("client_id", ["nobody", "", "browser", "first-party", "' OR 1=1 --"])
def test_an_unknown_client_gets_a_page_and_no_redirection(public, client_id):
    """RFC 6749 §4.1.2.1."""
    response = public.browser.get(public.url(client_id=client_id))

    assert response.status_code == 400
    assert "Location" not in response


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "response_type", "scope", "state"])
def test_a_parameter_given_twice_is_refused(public, name):
    """RFC 6749 §3.1."""
    response = public.browser.get(f"{public.url()}&{name}=https%3A%2F%2Fevil.example")

    assert response.status_code == 400
    assert "Location" not in response


def test_one_registered_address_need_not_be_named(oauth):
    """RFC 6749 §3.1.2.3; of several none is guessed."""
    code = oauth.code(redirect_uri=None)
    several = OAuth(make_client(redirect_uris=(REDIRECT_URI, f"{REDIRECT_URI}/2")), oauth.browser)

    assert oauth.exchange(code, redirect_uri=None).status_code == 200
    assert oauth.browser.get(several.url(redirect_uri=None)).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_verifier": None}, id="no verifier (RFC 7636 §4.6)"),
        pytest.param({"code_verifier": "b" * 43}, id="another verifier (RFC 7636 §4.6)"),
        pytest.param({"code_verifier": challenge_of(VERIFIER)}, id="the challenge itself: plain (RFC 9700 §4.8.2)"),
        pytest.param({"code_verifier": ""}, id="empty verifier"),
        pytest.param({"code_verifier": VERIFIER + "é"}, id="verifier is not ASCII (RFC 7636 §4.1)"),
        pytest.param({"redirect_uri": "https://evil.example/"}, id="another address (RFC 6749 §4.1.3)"),
        pytest.param({"code": "nobody-gave-this"}, id="no such code (RFC 6749 §5.2)"),
        pytest.param({"code": None}, id="no code"),
        pytest.param({"resource": "https://other.example/"}, id="a resource elsewhere (RFC 8707 §2.2)"),
    ],
)
def test_a_code_is_worth_nothing_without_all_that_belongs_to_it(oauth, changes):
    """And is not used up by the attempt, or a thief could keep its owner out."""
    code = oauth.code()

    refused = oauth.exchange(**{"code": code, **changes})

    assert error_of(refused) in {"invalid_grant", "invalid_request", "invalid_target"}
    assert oauth.exchange(code).status_code == 200


def test_a_code_that_comes_back_revokes_what_it_has_issued(oauth):
    """RFC 6749 §4.1.2, §10.5: two have it, and one of them is a thief."""
    code = oauth.code()
    tokens = oauth.exchange(code).json()

    replayed = oauth.exchange(code)

    assert error_of(replayed) == "invalid_grant"
    assert verify_token(tokens["access_token"]) is None
    assert error_of(oauth.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert AuditEntry.objects.filter(action="auth.code_reused").count() == 1


def test_a_code_is_good_for_its_own_client_only(oauth):
    """RFC 6749 §4.1.3, §10.5; another client cannot even spoil it."""
    other = OAuth(make_client(), oauth.browser)
    code = oauth.code()

    assert error_of(other.exchange(code)) == "invalid_grant"
    assert oauth.exchange(code).status_code == 200


def test_a_code_is_short_lived_and_kept_as_a_hash(oauth):
    """RFC 6749 §4.1.2, §10.5; RFC 9700 §4.5."""
    code = oauth.code()
    row = AuthorizationCode.objects.get()

    assert row.expires_at - timezone.now() <= timedelta(seconds=60)
    assert code not in {str(value) for value in vars(row).values()}
    AuthorizationCode.objects.update(expires_at=timezone.now())
    assert error_of(oauth.exchange(code)) == "invalid_grant"


def test_a_code_of_a_closed_account_is_worth_nothing(oauth, account):
    """What was allowed by somebody who is gone is not allowed."""
    code = oauth.code()
    type(account).objects.update(is_active=False)

    assert error_of(oauth.exchange(code)) == "invalid_grant"


def test_codes_of_long_ago_are_forgotten(oauth):
    """A day after their end, when the account gives the next."""
    oauth.code()
    AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(days=2))

    oauth.code()

    assert AuthorizationCode.objects.count() == 1


def test_the_id_token_says_who_signed_in(oauth, account):
    """OpenID Connect Core §2, §3.1.3.3, §3.1.3.6; verified with the published keys."""
    tokens = oauth.tokens(nonce="n-0S6_WzA2Mj")

    keys = jwt.PyJWKSet.from_dict(Client().get("/.well-known/jwks.json").json())
    header = jwt.get_unverified_header(tokens["id_token"])
    claims = jwt.decode(
        tokens["id_token"], keys[header["kid"]], algorithms=["RS256"],
        audience=oauth.client_id, issuer=settings.PUBLIC_URL,
    )  # fmt: skip
    assert (claims["sub"], claims["nonce"]) == (str(account.id), "n-0S6_WzA2Mj")
    left_half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(left_half).decode().rstrip("=")
    assert claims["auth_time"] <= claims["iat"] < claims["exp"]


def test_an_id_token_is_no_access_token(oauth):
    """RFC 9068 §4, RFC 8725 §3.11."""
    assert verify_token(oauth.tokens()["id_token"]) is None


def test_without_openid_there_is_no_id_token(oauth):
    """OpenID Connect Core §3.1.2.1."""
    assert "id_token" not in oauth.tokens(scope="read:content")


def test_who_asks_for_nothing_gets_the_catalogue(oauth):
    """RFC 6749 §3.3."""
    assert oauth.tokens(scope=None)["scope"] == "read:content"


def test_what_the_account_may_not_do_it_cannot_hand_on(browser, account):
    """RFC 6749 §3.3: the answer says what was granted instead."""
    client = OAuth(make_client(scopes=frozenset({"admin:users", "read:content"})), browser)

    tokens = client.tokens(scope="admin:users read:content")

    assert tokens["scope"] == "read:content"
    assert principal_of(tokens["access_token"]).scopes == {"read:content"}


def test_a_session_of_a_client_ends_like_any_other(oauth):
    """The person ends it in their list: within five seconds nothing of it is good."""
    tokens = oauth.tokens()
    own = Client().post(
        "/api/v1/auth/login",
        {"email": "ada@example.com", "password": "correct horse battery"},
        content_type="application/json",
    )
    headers = {"authorization": f"Bearer {own.json()['access_token']}"}
    listed = Client().get("/api/v1/auth/sessions", headers=headers).json()["items"]
    (session,) = (item for item in listed if item["client_name"] == "Example TV")
    assert session["client_id"] == oauth.client_id

    Client().delete(f"/api/v1/auth/sessions/{session['id']}", headers=headers)

    trust.store.forget()
    assert verify_token(tokens["access_token"]) is None
    assert error_of(oauth.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_a_token_of_a_client_cannot_manage_the_sign_in(browser, account):
    """A client that may change the profile may not change the password."""
    client = OAuth(make_client(scopes=frozenset({"read:profile", "write:profile"})), browser)
    token = client.tokens(scope="read:profile write:profile")["access_token"]

    response = Client().get("/api/v1/auth/sessions", headers={"authorization": f"Bearer {token}"})

    assert (response.status_code, response.json()["code"]) == (403, "session_required")
