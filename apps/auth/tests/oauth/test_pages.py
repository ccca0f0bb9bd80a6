"""What a person sees: signing in, consent, and what protects them there."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from apps.auth.adapters.vault import seal
from apps.auth.domain.totp import compute_code, new_totp_secret
from apps.auth.models import AuthorizationCode, DeviceGrant, Session, TotpDevice
from apps.auth.tests.factories import PASSWORD, make_account
from apps.auth.tests.oauth.conftest import REDIRECT_URI, OAuth, answer_of, make_client, query_of
from mediagateway.principal import Role

pytestmark = pytest.mark.django_db


def policy_of(response):
    """The content policy, as a mapping."""
    return {
        name: set(rest) for name, *rest in (part.split() for part in response["Content-Security-Policy"].split(";"))
    }


def is_sign_in(response):
    return b'name="password"' in response.content


def test_nobody_is_asked_for_consent_before_they_have_signed_in(public):
    """RFC 6749 §4.1.1: and they come back to the very same request."""
    url = public.url()

    asked = public.browser.get(url)
    signed_in = public.browser.sign_in(url)
    consent = public.browser.get(signed_in["Location"])

    assert is_sign_in(asked)
    assert (signed_in.status_code, signed_in["Location"]) == (303, url)
    assert "Example TV" in consent.content.decode()
    assert "ada@example.com" in consent.content.decode()
    for text in ("Know who you are", "See the catalogue as you see it", "Stay signed in"):
        assert text in consent.content.decode()


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(public, settings):
    """RFC 6265bis: HttpOnly, SameSite, Secure behind TLS."""
    settings.SESSION_COOKIE_SECURE = True

    cookie = public.browser.sign_in(public.url()).cookies["mg_sign_in"]

    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["domain"] == ""


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_alike(public, email, password):
    """The page is the same but for the token against forgery and what was typed."""
    page = public.browser.sign_in(public.url(), email, password)

    text = re.sub(r'value="[^"]*"', "", page.content.decode())
    assert page.status_code == 401
    assert "E-mail address and password do not fit together." in text
    assert not Session.objects.exists()


def test_the_second_factor_is_asked_for(public, account):
    """As at every sign-in; and the password alone is no sign-in."""
    secret = new_totp_secret()
    TotpDevice.objects.create(
        account=account, sealed_secret=seal(secret, purpose=f"totp-secret:{account.id}"), confirmed_at=timezone.now()
    )
    url = public.url()

    halfway = public.browser.sign_in(url)
    (token,) = re.findall(r'name="mfa_token" value="([^"]+)"', halfway.content.decode())
    assert is_sign_in(public.browser.get(url))
    wrong = public.browser.post(url, step="code", mfa_token=token, code="000000")
    forged = public.browser.post(url, step="code", mfa_token="forged", code="000000")
    code = compute_code(secret, int(timezone.now().timestamp()) // 30)
    right = public.browser.post(url, step="code", mfa_token=token, code=code)

    assert (wrong.status_code, forged.status_code, right.status_code) == (401, 401, 303)
    assert not is_sign_in(public.browser.get(url))


def test_a_person_signs_out(public):
    """Somebody else may sit at this browser."""
    url = public.url()
    public.browser.sign_in(url)

    public.browser.post(url, step="sign_out")

    assert is_sign_in(public.browser.get(url))
    assert Session.objects.get().ended_at


def test_the_sign_in_of_a_browser_is_a_session_in_the_list(public):
    """It ends there, with a new password, and after twelve hours."""
    url = public.url()
    public.browser.sign_in(url)
    row = Session.objects.get()
    assert row.client_id == "browser"

    for change in ({"ended_at": timezone.now()}, {"ended_at": None, "expires_at": timezone.now()}):
        Session.objects.update(**change)
        assert is_sign_in(public.browser.get(url))


def test_a_closed_account_is_signed_out(public, account):
    public.browser.sign_in(public.url())
    type(account).objects.update(is_active=False)

    assert is_sign_in(public.browser.get(public.url()))


@pytest.mark.parametrize("step", ["password", "allow", "deny", "sign_out", "code"])
def test_a_forged_post_does_nothing(public, step):
    """RFC 9700 §4.7, RFC 6749 §10.12: another site cannot sign anybody in or allow anything."""
    public.browser.enter()
    client = Client(enforce_csrf_checks=True)
    client.cookies = public.browser.cookies

    response = client.post(public.url(), {"step": step, "email": "ada@example.com", "password": PASSWORD})

    assert response.status_code == 403
    assert b"open it anew" in response.content
    assert not AuthorizationCode.objects.exists()


def test_a_post_from_a_clients_page_is_a_request_and_no_consent(public):
    """OpenID Connect Core §3.1.2.1: POST must be taken too; it becomes a GET before anything happens."""
    public.browser.enter()
    path, _, query = public.url().partition("?")

    response = public.browser._client.post(path, query, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 303
    assert dict(part.split("=") for part in urlsplit(response["Location"]).query.split("&")) == dict(
        part.split("=") for part in query.split("&")
    )
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize("where", ["sign-in", "consent", "link", "device", "error"])
def test_pages_are_in_no_frame_and_run_no_script(public, where):
    """RFC 9700 §4.16, RFC 6749 §10.13: no clickjacking; and nothing of them is kept."""
    waiting = public.form("/auth/device").json()
    url = {
        "sign-in": public.url(), "consent": public.url(), "link": "/link",
        "device": f"/link?user_code={waiting['user_code']}", "error": public.url(client_id="nobody"),
    }[where]  # fmt: skip
    if where != "sign-in":
        public.browser.enter()

    page = public.browser.get(url)

    policy = policy_of(page)
    assert page["Content-Type"].startswith("text/html")
    assert page["X-Frame-Options"] == "DENY"
    assert policy["frame-ancestors"] == policy["default-src"] == policy["base-uri"] == {"'none'"}
    assert "script-src" not in policy
    assert policy["style-src"] == {"'self'"}
    assert "style=" not in page.content.decode()
    assert "<script" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_the_consent_form_may_lead_to_the_client_and_nowhere_else(public):
    """Browsers ask the policy about the redirection that answers a form, too."""
    public.browser.enter()

    assert policy_of(public.browser.get(public.url()))["form-action"] == {"'self'", "https://app.example"}
    assert policy_of(public.browser.get("/link"))["form-action"] == {"'self'"}


def test_a_redirection_that_answers_a_form_is_a_303(public):
    """RFC 9700 §4.12: a 307 would send the password to the client."""
    public.browser.enter()

    assert public.browser.post(public.url(), step="allow").status_code == 303


@pytest.mark.parametrize("name", ["next", "redirect", "continue", "return_to"])
def test_signing_in_leads_back_here_and_nowhere_else(public, name):
    """RFC 9700 §4.11.2: there is no parameter that says where to go on."""
    url = f"/link?{name}=https%3A%2F%2Fevil.example"

    response = public.browser.sign_in(url)

    assert urlsplit(response["Location"])[:3] == ("", "", "/link")


def test_what_a_client_is_called_is_text(browser, account):
    """A name is no markup."""
    client = OAuth(make_client(name="<script>alert(1)</script>"), browser)
    browser.enter()

    page = browser.get(client.url()).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_guesses_are_limited(public):
    """Ten posts a minute from one address, and the account's own delay before that."""
    statuses = [public.browser.sign_in(public.url(), password="wrong").status_code for _ in range(11)]

    assert statuses[:5] == [401] * 5
    assert set(statuses[6:]) == {429}


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
def test_a_client_may_ask_for_a_new_sign_in(public, changes):
    """OpenID Connect Core §3.1.2.1: even who has signed in signs in again; then it is asked for no more."""
    public.browser.enter()
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    url = public.url(**changes)

    asked = public.browser.get(url)
    not_yet = public.browser.post(url, step="allow")
    heeded = public.browser.sign_in(url)

    assert is_sign_in(asked)
    assert is_sign_in(not_yet)
    assert heeded["Location"] == public.url()
    assert "code" in answer_of(public.browser.post(heeded["Location"], step="allow"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"prompt": "none"}, "consent_required"), ({"max_age": "soon"}, "invalid_request")],
)
def test_what_cannot_be_done_without_a_page_is_told(public, changes, error):
    """OpenID Connect Core §3.1.2.6."""
    public.browser.enter()

    assert answer_of(public.browser.get(public.url(**changes)))["error"] == error


def test_the_hint_fills_the_form(public):
    """OpenID Connect Core §3.1.2.1: login_hint."""
    assert b'value="ada@example.com"' in public.browser.get(public.url(login_hint="ada@example.com")).content


def test_whose_consent_it_is_is_who_has_signed_in(public, account):
    """Two people at one browser do not mix."""
    other = make_account("grace@example.com", role=Role.USER)
    public.browser.enter("ada@example.com")
    public.browser.enter("grace@example.com")

    public.browser.post(public.url(), step="allow")

    assert AuthorizationCode.objects.get().account_id == other.id


def test_an_app_with_a_scheme_of_its_own_gets_its_code(browser, account):
    """RFC 8252 §7.1; and on loopback at whatever port (§7.3)."""
    uris = ("com.example.tv:/callback", "http://127.0.0.1/callback")
    app = OAuth(make_client("public", redirect_uris=uris), browser)
    browser.enter()
    for uri in ("com.example.tv:/callback", "http://127.0.0.1:51004/callback"):
        response = browser.post(app.url(redirect_uri=uri), step="allow")

        assert response["Location"].startswith(f"{uri}?")
        (code,) = query_of(response["Location"])["code"]
        assert app.exchange(code, redirect_uri=uri).status_code == 200


@pytest.mark.parametrize("query", ["%zz", "a=%", "client_id", "=&=", "%00"])
def test_a_broken_address_is_a_400(public, query):
    """And no page of ours breaks on it."""
    assert public.browser.get(f"/auth/authorize?{query}").status_code == 400


def test_a_person_gives_up_codes_to_nobody_else(public):
    """A code is in the address of the client alone, and in no page of ours."""
    public.browser.enter()

    response = public.browser.post(public.url(), step="allow")

    assert response["Location"].startswith(REDIRECT_URI)
    assert response.content == b""
    assert DeviceGrant.objects.count() == 0
