"""
What oauthlib asks of a server, answered from our tables.

oauthlib reads requests and knows the order of checks; each method here answers one question. What is redeemed is
redeemed in hooks that run after all of oauthlib's checks, each in one transaction that has one winner.
"""

import base64
import binascii
import hmac
import re
from typing import Any
from urllib.parse import unquote_plus

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.request_validator import RequestValidator
from oauthlib.oauth2.rfc8628 import errors as device_errors

from apps.auth import conf
from apps.auth.domain.grants import GrantType, default_scopes
from apps.auth.domain.redirects import is_registered
from apps.auth.domain.secrets import hash_secret
from apps.auth.errors import InvalidGrantError
from apps.auth.models import OAuthClient
from apps.auth.queries.clients import find_client
from apps.auth.queries.refresh_tokens import find_scope_of
from apps.auth.services.oauth import codes, devices, tokens
from apps.auth.services.sessions import Caller, refresh_session
from mediagateway.scopes import SCOPES

#: Header by which the bridge hands the client's address on; no header of HTTP's own is called so in WSGI.
ADDRESS = "mediagateway.address"
#: RFC 7636 §4.2: base64url of a SHA-256.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
#: RFC 7636 §4.1.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")
#: RFC 6749, appendix A: visible ASCII. No more than a column holds, or a cookie.
_OPAQUE = re.compile(r"[\x20-\x7e]{0,255}\Z")
_DEVICE_REFUSALS = {
    "authorization_pending": device_errors.AuthorizationPendingError,
    "slow_down": device_errors.SlowDownError,
    "access_denied": device_errors.AccessDenied,
    "expired_token": device_errors.ExpiredTokenError,
}


class Validator(RequestValidator):  # type: ignore[misc] # oauthlib has no types
    """Our answers; a request carries its `client`, and from the redeeming hook on what was `issued`."""

    # --- Who asks -----------------------------------------------------------------------------------------

    def client_authentication_required(self, request: Request) -> bool:
        """Say whether the client must prove itself: all that have a secret, and whoever shows one."""
        client_id, secret = _credentials(request)
        client = _find(client_id, request)
        return client is None or not client.is_public or secret is not None

    def authenticate_client(self, request: Request) -> bool:
        """Check a secret, sent by RFC 6749 §2.3.1's one way or the other, and never by both."""
        client_id, secret = _credentials(request)
        client = _find(client_id, request)
        # Compared in any case, so that the time tells nothing of which ids exist.
        fits = hmac.compare_digest(hash_secret(secret or ""), client.secret_hash if client else hash_secret("none"))
        if client is None or client.is_public or not fits:
            return False
        request.client, request.client_id = client, client.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Request) -> bool:
        """Take a public client at its word; what it may do is proved by its code, verifier or device code."""
        client = _find(client_id or "", request)
        if client is None or not client.is_public:
            return False
        request.client = client
        return True

    def validate_client_id(self, client_id: str, request: Request) -> bool:
        """Say whether a client exists that may send people here."""
        request.client = find_client(client_id)
        return request.client is not None

    def validate_grant_type(self, client_id: str, grant_type: str, client: OAuthClient, request: Request) -> bool:
        """Say whether the client is registered for the grant."""
        return grant_type in client.grant_types

    # --- The authorization request ------------------------------------------------------------------------

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Request) -> bool:
        """Compare with what is registered, character by character (RFC 9700 §2.1)."""
        return is_registered(redirect_uri, tuple(request.client.redirect_uris), is_public=request.client.is_public)

    def get_default_redirect_uri(self, client_id: str, request: Request) -> str | None:
        """Give the only address that is registered, when it is the only one (RFC 6749 §3.1.2.3)."""
        registered = request.client.redirect_uris
        return str(registered[0]) if len(registered) == 1 else None

    def check_authorization(self, request: Request) -> dict[str, Any]:
        """
        Check what oauthlib does not; runs once client and address are known to be right.

        Raises:
            OAuth2Error: Told to the client by redirection.
        """
        if GrantType.AUTHORIZATION_CODE not in request.client.grant_types:
            raise errors.UnauthorizedClientError(request=request)
        if request.response_type not in (None, "code"):
            raise errors.UnsupportedResponseTypeError(request=request)
        for name in ("request", "request_uri"):
            if getattr(request, name, None) is not None:
                # OpenID Connect Core §3.1.2.6, §6: who cannot read it must say so.
                raise errors.CustomOAuth2Error(error=f"{name}_not_supported", request=request)
        if request.response_mode not in (None, "query"):
            request.response_mode = None
            raise errors.InvalidRequestError("The response comes in the query.", request=request)
        if request.code_challenge is not None and not _CHALLENGE.match(request.code_challenge):
            raise errors.InvalidRequestError("code_challenge is no SHA-256 in base64url.", request=request)
        if not _OPAQUE.match(request.nonce or ""):
            raise errors.InvalidRequestError("nonce is too long, or not visible ASCII.", request=request)
        _check_resources(request)
        return {}

    def validate_response_type(self, client_id: str, response_type: str, client: OAuthClient, request: Request) -> bool:
        """There is but one."""
        return response_type == "code"

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        """Ask every client for a challenge (OAuth 2.1 §7.5, RFC 9700 §2.1.1)."""
        return True

    def get_default_scopes(self, client_id: str, request: Request) -> list[str]:
        """Say what is asked for by who says nothing."""
        is_for_itself = request.grant_type == GrantType.CLIENT_CREDENTIALS
        return sorted(default_scopes(request.client.scope.split(), is_for_itself=is_for_itself))

    def validate_scopes(self, client_id: str, scopes: list[str], client: OAuthClient, request: Request) -> bool:
        """Say whether the client is registered for all that it asks for; a device was asked when it began."""
        if request.grant_type == GrantType.DEVICE_CODE:
            return True
        allowed = frozenset(client.scope.split())
        if request.grant_type == GrantType.CLIENT_CREDENTIALS:
            allowed = default_scopes(allowed, is_for_itself=True)
        return bool(scopes) and frozenset(scopes) <= allowed & SCOPES.keys()

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Request) -> None:
        """Keep the code that goes to the client."""
        consent = codes.Consent(
            sign_in=request.sign_in,
            redirect_uri=request.redirect_uri,
            scopes=tuple(request.scopes),
            code_challenge=request.code_challenge,
            nonce=request.nonce or "",
        )
        codes.record_code(code["code"], request.client, consent)

    # --- The token request --------------------------------------------------------------------------------

    def validate_code(self, client_id: str, code: str, client: OAuthClient, request: Request) -> bool:
        """Find a code of this client that is good."""
        request.code_row = codes.find_code(code, client)
        if request.code_row is None:
            return False
        request.user, request.scopes = request.code_row.account_id, request.code_row.scope.split()
        _check_resources(request)
        return True

    def get_code_challenge(self, code: str, request: Request) -> str:
        """
        Give what the verifier must fit.

        Raises:
            InvalidGrantError: The verifier has not the form of one, so that it fits nothing.
        """
        if request.code_verifier is not None and not _VERIFIER.match(request.code_verifier):
            raise errors.InvalidGrantError("code_verifier has not the form of one.", request=request)
        return str(request.code_row.code_challenge)

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        """There is but one."""
        return "S256"

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: OAuthClient, request: Request
    ) -> bool:
        """Say whether the code was sent to this address; who leaves it out claims nothing (OAuth 2.1 §4.1.3)."""
        return bool(request.using_default_redirect_uri or redirect_uri == request.code_row.redirect_uri)

    def redeem_code(self, request: Request) -> None:
        """Take the code; everything else was checked."""
        request.issued = _redeemed(
            request, lambda: codes.redeem_code(request.code_row, request.client, caller_of(request))
        )

    def invalidate_authorization_code(self, client_id: str, code: str, request: Request) -> None:
        """Nothing is left to do: who redeemed the code has used it up."""

    def validate_refresh_token(self, refresh_token: str, client: OAuthClient, request: Request) -> bool:
        """Say whether the client was ever given this token; whether it is still good shows when it is taken."""
        request.original_scope = find_scope_of(refresh_token, client.client_id)
        return request.original_scope is not None

    def get_original_scopes(self, refresh_token: str, request: Request) -> str:
        """Say what was granted: a refresh asks for that or for less (RFC 6749 §6)."""
        return str(request.original_scope)

    def redeem_refresh_token(self, request: Request) -> None:
        """Take the refresh token."""
        _check_resources(request)
        wanted = frozenset(request.scopes) if request.scope else None
        request.issued = _redeemed(
            request,
            lambda: tokens.Issued(
                refresh_session(request.refresh_token, client_id=request.client.client_id, scopes=wanted)
            ),
        )

    def redeem_client(self, request: Request) -> None:
        """Give a client a token of its own."""
        _check_resources(request)
        request.issued = tokens.issue_for_client(request.client, request.scopes)

    def check_device_code(self, request: Request) -> None:
        """
        Check what oauthlib does not.

        Raises:
            InvalidRequestError: There is no device code.
        """
        if not getattr(request, "device_code", None):
            raise errors.InvalidRequestError("Missing device_code parameter.", request=request)

    def redeem_device_code(self, request: Request) -> None:
        """
        Poll.

        Raises:
            OAuth2Error: One of RFC 8628 §3.5, or the grant is none.
        """
        outcome = _redeemed(
            request, lambda: devices.poll_device_grant(request.device_code, request.client, caller_of(request))
        )
        if isinstance(outcome, str):
            raise _DEVICE_REFUSALS[outcome](request=request)
        request.issued = outcome

    def save_token(self, token: dict[str, Any], request: Request) -> None:
        """Nothing is left to do: who issued the token has written what there is to write."""

    # --- Afterwards ---------------------------------------------------------------------------------------

    def revoke_token(self, token: str, token_type_hint: str, request: Request) -> None:
        """
        Revoke a token; the hint is not needed to tell one kind from the other.

        Raises:
            InvalidGrantError: It is another client's.
        """
        _redeemed(request, lambda: tokens.revoke_token(token, request.client))

    def introspect_token(self, token: str, token_type_hint: str, request: Request) -> dict[str, Any] | None:
        """
        Say what a token is good for.

        Raises:
            InvalidClientError: A public client cannot prove that it asks (RFC 7662 §2.1).
        """
        if request.client.is_public:
            raise errors.InvalidClientError("Introspection takes a secret.", request=request)
        return tokens.introspect_token(token, request.client)

    def is_origin_allowed(self, client_id: str, origin: str, request: Request) -> bool:
        """CORS is the middleware's, by `ALLOWED_ORIGINS`."""
        return False


def caller_of(request: Request) -> Caller:
    """Say from where a client calls; the bridge has put it among the headers."""
    return Caller(request.headers.get(ADDRESS) or None, request.headers.get("HTTP_USER_AGENT") or "")


def _credentials(request: Request) -> tuple[str, str | None]:
    """
    Read who a client says it is, and its secret; None when it shows none.

    Raises:
        InvalidRequestError: It shows two (RFC 6749 §2.3), or names another client than it shows the secret of.
        InvalidClientError: A header of Basic that cannot be read.
    """
    header = request.headers.get("Authorization") or ""
    scheme, _, encoded = header.partition(" ")
    if not header:
        return request.client_id or "", request.client_secret
    if scheme.lower() != "basic":
        raise errors.InvalidClientError("Clients authenticate by Basic or in the body.", request=request)
    try:
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as err:
        raise errors.InvalidClientError("The Authorization header cannot be read.", request=request) from err
    client_id = unquote_plus(name)
    if "\0" in client_id:
        raise errors.InvalidClientError("No database takes a NUL.", request=request)
    if request.client_secret is not None or (request.client_id or client_id) != client_id:
        raise errors.InvalidRequestError("A client authenticates in one way, as itself.", request=request)
    return client_id, unquote_plus(secret) if colon else None


def _find(client_id: str, request: Request) -> OAuthClient | None:
    """Find a client once for each request: oauthlib asks whether it must prove itself, and then whether it does."""
    known: OAuthClient | None = getattr(request, "known_client", None)
    if known is None or known.client_id != client_id:
        known = request.known_client = find_client(client_id)
    return known


def _check_resources(request: Request) -> None:
    """
    Check what tokens are wanted for (RFC 8707 §2), where that is said; they are good for all of it anyway.

    Raises:
        CustomOAuth2Error: `invalid_target`: something that is not here.
    """
    asked = [value for name, value in (*request.uri_query_params, *(request.decoded_body or ())) if name == "resource"]
    if not set(asked) <= set(conf.resources()):
        raise errors.CustomOAuth2Error(
            error="invalid_target", description="There is no such resource here.", request=request
        )


def _redeemed(request: Request, redeem: Any) -> Any:  # noqa: ANN401 -- whatever the service gives
    """Call a service, and tell oauthlib in its own words when the grant is not good."""
    try:
        return redeem()
    except InvalidGrantError as err:
        raise errors.InvalidGrantError(err.detail, request=request) from err
