"""What the server says of itself is true of it."""

import pytest
from django.conf import settings
from django.urls import resolve

from mediagateway.scopes import SCOPES

pytestmark = pytest.mark.django_db

BASE = settings.PUBLIC_URL


@pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
def test_metadata_names_what_is_there_and_nothing_else(client, name):
    """RFC 8414 §2, OpenID Connect Discovery §3, RFC 9207 §3, RFC 8628 §4."""
    response = client.get(f"/.well-known/{name}")
    said = response.json()

    assert response["Cache-Control"] == "public, max-age=3600"
    assert said["issuer"] == BASE
    for member in (member for member in said if member.endswith(("_endpoint", "_uri"))):
        assert said[member].startswith(f"{BASE}/"), member
        assert resolve(said[member].removeprefix(BASE)).view_name
    assert said["response_types_supported"] == ["code"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert not {"password", "implicit"} & set(said["grant_types_supported"])
    assert set(said["scopes_supported"]) == set(SCOPES)


def test_a_provider_says_what_openid_connect_requires(client):
    """OpenID Connect Discovery §3: REQUIRED members, and no `none` among the algorithms."""
    said = client.get("/.well-known/openid-configuration").json()

    assert said["subject_types_supported"] == ["public"]
    assert said["id_token_signing_alg_values_supported"] == ["RS256"]
    assert said["userinfo_endpoint"] == f"{BASE}/auth/userinfo"
    assert (said["request_parameter_supported"], said["request_uri_parameter_supported"]) == (False, False)


@pytest.mark.parametrize("path", ["", "/api/v1", "/mcp"])
def test_a_resource_names_its_server(client, path):
    """RFC 9728 §3.1, §3.3: `resource` is what the address was made of."""
    said = client.get(f"/.well-known/oauth-protected-resource{path}").json()

    assert said["resource"] == f"{BASE}{path}"
    assert said["authorization_servers"] == [BASE]
    assert said["bearer_methods_supported"] == ["header"]


def test_what_is_no_resource_has_no_metadata(client):
    assert client.get("/.well-known/oauth-protected-resource/elsewhere").status_code == 404
