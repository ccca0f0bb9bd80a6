"""What clients get, and what they may ask and say about it afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from apps.auth import conf
from apps.auth.domain import access_tokens, id_tokens
from apps.auth.domain.grants import GrantType
from apps.auth.domain.secrets import hash_secret
from apps.auth.errors import InvalidGrantError
from apps.auth.models import OAuthClient, RefreshToken
from apps.auth.queries.tokens import verify_token
from apps.auth.services.keys import get_signer
from apps.auth.services.sessions import (
    Caller,
    TokenPair,
    end_issued_session,
    open_client_session,
    revoke_access_token,
)
from apps.user.contracts import AccountFacts
from mediagateway.principal import Principal, Role, Tier


@dataclass(frozen=True, slots=True)
class Issued:
    """
    The answer of the token endpoint.

    Attributes:
        id_token: Empty when it was not asked for.
    """

    pair: TokenPair
    id_token: str = ""


def issue_for_account(
    account: AccountFacts,
    client: OAuthClient,
    scopes: Iterable[str],
    caller: Caller,
    *,
    authenticated_at: datetime,
    nonce: str,
    now: datetime,
) -> tuple[UUID, Issued]:
    """Open a session of a client for a person, within the caller's transaction; gives its id too."""
    may_refresh = GrantType.REFRESH_TOKEN in client.grant_types
    session_id, pair = open_client_session(account, client.client_id, scopes, caller, may_refresh=may_refresh)
    if "openid" not in pair.scope.split():
        return session_id, Issued(pair)
    id_token = id_tokens.encode(
        issuer=conf.place().issuer,
        client_id=client.client_id,
        account_id=account.id,
        access_token=pair.access_token,
        auth_time_s=int(authenticated_at.timestamp()),
        nonce=nonce,
        signer=get_signer(now),
        now_s=int(now.timestamp()),
    )
    return session_id, Issued(pair, id_token)


def issue_for_client(client: OAuthClient, scopes: Iterable[str]) -> Issued:
    """Give a client a token of its own (RFC 6749 §4.4); there is no refresh token, and nobody stands behind it."""
    now = timezone.now()
    principal = Principal(
        account_id=None,
        scopes=frozenset(scopes),
        token_id=uuid4().hex,
        client_id=client.client_id,
        role=Role.SERVICE,
        tier=Tier(client.tier),
    )
    token = access_tokens.encode(principal, get_signer(now), conf.place(), now_s=int(now.timestamp()))
    return Issued(TokenPair(token, "", " ".join(sorted(principal.scopes))))


def revoke_token(token: str, client: OAuthClient) -> None:
    """
    Revoke a token of a client (RFC 7009): a refresh token with all that it stands for, an access token alone.

    One that nobody knows, or that is over, is revoked already.

    Raises:
        InvalidGrantError: It was issued to another client.
    """
    refresh_token = RefreshToken.objects.select_related("session").filter(token_hash=hash_secret(token)).first()
    if refresh_token is not None:
        _check_owner(refresh_token.session.client_id, client)
        end_issued_session(refresh_token.session_id, "auth.session_revoked")
        return
    principal = verify_token(token)
    if principal is not None:
        # An API key has no client, and so no client that may revoke it.
        _check_owner(principal.client_id, client)
        revoke_access_token(principal.token_id)


def introspect_token(token: str, client: OAuthClient) -> dict[str, Any] | None:
    """
    Say what a token is good for (RFC 7662 §2.2); None when it is good for nothing, or is no business of this client's.

    At most one SQL statement, and the readings of `trust`.
    """
    principal = verify_token(token)
    if principal is not None and principal.api_key_id is None:
        return _describe_access(token) if _may_see(principal.client_id, client) else None
    now = timezone.now()
    row = (
        RefreshToken.objects.select_related("session")
        .filter(token_hash=hash_secret(token), used_at__isnull=True, expires_at__gt=now, session__ended_at__isnull=True)
        .first()
    )
    # A refresh token is shown to nobody but whom it was given to.
    if row is None or row.session.client_id != client.client_id:
        return None
    return {
        "client_id": client.client_id,
        "exp": int(row.expires_at.timestamp()),
        "iss": conf.place().issuer,
        "scope": row.session.scope,
        "sub": str(row.session.account_id),
        "token_type": "refresh_token",
    }


def _describe_access(token: str) -> dict[str, Any]:
    claims = access_tokens.read_claims(token)
    shown = ("iss", "aud", "sub", "client_id", "scope", "jti", "iat", "exp", "sid", "act")
    return {name: claims[name] for name in shown if name in claims} | {"token_type": "Bearer"}


def _may_see(client_id: str, client: OAuthClient) -> bool:
    return client.is_resource_server or client_id == client.client_id


def _check_owner(client_id: str, client: OAuthClient) -> None:
    if client_id != client.client_id:
        raise InvalidGrantError("The token was issued to another client.")
