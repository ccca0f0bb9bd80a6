"""What this authorization server can do, as documents; no SQL."""

from typing import Any

from django.conf import settings

from apps.auth import conf
from apps.auth.domain.access_tokens import ALGORITHM
from apps.auth.domain.grants import GrantType
from mediagateway.scopes import SCOPES

_CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post"]


def get_server_metadata() -> dict[str, Any]:
    """Write the metadata of RFC 8414 §2, with what RFC 8628, 9207 and 7636 add to it."""
    base = settings.PUBLIC_URL
    return {
        "issuer": conf.place().issuer,
        "authorization_endpoint": f"{base}/auth/authorize",
        "token_endpoint": f"{base}/auth/token",
        "token_endpoint_auth_methods_supported": [*_CLIENT_AUTHENTICATION, "none"],
        "revocation_endpoint": f"{base}/auth/revoke",
        "revocation_endpoint_auth_methods_supported": [*_CLIENT_AUTHENTICATION, "none"],
        "introspection_endpoint": f"{base}/auth/introspect",
        "introspection_endpoint_auth_methods_supported": _CLIENT_AUTHENTICATION,
        "device_authorization_endpoint": f"{base}/auth/device",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [grant.value for grant in GrantType],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{base}/swagger-ui",
        "ui_locales_supported": ["en"],
    }


def get_provider_metadata() -> dict[str, Any]:
    """Write the metadata of OpenID Connect Discovery §3: the same server, and what it says of people."""
    return {
        **get_server_metadata(),
        "userinfo_endpoint": f"{settings.PUBLIC_URL}/auth/userinfo",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": [
            "iss", "aud", "sub", "iat", "exp", "auth_time", "nonce", "at_hash", "name", "email", "email_verified",
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": ["none", "login", "consent"],
    }  # fmt: skip


def find_resource_metadata(path: str) -> dict[str, Any] | None:
    """
    Write the metadata of a resource (RFC 9728 §2); None when there is no such.

    Args:
        path: The resource's path, without a leading slash; empty for the whole service.
    """
    resource = f"{settings.PUBLIC_URL}/{path}".rstrip("/")
    if resource not in conf.resources():
        return None
    return {
        "resource": resource,
        "resource_name": "mediagateway",
        "authorization_servers": [conf.place().issuer],
        "jwks_uri": f"{settings.PUBLIC_URL}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "bearer_methods_supported": ["header"],
        "resource_documentation": f"{settings.PUBLIC_URL}/swagger-ui",
    }
