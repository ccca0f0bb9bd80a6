"""How long one has to wait after failing."""

from datetime import timedelta

#: Failures that cost nothing: people mistype.
FREE_FAILURES_OF_ACCOUNT = 5
#: More for an address, behind which a whole house or office may sit.
FREE_FAILURES_OF_ADDRESS = 20
#: A counter untouched for this long starts again.
MEMORY = timedelta(minutes=30)
_FIRST_DELAY_S = 2
_LONGEST_DELAY_S = 900


def compute_delay_s(failures: int, *, free: int) -> int:
    """Say how long the next attempt has to wait: nothing at first, then 2, 4, 8 … seconds up to 15 minutes."""
    if failures < free:
        return 0
    return min(_FIRST_DELAY_S << min(failures - free, 16), _LONGEST_DELAY_S)
