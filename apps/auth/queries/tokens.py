"""From a bearer token to its principal."""

from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.domain.api_keys import PREFIX
from apps.auth.queries import trust
from apps.auth.queries.api_keys import find_key_principal
from mediagateway.principal import Principal


def verify_token(token: str) -> Principal | None:
    """
    Give the principal of an access token or API key; None when it is not valid, whatever the reason.

    No SQL for an access token but for the readings of `trust`; for an API key at most one in three seconds.
    """
    if token.startswith(PREFIX):
        return find_key_principal(token)
    known = trust.store.current()
    principal = access_tokens.decode(token, known.keys, conf.place())
    kid = access_tokens.read_kid(token) if principal is None else None
    if kid is not None and kid not in known.keys:
        # Another process may have made its first key a moment ago.
        known = trust.store.current(kid=kid)
        principal = access_tokens.decode(token, known.keys, conf.place())
    if principal is None or not known.revoked.keys().isdisjoint(_names_of(principal)):
        return None
    return principal


def _names_of(principal: Principal) -> tuple[str, str, str]:
    """Say by what a token may be revoked: itself, its session, or its client as a whole."""
    return principal.token_id, str(principal.session_id), principal.client_id
