"""The household's PIN: its form, and how guessing is made slow."""

from datetime import timedelta
from typing import Final

#: Four to eight ASCII digits.
PIN_PATTERN: Final = r"^[0-9]{4,8}\Z"
#: Wrong PINs in a row before the first wait.
FREE_FAILURES: Final = 4
#: Wait after each further wrong PIN; the last repeats. A four-digit PIN then takes most of a year to try out.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


def wait_after(failures: int) -> timedelta:
    """Say how long no PIN is taken after so many wrong ones in a row."""
    beyond = failures - FREE_FAILURES
    return _WAITS[min(beyond, len(_WAITS)) - 1] if beyond > 0 else timedelta(0)
