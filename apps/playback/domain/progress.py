"""
The one rule of where to go on and of what counts as watched.

- Below 30 seconds nothing has happened: the title starts from the beginning and is not in the history.
- From 30 seconds on it is resumed where it was left.
- From 95 % on, the end included, it is watched to the end: it starts from the beginning the next time.

Without a known duration nothing is ever watched to the end.
"""

from typing import Final

#: Seconds from which on a title is resumed.
RESUMABLE_FROM_S: Final = 30
#: Share from which on a title is watched to the end: what is left is credits.
COMPLETED_FROM_RATIO: Final = 0.95


def completion_ratio(position_s: int, duration_s: int | None) -> float:
    """Say how much of a title is behind a position, 0..1; 0 while nobody knows how long it is."""
    return min(1.0, position_s / duration_s) if duration_s else 0.0


def is_completed(position_s: int, duration_s: int | None) -> bool:
    """Say whether a title left at a position is watched to the end."""
    return completion_ratio(position_s, duration_s) >= COMPLETED_FROM_RATIO


def is_begun(position_s: int, duration_s: int | None) -> bool:
    """Say whether so much was watched that it counts; a film of half a minute counts when it is watched to the end."""
    return position_s >= RESUMABLE_FROM_S or is_completed(position_s, duration_s)


def resume_position_s(position_s: int, duration_s: int | None) -> int:
    """Say where a title that was left at a position starts the next time; 0 is the beginning."""
    if position_s < RESUMABLE_FROM_S or is_completed(position_s, duration_s):
        return 0
    return position_s
