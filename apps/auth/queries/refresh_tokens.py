"""Refresh tokens of clients."""

from apps.auth.domain.secrets import hash_secret
from apps.auth.models import RefreshToken


def find_scope_of(refresh_token: str, client_id: str) -> str | None:
    """Give what a refresh token was granted for, space-separated; None when this client never had it. One statement."""
    mine = RefreshToken.objects.filter(token_hash=hash_secret(refresh_token), session__client_id=client_id)
    return mine.values_list("session__scope", flat=True).first()
