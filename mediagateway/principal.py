"""Who asks: one plain value, made from the token and from nothing else. Plain Python."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account may be trusted with, apart from its scopes."""

    USER = "user"
    ADMIN = "admin"
    SERVICE = "service"


class Tier(StrEnum):
    """How much a principal may ask for a minute; apart from its role."""

    FREE = "free"
    PREMIUM = "premium"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Principal:
    """
    A caller with a valid token or API key.

    Attributes:
        account_id: The household's account; None for a client that acts for itself.
        profile_id: The person of the household who watches; None for the owner's profile, or without an account.
        client_id: The OAuth client; "" for first-party sign-in and API keys.
        scopes: What the token may do.
        role, tier: Of the account, or of the API key.
        token_id: `jti` of the token, or the API key's id: what a revocation names.
        session_id: The sign-in that the token belongs to; None for API keys and client credentials.
        api_key_id: The API key, when it is one: limits count by it.
        actor_id: The admin who acts as this account, when one does.
    """

    account_id: UUID | None
    scopes: frozenset[str]
    token_id: str
    profile_id: UUID | None = None
    client_id: str = ""
    role: Role = Role.USER
    tier: Tier = Tier.FREE
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    actor_id: UUID | None = None

    def has_scopes(self, wanted: frozenset[str]) -> bool:
        """Say whether every wanted scope is granted; `write:x` grants `read:x` too."""
        implied = {f"read:{scope.removeprefix('write:')}" for scope in self.scopes if scope.startswith("write:")}
        return wanted <= self.scopes | implied
