"""
What is watched now: votes that fade, kept as one number that never has to be touched when time goes by.

A vote of p points at time t is worth p · 2^((t − L) / H) of a unit that does not depend on now (forward decay: Cormode,
Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009), so the order of the sums is the order of the faded scores at
any time. The sums are kept as their logarithm to base 2: themselves they would leave a double after some years.
"""

import math
from datetime import UTC, datetime, timedelta
from typing import Final

#: After so long a vote counts half.
HALF_LIFE: Final = timedelta(hours=48)
#: Where time starts, L above; any moment would do.
_LANDMARK: Final = datetime(2026, 1, 1, tzinfo=UTC)
#: Votes that one person, and one household, have in a day: more is no audience but somebody who wants a title up.
VOTES_A_DAY: Final = 20
HOUSEHOLD_VOTES_A_DAY: Final = 40
#: How long a single vote is known: longer than its day, for events that come late.
VOTES_KEPT_FOR: Final = timedelta(days=14)
#: What has faded below this is no trend: a whole vote of three weeks ago.
LEAST_SCORE: Final = 2.0**-10


def log_weight(points: float, at: datetime) -> float:
    """Write what a vote of some points (above 0) is worth, as a logarithm."""
    return math.log2(points) + _half_lives(at)


def add(log_score: float, log_vote: float) -> float:
    """Add a vote to a score, both as logarithms: log2(2^a + 2^b) without leaving the range of a double."""
    high, low = max(log_score, log_vote), min(log_score, log_vote)
    return high + math.log2(1 + 2.0 ** (low - high))


def score_at(log_score: float, now: datetime) -> float:
    """Say what a score has faded to: whole votes of this moment."""
    return float(2.0 ** min(log_score - _half_lives(now), 1000.0))


def log_threshold(now: datetime) -> float:
    """Write `LEAST_SCORE` at a moment as a logarithm."""
    return math.log2(LEAST_SCORE) + _half_lives(now)


def points_of(completion_ratio: float) -> float:
    """Say what a title that was watched so far counts: who leaves soon says little, and never nothing."""
    return min(1.0, max(0.1, completion_ratio))


def _half_lives(moment: datetime) -> float:
    return (moment - _LANDMARK) / HALF_LIFE
