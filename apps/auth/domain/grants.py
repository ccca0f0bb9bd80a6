"""By what a client may come to a token, and what may be granted by it."""

from collections.abc import Iterable
from enum import StrEnum

from mediagateway.scopes import PERSONAL_SCOPES

#: What is granted to who asks for nothing in particular (RFC 6749 §3.3).
DEFAULT_SCOPES = frozenset({"read:content"})


class ClientKind(StrEnum):
    """Whether a client can keep a secret (RFC 6749 §2.1)."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class GrantType(StrEnum):
    """The grants that we offer; the names are those of the token endpoint."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 -- a name
    CLIENT_CREDENTIALS = "client_credentials"
    DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def default_scopes(allowed: Iterable[str], *, is_for_itself: bool) -> frozenset[str]:
    """
    Say what a request without `scope` asks for: the catalogue, or all that a client may do for itself.

    Args:
        allowed: What the client is registered for.
        is_for_itself: Whether nobody stands behind the request (client credentials).
    """
    mine = frozenset(allowed)
    return mine - PERSONAL_SCOPES if is_for_itself else mine & DEFAULT_SCOPES
