"""What a caller may and wants to see, as masks over the columns; facets count under the same mask."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.search.domain.columns import FOREVER, UNKNOWN, Columns, Mask, seconds
from apps.search.domain.snapshot import Snapshot
from mediagateway.policy import Policy

DECADE = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """
    Hard constraints of the caller; empty or None asks nothing. Words within one filter are alternatives.

    Attributes:
        my_services: Only what the policy's services offer.
        max_price_minor: Highest price of a rent or buy offer in `currency`; included offers cost nothing.
        max_maturity: Highest minimum age; unknown counts as adult.
        min_rating: 0..10.
        leaving_by_s: Only what has an offer that ends by then, in seconds since 1970.
        people: At least one of these is on the title; `exclude_people`: none of these.
    """

    kinds: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    exclude_genres: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    offer_types: tuple[str, ...] = ()
    my_services: bool = False
    max_price_minor: int | None = None
    currency: str = ""
    year_from: int | None = None
    year_to: int | None = None
    min_rating: float | None = None
    max_rating: float | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    max_maturity: int | None = None
    exclude_platforms: tuple[str, ...] = ()
    exclude_languages: tuple[str, ...] = ()
    exclude_countries: tuple[str, ...] = ()
    leaving_by_s: int | None = None
    people: tuple[UUID, ...] = ()
    exclude_people: tuple[UUID, ...] = ()


def permitted(columns: Columns, policy: Policy) -> Mask:
    """Mark the titles that the policy lets this viewer see at all."""
    mask = columns.live.copy()
    if policy.blocked_genres:
        mask &= ~columns.labels["genre"].any_of(policy.blocked_genres, columns.size)
    if policy.max_age is not None:
        ages = columns.ages.get(policy.region, columns.ages[""])
        unknown = ages == UNKNOWN
        mask &= np.where(unknown, policy.allow_unrated, ages <= policy.max_age)
    return mask


def matching(columns: Columns, filters: Filters, policy: Policy, now: datetime) -> Mask:
    """Mark the titles that fulfil every constraint, whatever the policy; offers count in the policy's region, now."""
    mask = np.ones(columns.size, dtype=np.bool_)
    if filters.kinds:
        mask &= np.isin(columns.kinds, columns.kind_words.codes_of(filters.kinds))
    _labelled(mask, columns, filters)
    _within(mask, columns.years, filters.year_from, filters.year_to)
    _within(mask, columns.runtimes, filters.runtime_min, filters.runtime_max)
    if filters.min_rating is not None:
        mask &= columns.ratings >= filters.min_rating  # NaN compares false: no rating is no match.
    if filters.max_rating is not None:
        mask &= columns.ratings <= filters.max_rating
    if filters.max_maturity is not None:
        ages = columns.ages.get(policy.region, columns.ages[""])
        mask &= (ages != UNKNOWN) & (ages <= filters.max_maturity)
    if _asks_for_offers(filters):
        mask &= _offered(columns, filters, policy, now)
    if filters.exclude_platforms:
        mask &= ~_offered(columns, Filters(platforms=filters.exclude_platforms), policy, now)
    return mask


def _labelled(mask: Mask, columns: Columns, filters: Filters) -> None:
    """Narrow the mask in place to the labels that are wanted and not unwanted."""
    for name, wanted, unwanted in (
        ("genre", filters.genres, filters.exclude_genres),
        ("language", filters.languages, filters.exclude_languages),
        ("country", filters.countries, filters.exclude_countries),
        ("theme", filters.themes, ()),
    ):
        if wanted:
            mask &= columns.labels[name].any_of(wanted, columns.size)
        if unwanted:
            mask &= ~columns.labels[name].any_of(unwanted, columns.size)


def _asks_for_offers(filters: Filters) -> bool:
    """Say whether a title needs an offer to fulfil the constraints."""
    named = filters.platforms or filters.offer_types or filters.my_services
    return bool(named) or filters.max_price_minor is not None or filters.leaving_by_s is not None


def matching_people(snapshot: Snapshot, filters: Filters) -> Mask:
    """Mark the titles that fulfil the constraints on people."""
    mask = np.ones(snapshot.columns.size, dtype=np.bool_)
    if filters.people:
        mask &= snapshot.featuring(filters.people)
    if filters.exclude_people:
        mask &= ~snapshot.featuring(filters.exclude_people)
    return mask


def facets(columns: Columns, mask: Mask, *, region: str, now: datetime) -> dict[str, dict[str, int]]:
    """
    Count the marked titles by genre, platform, decade, kind, rating, offer type and language.

    Each count is of titles, so a title with two offers on one platform counts once there.
    """
    offers = columns.offers[_standing(columns, region, now)]
    offers = offers[mask[offers["slot"]]]
    words = columns.offer_words.words
    years = columns.years[mask & (columns.years != UNKNOWN)]
    decades, decade_counts = np.unique(years // DECADE * DECADE, return_counts=True)
    kinds = np.bincount(columns.kinds[mask], minlength=len(columns.kind_words.words))
    return {
        "genre": columns.labels["genre"].counts(mask),
        "platform": _count_titles(offers["slot"], offers["platform"], words),
        "decade": {f"{decade}s": int(count) for decade, count in zip(decades, decade_counts, strict=True)},
        "kind": {columns.kind_words.words[code]: int(kinds[code]) for code in np.flatnonzero(kinds)},
        "rating": _count_ratings(columns.ratings[mask]),
        "offer_type": _count_titles(offers["slot"], offers["type"], words),
        "language": columns.labels["language"].counts(mask),
    }


def next_change(columns: Columns, *, region: str, now: datetime) -> datetime | None:
    """Say when the next offer of a region begins or ends; None when none will."""
    offers, now_s = columns.offers, seconds(now)
    here = offers["region"] == columns.offer_words.codes.get(region, UNKNOWN)
    moments = np.concatenate([offers["start"][here], offers["end"][here]])
    ahead = moments[(moments > now_s) & (moments < FOREVER)]
    return datetime.fromtimestamp(int(ahead.min()), tz=UTC) if len(ahead) else None


def _within(mask: Mask, values: npt.NDArray[np.int16], low: int | None, high: int | None) -> None:
    """Narrow the mask in place to low..high, both included; an unknown value never fits."""
    if low is not None:
        mask &= (values != UNKNOWN) & (values >= low)
    if high is not None:
        mask &= (values != UNKNOWN) & (values <= high)


def _standing(columns: Columns, region: str, now: datetime) -> Mask:
    """Mark the offers of a region whose window covers now."""
    offers, now_s = columns.offers, seconds(now)
    code = columns.offer_words.codes.get(region, UNKNOWN)
    standing: Mask = (offers["region"] == code) & (offers["start"] <= now_s) & (now_s < offers["end"])
    return standing


def _offered(columns: Columns, filters: Filters, policy: Policy, now: datetime) -> Mask:
    """Mark the titles with one standing offer that fits all offer constraints at once."""
    offers, words = columns.offers, columns.offer_words
    fits = _standing(columns, policy.region, now)
    if filters.platforms:
        fits &= np.isin(offers["platform"], words.codes_of(filters.platforms))
    if filters.my_services:
        fits &= np.isin(offers["platform"], words.codes_of(policy.services))
    if filters.offer_types:
        fits &= np.isin(offers["type"], words.codes_of(filters.offer_types))
    if filters.max_price_minor is not None:
        in_currency = np.isin(offers["currency"], words.codes_of([filters.currency]))
        fits &= (offers["price"] == UNKNOWN) | (in_currency & (offers["price"] <= filters.max_price_minor))
    if filters.leaving_by_s is not None:
        fits &= offers["end"] <= filters.leaving_by_s
    mask = np.zeros(columns.size, dtype=np.bool_)
    mask[offers["slot"][fits]] = True
    return mask


def _count_titles(slots: npt.NDArray[np.int32], codes: npt.NDArray[np.int16], words: tuple[str, ...]) -> dict[str, int]:
    """Count distinct slots for each code."""
    pairs = np.unique(slots.astype(np.int64) * len(words) + codes) if len(slots) else np.zeros(0, dtype=np.int64)
    counts = np.bincount(pairs % max(len(words), 1), minlength=len(words))
    return {words[code]: int(counts[code]) for code in np.flatnonzero(counts)}


#: Lower bounds of the rating buckets, highest first, and what each is called.
_RATING_BUCKETS = ((8.0, "8-10"), (7.0, "7-8"), (5.0, "5-7"), (0.0, "0-5"))


def _count_ratings(ratings: npt.NDArray[np.float32]) -> dict[str, int]:
    """Count ratings by bucket, the upper bound excluded but for 10; titles without a rating are in none."""
    counts, above = {}, 0
    for low, name in _RATING_BUCKETS:
        at_least = int(np.count_nonzero(ratings >= low))
        if at_least > above:
            counts[name] = at_least - above
        above = at_least
    return counts
