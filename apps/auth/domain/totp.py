"""Time-based one-time codes (RFC 6238) as every authenticator app has them, by pyotp."""

import base64
import secrets

import pyotp
from pyotp.exceptions import OTPVerificationError

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
    return _totp(secret).generate_otp(step)


def find_step(secret: bytes, code: str, *, now_s: float) -> int | None:
    """Find the time step that a code is of; None when it is of none near now."""
    # pyotp would take digits of every script, and with them more than one spelling of a code.
    if not (len(code) == _DIGITS and code.isascii() and code.isdigit()):
        return None
    try:
        return _totp(secret).verify_and_get_timecode(code, for_time=now_s, valid_window=_WINDOW)
    except OTPVerificationError:
        return None


def write_secret(secret: bytes) -> str:
    """Write a secret as people type it into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, *, name: str) -> str:
    """Write what a QR code for an authenticator app holds."""
    return _totp(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(write_secret(secret), digits=_DIGITS, interval=_STEP_S)
