"""A client and a browser, as an authorization server meets them."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.http.views.pages import COOKIE
from apps.auth.services.browser import open_browser_session
from apps.auth.services.clients import ClientFacts, create_client
from apps.auth.services.sessions import Caller
from apps.auth.tests.factories import PASSWORD
from apps.user.api import find_account

REDIRECT_URI = "https://app.example/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0"
DEVICE_GRANT = GrantType.DEVICE_CODE.value
SCOPES = frozenset({"openid", "profile", "email", "offline_access", "read:content", "read:profile", "write:watchlist"})


def challenge_of(verifier):
    """S256 (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def make_client(kind="confidential", **fields):
    """A registered client: its secret and its record."""
    facts = {
        "name": "Example TV",
        "kind": ClientKind(kind),
        "redirect_uris": (REDIRECT_URI,),
        "grant_types": frozenset(GrantType) - ({GrantType.CLIENT_CREDENTIALS} if kind == "public" else set()),
        "scopes": SCOPES,
        **fields,
    }
    return create_client(ClientFacts(**facts), principal=None)


class Browser:
    """A person's browser on our pages: sends forms back as it got them, with their CSRF tokens."""

    def __init__(self):
        self._client = Client(enforce_csrf_checks=True)

    @property
    def cookies(self):
        """What it keeps."""
        return self._client.cookies

    def get(self, url):
        """Open a page."""
        return self._client.get(url)

    def post(self, url, **fields):
        """Fill the form of a page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(url).content.decode())
        assert found, "the page has no form"
        return self._client.post(url, {"csrfmiddlewaretoken": found[1], **fields})

    def enter(self, email="ada@example.com"):
        """Be signed in, without the fifth of a second that a password takes."""
        account = find_account(email)
        assert account is not None
        self._client.cookies[COOKIE] = open_browser_session(account, Caller("203.0.113.7"))

    def sign_in(self, url, email="ada@example.com", password=PASSWORD):
        """Sign in on a page that asks for it."""
        return self.post(url, step="password", email=email, password=password)


class OAuth:
    """One client of the authorization server."""

    def __init__(self, registered, browser):
        (self.secret, self.record), self.browser = registered, browser
        self.client_id = self.record.client_id
        self._http = Client(enforce_csrf_checks=True)

    def url(self, **changes):
        """An authorization request; None leaves a parameter out."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid read:content offline_access",
            "state": "xyz",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        return f"/auth/authorize?{urlencode({name: value for name, value in asked.items() if value is not None})}"

    def authorize(self, **changes):
        """Sign in where it is needed, allow, and give what the redirection says."""
        url = self.url(**changes)
        if b'value="password"' in self.browser.get(url).content:
            self.browser.enter()
        return answer_of(self.browser.post(url, step="allow"))

    def code(self, **changes):
        """A code for the person's consent."""
        return self.authorize(**changes)["code"]

    def form(self, path, *, auth=True, headers=None, **fields):
        """Post a form, as this client."""
        if auth and self.secret:
            pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            headers = {"authorization": f"Basic {pair}", **(headers or {})}
        elif auth:
            fields = {"client_id": self.client_id, **fields}
        body = urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True)
        return self._http.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)

    def token(self, **fields):
        """Ask the token endpoint."""
        return self.form("/auth/token", **fields)

    def exchange(self, code, **changes):
        """Exchange a code."""
        fields = {"code": code, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER, **changes}
        return self.token(grant_type="authorization_code", **fields)

    def tokens(self, **changes):
        """Tokens for the person's consent."""
        response = self.exchange(self.code(**changes))
        assert response.status_code == 200, response.content
        return response.json()

    def refresh(self, refresh_token, **fields):
        """Refresh."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **fields)


def answer_of(response):
    """The parameters of a redirection to the client."""
    assert response.status_code in (302, 303), response.content
    assert response["Location"].startswith(REDIRECT_URI + "?"), response["Location"]
    pairs = parse_qsl(urlsplit(response["Location"]).query)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def error_of(response, status=400):
    """The OAuth error of a JSON answer, after the checks that every one of them must pass (RFC 6749 §5.2)."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    return response.json()["error"]


def query_of(url):
    """The parameters of an address."""
    return parse_qs(urlsplit(url).query)


@pytest.fixture
def browser():
    """Ada's browser."""
    return Browser()


@pytest.fixture
def confidential(account, browser):
    """A client on a server."""
    return OAuth(make_client(), browser)


@pytest.fixture
def public(account, browser):
    """An app on a telephone."""
    return OAuth(make_client("public"), browser)


@pytest.fixture(params=["confidential", "public"])
def oauth(request):
    """Either kind of client."""
    return request.getfixturevalue(request.param)
