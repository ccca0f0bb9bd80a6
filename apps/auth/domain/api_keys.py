"""
API keys: `mg_live_`, 32 random characters and a checksum of six.

By prefix and checksum a scanner of leaks knows one for certain, and a mistyped one costs no database.
"""

import secrets
import string
import zlib

PREFIX = "mg_live_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
#: 32 × log2(62) = 190 bits.
_RANDOM_LENGTH = 32
_CHECKSUM_LENGTH = 6
#: How much of a key a list may show.
_SHOWN = len(PREFIX) + 6


def new_key() -> str:
    """Make a key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return PREFIX + body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Say whether this can be a key of ours."""
    body, checksum = key[len(PREFIX) : -_CHECKSUM_LENGTH], key[-_CHECKSUM_LENGTH:]
    return key.startswith(PREFIX) and len(body) == _RANDOM_LENGTH and key.isascii() and _checksum(body) == checksum


def shown_part(key: str) -> str:
    """Cut off what a list may show."""
    return key[:_SHOWN]


def _checksum(body: str) -> str:
    """Write the CRC-32 in base 62, six digits."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
