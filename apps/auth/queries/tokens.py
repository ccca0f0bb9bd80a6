"""From a bearer token to its principal."""

import time
from functools import lru_cache

import jwt

from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.domain.access_tokens import Checked, Place
from apps.auth.domain.api_keys import PREFIX
from apps.auth.queries import trust
from apps.auth.queries.api_keys import find_key_principal
from mediagateway.principal import Principal

#: Tokens whose signature a process need not compute again; some 3 KB each.
_REMEMBERED = 8192


def verify_token(token: str) -> Principal | None:
    """
    Give the principal of an access token or API key; None when it is not valid, whatever the reason.

    No SQL for an access token but for the readings of `trust`; for an API key at most one in three seconds. What can
    change about a token, its key, its time and its revocation, is looked at each time; its signature cannot change.
    """
    if token.startswith(PREFIX):
        return find_key_principal(token)
    try:
        checked = _check(token, conf.place())
    except jwt.InvalidTokenError:
        return None
    known = trust.store.current()
    is_good = checked.kid in known.keys and time.time() < checked.expires_at + access_tokens.LEEWAY_S
    if not is_good or not known.revoked.keys().isdisjoint(_names_of(checked.principal)):
        return None
    return checked.principal


@lru_cache(maxsize=_REMEMBERED)
def _check(token: str, place: Place) -> Checked:
    """
    Check signature and claims.

    Raises:
        jwt.InvalidTokenError: Nobody of ours wrote it; so that no refusal is remembered.
    """
    known = trust.store.current()
    checked = access_tokens.decode(token, known.keys, place)
    kid = access_tokens.read_kid(token) if checked is None else None
    if kid is not None and kid not in known.keys:
        # Another process may have made its first key a moment ago.
        checked = access_tokens.decode(token, trust.store.current(kid=kid).keys, place)
    if checked is None:
        raise jwt.InvalidTokenError
    return checked


def _names_of(principal: Principal) -> tuple[str, str, str]:
    """Say by what a token may be revoked: itself, its session, or its client as a whole."""
    return principal.token_id, str(principal.session_id), principal.client_id
