"""Opaque secrets: made at random, shown once, kept as a hash."""

import hashlib
import secrets

#: 256 bits: nothing that can be guessed, so that a fast hash is enough.
_BYTES = 32


def new_secret() -> str:
    """Make a secret of 43 URL-safe characters."""
    return secrets.token_urlsafe(_BYTES)


def hash_secret(secret: str) -> str:
    """Hash a secret for storage, hexadecimal; it is looked up by this, so comparing times tell nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
