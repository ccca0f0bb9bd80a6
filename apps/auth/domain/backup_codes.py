"""Backup codes: ten characters that nobody misreads, in two groups."""

import secrets

COUNT = 10
#: No I, O, 0 or 1. Ten of 32 letters are 50 bits.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUP = 5


def new_codes() -> tuple[str, ...]:
    """Make a set of codes, all different."""
    codes: set[str] = set()
    while len(codes) < COUNT:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _GROUP))
        codes.add(f"{letters[:_GROUP]}-{letters[_GROUP:]}")
    return tuple(codes)


def normalize(code: str) -> str:
    """Bring a typed code into the form that is hashed."""
    return code.replace("-", "").replace(" ", "").upper()
