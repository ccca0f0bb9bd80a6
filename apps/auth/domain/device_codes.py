"""What a person types to link a television: eight letters in two groups (RFC 8628 §6.1)."""

import secrets

#: No vowels, so that no words appear, and nothing that looks like something else: 20^8 are 34 bits.
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
_GROUP = 4


def new_user_code() -> str:
    """Make a code as it is shown."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _GROUP))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def normalize_user_code(typed: str) -> str:
    """Bring what was typed into the form that is shown, as far as it is one: case, hyphen and blanks do not count."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"
