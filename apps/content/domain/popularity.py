"""
How well known a title is, as one number from 0 to 1 that is comparable whatever source it came from.

TMDB's popularity is heavy-tailed (over 40,266 rows of 2022 and 2023: median 5, 99th percentile 206, highest 9,324), so
the scale is its logarithm. Counts of critics' reviews are brought to that scale by matching quantiles: over the 3,929
films of which both were known, the count at each quantile gets the value of TMDB's popularity at the same quantile.
"""

from itertools import pairwise
from math import log1p
from typing import Final

#: TMDB popularity from which a title counts as 1.0: the 99.9th percentile of films that critics reviewed.
_TMDB_FULL: Final = 500.0
#: (critics' reviews, value) at the quantiles 0, 10, 25, 50, 75, 90, 95, 99 and 100 %; straight lines between them.
_REVIEWS: Final = (
    (0, 0.0),
    (10, 0.27),
    (23, 0.35),
    (56, 0.42),
    (129, 0.50),
    (192, 0.61),
    (228, 0.68),
    (299, 0.80),
    (388, 1.0),
)
#: Of a title by how widely editors say it is known, from 2 (to few beyond its home) to 5 (to nearly everybody): the
#: 50th, 90th, 99th and 99.9th percentile of films that critics reviewed.
_BY_RENOWN: Final = {2: 0.42, 3: 0.61, 4: 0.80, 5: 0.95}
#: Of a title of which nothing is known: below nine of ten titles with a figure.
_UNKNOWN: Final = 0.1


def compute_popularity(
    *, tmdb_popularity: float | None = None, review_count: int | None = None, renown: int | None = None
) -> float:
    """
    Compute the popularity from the best evidence there is: audience, then critics, then editors.

    Args:
        tmdb_popularity: TMDB's own figure, from 0 up.
        review_count: How many critics reviewed the title, as Rotten Tomatoes counts them.
        renown: How widely our editors say the title is known, 2..5; None when they say nothing.

    Returns:
        `log1p(tmdb) / log1p(500)` or the interpolated review count, at most 1.0; a constant without either.
    """
    if tmdb_popularity is not None:
        return min(1.0, log1p(tmdb_popularity) / log1p(_TMDB_FULL))
    if review_count is not None:
        return _interpolate(review_count)
    return _UNKNOWN if renown is None else _BY_RENOWN[renown]


def _interpolate(review_count: int) -> float:
    for (low, low_value), (high, high_value) in pairwise(_REVIEWS):
        if review_count <= high:
            return low_value + (high_value - low_value) * (review_count - low) / (high - low)
    return 1.0
