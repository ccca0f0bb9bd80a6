"""ID tokens (OpenID Connect Core §2): who has signed in, told to a client."""

import base64
import hashlib
from typing import Any
from uuid import UUID

import jwt

from apps.auth.domain.access_tokens import ALGORITHM, Signer

LIFETIME_S = 900


def encode(
    *, issuer: str, client_id: str, account_id: UUID, access_token: str, auth_time_s: int, nonce: str,
    signer: Signer, now_s: int,
) -> str:  # fmt: skip
    """
    Write and sign an ID token. Its type is JWT, so that it never passes for an access token (RFC 9068 §4).

    Args:
        issuer: This service.
        client_id: Whom it is for.
        account_id: Who has signed in.
        access_token: What is issued beside it; its hash binds the two (§3.1.3.6).
        auth_time_s: When that was, in seconds since 1970.
        nonce: What the client sent with its request; empty when it sent nothing.
        signer: The key that signs.
        now_s: Seconds since 1970.
    """
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": client_id,
        "sub": str(account_id),
        "iat": now_s,
        "exp": now_s + LIFETIME_S,
        "auth_time": auth_time_s,
        "at_hash": compute_half_hash(access_token),
        **({"nonce": nonce} if nonce else {}),
    }
    return jwt.encode(claims, signer.private_key, algorithm=ALGORITHM, headers={"typ": "JWT", "kid": signer.kid})


def compute_half_hash(value: str) -> str:
    """Compute the left half of a SHA-256, base64url (§3.1.3.6)."""
    digest = hashlib.sha256(value.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
