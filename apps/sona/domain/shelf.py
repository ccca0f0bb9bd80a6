"""The catalogue as recommending needs it: columns in memory, over which a policy is a mask."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.sona.domain.arrays import Floats, Mask
from mediagateway.policy import Policy

#: Where an age, a year or a runtime is not known.
UNKNOWN = -1
#: An open end of an offer, in seconds since 1970.
_FOREVER = 2**62
#: The year on which styles are centred, and how many years make a step.
_MIDDLE_YEAR, _YEAR_STEP = 1990, 15
#: Share of the titles, from the top, that is called popular.
_POPULAR = 0.05
#: How much of a style is the year's.
_YEAR_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Offer:
    """When a platform has a title in a region; seconds since 1970, an open end is None."""

    platform: str
    region: str
    start_s: int
    end_s: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A title as the shelf keeps it; `popularity` is the catalogue's, 0..1."""

    id: UUID
    kind: str
    year: int | None
    runtime_minutes: int | None
    popularity: float
    min_ages: Mapping[str, int | None]
    genres: Sequence[str]
    offers: Sequence[Offer]


_OFFER = np.dtype([("slot", np.int32), ("platform", np.int16), ("region", np.int16), ("start", "i8"), ("end", "i8")])


@dataclass(frozen=True, eq=False)
class Shelf:
    """
    Every listed title. A slot is a title's place, in the order of ids.

    Attributes:
        revision: What it shows.
        ids: By slot.
        slots: Slot by id.
        runtimes, years: UNKNOWN where not known.
        ages: Region -> minimum ages; "" holds the strictest of all regions.
        genres: Genre -> mask.
        style: Genres and year, rows of length 1 or 0; cosine says how alike two titles feel.
        offers: One row for each.
    """

    revision: int
    ids: tuple[UUID, ...]
    slots: Mapping[UUID, int]
    kinds: npt.NDArray[np.object_]
    runtimes: npt.NDArray[np.int32]
    years: npt.NDArray[np.int32]
    popularity: Floats
    ages: Mapping[str, npt.NDArray[np.int16]]
    genres: Mapping[str, Mask]
    style: Floats
    offers: npt.NDArray[np.void]
    platforms: Mapping[str, int]
    regions: Mapping[str, int]
    _masks: dict[object, Mask] = field(default_factory=dict)
    _quantiles: dict[object, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of titles."""
        return len(self.ids)

    def permitted(self, policy: Policy) -> Mask:
        """Mark what the policy lets its viewer see; the mask is shared and must not be written to."""
        key = (policy.region, policy.max_age, policy.allow_unrated, policy.blocked_genres)
        if (kept := self._masks.get(key)) is not None:
            return kept
        mask = np.ones(self.size, np.bool_)
        for genre in policy.blocked_genres & self.genres.keys():
            mask &= ~self.genres[genre]
        if policy.max_age is not None:
            ages = self.min_ages(policy.region)
            mask &= np.where(ages == UNKNOWN, policy.allow_unrated, ages <= policy.max_age)
        return self._keep(key, mask)

    def popular_from(self, policy: Policy) -> float:
        """
        Say from which popularity on a title is popular: the head of what the policy lets its viewer see.

        What they may not see must not show, not even in what counts as popular.
        """
        key = ("popular", policy.region, policy.max_age, policy.allow_unrated, policy.blocked_genres)
        if (kept := self._quantiles.get(key)) is None:
            seen = self.popularity[self.permitted(policy)]
            kept = self._quantiles[key] = float(np.quantile(seen, 1 - _POPULAR)) if len(seen) else 1.0
        return kept

    def min_ages(self, region: str) -> npt.NDArray[np.int16]:
        """Give the minimum ages that hold in a region; UNKNOWN where there is no usable certificate."""
        return self.ages.get(region, self.ages[""])

    def available(self, region: str, platforms: Collection[str] | None, now: datetime) -> Mask:
        """
        Mark what can be watched now in a region, on one of these platforms or on any.

        Kept for a minute; the mask is shared and must not be written to.
        """
        minute = int(now.timestamp()) // 60
        key = (region, None if platforms is None else frozenset(platforms), minute)
        if (kept := self._masks.get(key)) is not None:
            return kept
        now_s = int(now.timestamp())
        offers = self.offers
        holds = (offers["region"] == self.regions.get(region, -1)) & (offers["start"] <= now_s)
        holds &= offers["end"] > now_s
        if platforms is not None:
            holds &= np.isin(offers["platform"], [self.platforms[each] for each in platforms if each in self.platforms])
        mask = np.zeros(self.size, np.bool_)
        mask[offers["slot"][holds]] = True
        return self._keep(key, mask)

    def _keep(self, key: object, mask: Mask) -> Mask:
        if len(self._masks) >= _KEPT_MASKS:
            self._masks.clear()
            self._quantiles.clear()
        mask.setflags(write=False)
        self._masks[key] = mask
        return mask


#: Masks that a shelf keeps: 17 kB each.
_KEPT_MASKS = 512


def make_shelf(items: Collection[Item], *, revision: int) -> Shelf:
    """Lay out the columns; a Python step for each title and offer."""
    ordered = sorted(items, key=lambda item: item.id)
    slots = {item.id: slot for slot, item in enumerate(ordered)}
    genres = _marks([item.genres for item in ordered])
    years = np.array([UNKNOWN if item.year is None else item.year for item in ordered], np.int32)
    offers, platforms, regions = _offers(ordered)
    kinds = np.empty(len(ordered), np.object_)
    kinds[:] = [item.kind for item in ordered]
    return Shelf(
        revision=revision,
        ids=tuple(slots),
        slots=slots,
        kinds=kinds,
        runtimes=np.array([item.runtime_minutes or UNKNOWN for item in ordered], np.int32),
        years=years,
        popularity=np.array([item.popularity for item in ordered], np.float32),
        ages=_ages(ordered),
        genres=genres,
        style=_style(genres, years),
        offers=offers,
        platforms=platforms,
        regions=regions,
    )


def _marks(bags: Sequence[Sequence[str]]) -> dict[str, Mask]:
    marks: dict[str, Mask] = {}
    for slot, bag in enumerate(bags):
        for word in bag:
            if word not in marks:
                marks[word] = np.zeros(len(bags), np.bool_)
            marks[word][slot] = True
    return marks


def _ages(items: Sequence[Item]) -> dict[str, npt.NDArray[np.int16]]:
    """Write each region's ages, filled from the strictest where it has no certificate of its own."""
    strictest = np.array(
        [max((age for age in item.min_ages.values() if age is not None), default=UNKNOWN) for item in items], np.int16
    )
    ages = {"": strictest}
    for slot, item in enumerate(items):
        for region, age in item.min_ages.items():
            column = ages.setdefault(region, strictest.copy())
            column[slot] = UNKNOWN if age is None else age
    return ages


def _style(genres: Mapping[str, Mask], years: npt.NDArray[np.int32]) -> Floats:
    """
    Write each title's genres, and beside them when it is from.

    Genres count alike: weights by rarity would change what a child is told with titles that it may not see.
    """
    columns = [mask.astype(np.float64) for _, mask in sorted(genres.items())]
    words = np.stack(columns, axis=1) if columns else np.zeros((len(years), 0))
    words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
    angle = np.clip((years - _MIDDLE_YEAR) / _YEAR_STEP, -2, 2) * (np.pi / 4)
    when = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (years != UNKNOWN)[:, None]
    style = np.concatenate([words * np.sqrt(1 - _YEAR_SHARE), when * np.sqrt(_YEAR_SHARE)], axis=1)
    return np.asarray(style / np.maximum(np.linalg.norm(style, axis=1, keepdims=True), 1e-9), np.float32)


def _offers(items: Sequence[Item]) -> tuple[npt.NDArray[np.void], dict[str, int], dict[str, int]]:
    platforms: dict[str, int] = {}
    regions: dict[str, int] = {}
    rows = [
        (
            slot,
            platforms.setdefault(offer.platform, len(platforms)),
            regions.setdefault(offer.region, len(regions)),
            offer.start_s,
            _FOREVER if offer.end_s is None else offer.end_s,
        )
        for slot, item in enumerate(items)
        for offer in item.offers
    ]
    return np.array(rows, _OFFER), platforms, regions
