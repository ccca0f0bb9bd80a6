"""
How well known a title is, as one number from 0 to 1 that is comparable whatever source it came from.

TMDB's popularity is heavy-tailed (over 40,266 rows of 2022 and 2023: median 5, 99th percentile 206, highest 9,324), so
the scale is its logarithm. Counts of critics' reviews are brought to that scale by matching quantiles: over the 3,929
films of which both were known, the count at each quantile gets the value of TMDB's popularity at the same quantile.

TMDB's figure says what is looked at now, and what is new is looked at most: of 1,965 titles above 20 that stood in
feeds of July 2022 and of June 2023, those of the year itself kept 24 % of it in the median, those of the year before
44 %, then 67, 79, 79 and 81 %, and older ones 93 %. What a figure is worth in the long run is the product of what is
still to come.
"""

from itertools import pairwise
from math import log1p
from typing import Final

#: TMDB popularity from which a title counts as 1.0: the 99.9th percentile of films that critics reviewed.
_TMDB_FULL: Final = 500.0
#: What will be left of TMDB's popularity of a title that was 0, 1, … years old; of older ones all.
_SETTLED: Final = (0.035, 0.15, 0.34, 0.5, 0.64, 0.81)
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
    *,
    tmdb_popularity: float | None = None,
    tmdb_age: int | None = None,
    review_count: int | None = None,
    renown: int | None = None,
) -> float:
    """
    Compute the popularity: what audience, critics or editors vouch for, whichever is most.

    Args:
        tmdb_popularity: TMDB's own figure, from 0 up.
        tmdb_age: How many years after the release that figure was taken; None counts as long after.
        review_count: How many critics reviewed the title, as Rotten Tomatoes counts them.
        renown: How widely our editors say the title is known, 2..5; None when they say nothing.

    Returns:
        The most of `log1p(settled tmdb) / log1p(500)`, the interpolated review count and the editors' figure, at most
        1.0; a constant without any.
    """
    vouched = []
    if tmdb_popularity is not None:
        vouched.append(min(1.0, log1p(tmdb_popularity * _settled(tmdb_age)) / log1p(_TMDB_FULL)))
    if review_count is not None:
        vouched.append(_interpolate(review_count))
    if renown is not None:
        vouched.append(_BY_RENOWN[renown])
    return max(vouched, default=_UNKNOWN)


def _settled(age: int | None) -> float:
    """Say what share of TMDB's popularity will be left; a title that is not out yet is as new as can be."""
    return 1.0 if age is None or age >= len(_SETTLED) else _SETTLED[max(age, 0)]


def _interpolate(review_count: int) -> float:
    for (low, low_value), (high, high_value) in pairwise(_REVIEWS):
        if review_count <= high:
            return low_value + (high_value - low_value) * (review_count - low) / (high - low)
    return 1.0
