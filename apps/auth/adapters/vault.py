"""What is secret at rest, sealed by the key of `MG_KEK`."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


def seal(secret: bytes, *, purpose: str) -> bytes:
    """Encrypt by AES-256-GCM; the purpose is bound in, so that one table's secret cannot stand in another's."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(settings.KEK).encrypt(nonce, secret, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """
    Decrypt.

    Raises:
        InvalidTag: Sealed by another key or for another purpose, or damaged.
    """
    raw = bytes(sealed)
    return AESGCM(settings.KEK).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())


def keyed_hash(value: str, *, purpose: str) -> str:
    """Hash a short secret by HMAC-SHA-256, hexadecimal: without the key it cannot be guessed from a stolen table."""
    key = hmac.digest(settings.KEK, purpose.encode(), hashlib.sha256)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
