"""Access tokens: JWT in the profile of RFC 9068, from a principal and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from mediagateway.principal import Principal, Role, Tier

ALGORITHM = "RS256"
#: RFC 9068 §2.1: an ID token or any other JWT of ours must not pass for an access token.
TYPE = "at+jwt"
LIFETIME_S = 900
#: How far the clocks of two machines may stand apart.
LEEWAY_S = 30
#: `client_id` of tokens that our own sign-in issues, without an OAuth client.
FIRST_PARTY = "first-party"
_REQUIRED = ("iss", "aud", "sub", "client_id", "scope", "jti", "iat", "exp", "role", "tier")


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the id under which its public half is known."""

    kid: str
    private_key: RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Place:
    """Who issues tokens, and for whom: URLs."""

    issuer: str
    audience: str


@dataclass(frozen=True, slots=True)
class Checked:
    """
    A token that is ours.

    Attributes:
        principal: Whose it is.
        kid: The key that signed it.
        expires_at: Seconds since 1970, without leeway.
    """

    principal: Principal
    kid: str
    expires_at: float


def encode(principal: Principal, signer: Signer, place: Place, *, now_s: int, lifetime_s: int = LIFETIME_S) -> str:
    """Write and sign the token of a principal."""
    optional = {"sid": principal.session_id, "profile": principal.profile_id}
    claims: dict[str, Any] = {
        "iss": place.issuer,
        "aud": place.audience,
        "sub": str(principal.account_id or principal.client_id),
        "client_id": principal.client_id or FIRST_PARTY,
        "scope": " ".join(sorted(principal.scopes)),
        "jti": principal.token_id,
        "iat": now_s,
        "exp": now_s + lifetime_s,
        "role": principal.role,
        "tier": principal.tier,
        **{name: str(value) for name, value in optional.items() if value},
    }
    if principal.actor_id:
        # RFC 8693 §4.1: who really acts.
        claims["act"] = {"sub": str(principal.actor_id)}
    return jwt.encode(claims, signer.private_key, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": signer.kid})


def decode(token: str, keys: Mapping[str, RSAPublicKey], place: Place) -> Checked | None:
    """
    Check a token and read it; None when anything about it is not as we would have written it.

    Args:
        token: What the caller sent.
        keys: Our public keys by `kid`. Nothing else is ever looked at: a header's own `jwk`, `jku` or `x5u` is ignored.
        place: The issuer and the audience that it must name.
    """
    try:
        header = _read_header(token)
        kid = header.get("kid", "")
        key = keys.get(kid)
        if key is None or header.get("typ") != TYPE:
            return None
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=place.audience,
            issuer=place.issuer,
            leeway=LEEWAY_S,
            options={"require": list(_REQUIRED)},
        )
        return Checked(_principal(claims), kid, float(claims["exp"]))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        # What a stranger wrote can be wrong in any way; what we signed is wrong in none.
        return None


def read_kid(token: str) -> str | None:
    """Read which key a token claims to be signed by; None when it says nothing that could be one."""
    try:
        kid = _read_header(token).get("kid")
    except jwt.PyJWTError:
        return None
    return kid if isinstance(kid, str) else None


def read_claims(token: str) -> dict[str, Any]:
    """Read the claims of a token that `decode` has checked, as they were written."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _read_header(token: str) -> dict[str, Any]:
    """Read the header alone: PyJWT looks at every letter of what it is given, and will see all of the token anyway."""
    return jwt.get_unverified_header(f"{token.partition('.')[0]}..")


def _principal(claims: Mapping[str, Any]) -> Principal:
    """Read the claims back."""
    role = Role(claims["role"])
    actor = claims.get("act")
    client_id = claims["client_id"]
    return Principal(
        account_id=None if role is Role.SERVICE else UUID(claims["sub"]),
        scopes=frozenset(claims["scope"].split()),
        token_id=claims["jti"],
        profile_id=UUID(claims["profile"]) if "profile" in claims else None,
        client_id="" if client_id == FIRST_PARTY else client_id,
        role=role,
        tier=Tier(claims["tier"]),
        session_id=UUID(claims["sid"]) if "sid" in claims else None,
        actor_id=UUID(actor["sub"]) if actor else None,
    )
