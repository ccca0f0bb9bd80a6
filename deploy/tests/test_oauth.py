"""Clients that we did not write, against a server as it runs: Authlib, and a plain device."""

import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from deploy.tests.browsing import EMAIL, PASSWORD, open_signed_in, register, register_client, submit
from deploy.tests.chromium import BINARY, open_tab

pytestmark = [pytest.mark.slow]

REDIRECT_URI = "http://127.0.0.1:51004/callback"
SCOPE = "openid profile email offline_access read:profile"


@pytest.fixture(scope="module")
def server(serve):
    """A server with Ada's account, two clients, and the metadata by which a client finds its way."""
    with serve("--group", "api") as served:
        served.wait_until_ready("api")
        register(served)
        metadata = httpx.get(served.url("/.well-known/openid-configuration")).json()
        yield SimpleNamespace(
            served=served,
            metadata=metadata,
            confidential=register_client(served, "Example", "--redirect-uri", REDIRECT_URI, "--resource-server"),
            device=register_client(served, "Example TV", "--public"),
        )


@pytest.fixture
def client(server):
    """Authlib's client."""
    with OAuth2Client(
        **server.confidential, redirect_uri=REDIRECT_URI, scope=SCOPE, code_challenge_method="S256"
    ) as client:
        yield client


def authorize(server, client, **parameters):
    """Go through the pages as a person does, and give the address of the client to which they lead."""
    verifier = "a-verifier-of-at-least-forty-three-characters-0"
    url, state = client.create_authorization_url(
        server.metadata["authorization_endpoint"], code_verifier=verifier, **parameters
    )
    assert create_s256_code_challenge(verifier) in url
    with httpx.Client() as browser:
        answer = submit(browser, open_signed_in(browser, url), step="allow")
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert parse_qs(urlsplit(location).query)["iss"] == [server.metadata["issuer"]]
    return client.fetch_token(
        server.metadata["token_endpoint"], authorization_response=location, code_verifier=verifier, state=state
    )


def test_the_metadata_is_valid(server):
    """By Authlib's reading of RFC 8414."""
    said = httpx.get(server.served.url("/.well-known/oauth-authorization-server")).json()

    # It demands https, which ends at the proxy in front.
    secure = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value for name, value in said.items()
    }
    AuthorizationServerMetadata(secure).validate()


def test_authlib_goes_the_whole_way(server, client):
    """Discovery, code with PKCE, ID token, userinfo, introspection, refresh, revocation."""
    token = authorize(server, client, nonce="n-1")

    keys = jwt.PyJWKSet.from_dict(httpx.get(server.metadata["jwks_uri"]).json())
    key = keys[jwt.get_unverified_header(token["id_token"])["kid"]]
    claims = jwt.decode(
        token["id_token"], key, algorithms=["RS256"], audience=client.client_id, issuer=server.metadata["issuer"]
    )
    person = client.get(server.metadata["userinfo_endpoint"]).json()
    assert person == {"sub": claims["sub"], "name": "Ada", "email": EMAIL, "email_verified": False}
    assert client.get(server.served.url("/api/v1/user/profile")).status_code == 200

    introspection = server.metadata["introspection_endpoint"]
    assert client.introspect_token(introspection, token=token["access_token"]).json()["sub"] == claims["sub"]

    refreshed = client.refresh_token(server.metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refreshed["refresh_token"] != token["refresh_token"]

    revocation = server.metadata["revocation_endpoint"]
    assert client.revoke_token(revocation, token=refreshed["refresh_token"]).status_code == 200
    assert client.introspect_token(introspection, token=refreshed["access_token"]).json() == {"active": False}


def test_authlib_acts_for_itself(server, client):
    """Client credentials."""
    token = client.fetch_token(server.metadata["token_endpoint"], grant_type="client_credentials", scope="read:content")

    assert token["scope"] == "read:content"
    assert client.get(server.served.url("/api/v1/genres")).status_code == 200


def test_a_plain_device_is_linked(server):
    """RFC 8628, by its own text: ask, show, poll at the interval, slow down when told to."""
    asked = {"client_id": server.device["client_id"], "scope": "read:profile offline_access"}
    waiting = httpx.post(server.metadata["device_authorization_endpoint"], data=asked).json()
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": waiting["device_code"],
        "client_id": server.device["client_id"],
    }

    first, hasty = (httpx.post(server.metadata["token_endpoint"], data=poll).json()["error"] for _ in range(2))
    with httpx.Client() as browser:
        page = open_signed_in(browser, waiting["verification_uri_complete"])
        assert waiting["user_code"] in page.text
        linked = submit(browser, page, step="allow", user_code=waiting["user_code"])
    tokens = httpx.post(server.metadata["token_endpoint"], data=poll).json()

    assert (first, hasty) == ("authorization_pending", "slow_down")
    assert "Linked" in linked.text
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(server.served.url("/api/v1/user/profile"), headers=headers).status_code == 200


@pytest.mark.skipif(not BINARY, reason="needs Chromium")
def test_a_device_is_linked_in_a_browser(server):
    """The page as a person has it: styles, scripts' absence, cookies and CSRF guard as Chromium sees them."""
    asked = {"client_id": server.device["client_id"], "scope": "read:profile"}
    waiting = httpx.post(server.metadata["device_authorization_endpoint"], data=asked).json()
    with open_tab() as tab:
        tab.open(waiting["verification_uri"])
        tab.wait_for("button", "Sign in")
        tab.type_into("#email", EMAIL)
        tab.type_into("#password", PASSWORD)
        tab.click("button[value=password]")
        tab.wait_for("label", "Code")
        tab.type_into("#user_code", waiting["user_code"].lower())
        tab.click("button[value=find]")
        tab.wait_for("p.code", waiting["user_code"])
        tab.click("button[value=allow]")
        tab.wait_for("h1", "Linked")
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": waiting["device_code"],
        "client_id": server.device["client_id"],
    }
    tokens = httpx.post(server.metadata["token_endpoint"], data=poll).json()

    assert tokens["scope"] == "read:profile"


def test_a_revocation_holds_in_another_process(server, client, serve):
    """Within five seconds: each process reads what was revoked every two."""
    token = authorize(server, client)
    database = f"sqlite:///{server.served.environ['MG_DATA_DIR']}/mediagateway.sqlite3"
    other_environ = {"DATABASE_URL": database, "MG_PUBLIC_URL": server.metadata["issuer"], "MG_WORKER": "0"}
    with serve("--group", "auth", **other_environ) as other:
        other.wait_until_ready("auth")

        def ask():
            headers = {"authorization": f"Bearer {token['access_token']}"}
            return httpx.get(other.url("/api/v1/user/profile", "auth"), headers=headers, timeout=20).status_code

        assert ask() == 200
        client.revoke_token(server.metadata["revocation_endpoint"], token=token["refresh_token"])
        deadline = time.monotonic() + 5
        while ask() != 401:
            assert time.monotonic() < deadline
            time.sleep(0.2)
