"""Time-based one-time codes (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app has them."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

_STEP_S = 30
_DIGITS = 6
#: RFC 4226 §4 recommends 160 bits.
_SECRET_BYTES = 20
#: Steps before and after the present one that are taken too, for clocks that go wrong (RFC 6238 §5.2).
_WINDOW = 1
_ISSUER = "mediagateway"


def new_totp_secret() -> bytes:
    """Make a secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def compute_code(secret: bytes, step: int) -> str:
    """Compute the code of a time step (RFC 4226 §5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def find_step(secret: bytes, code: str, *, now_s: float) -> int | None:
    """Find the time step that a code is of; None when it is of none near now."""
    present = int(now_s) // _STEP_S
    found = None
    # Every step is compared, so that the time taken tells nothing.
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        if hmac.compare_digest(compute_code(secret, step).encode(), code.encode()):
            found = step
    return found


def write_secret(secret: bytes) -> str:
    """Write a secret as people type it into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, *, name: str) -> str:
    """Write what a QR code for an authenticator app holds."""
    return f"otpauth://totp/{_ISSUER}:{quote(name)}?secret={write_secret(secret)}&issuer={_ISSUER}"
