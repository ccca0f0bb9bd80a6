"""The moment of a request: what it forbids, and what it makes a little more or less fitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np

from apps.sona.domain.arrays import Floats, Mask
from apps.sona.domain.shelf import UNKNOWN, Shelf


class Mood(StrEnum):
    """How somebody wants to feel."""

    HAPPY = "happy"
    SAD = "sad"
    EXCITED = "excited"
    RELAXED = "relaxed"
    SCARED = "scared"
    ROMANTIC = "romantic"
    CURIOUS = "curious"
    NOSTALGIC = "nostalgic"


class DayPart(StrEnum):
    """Part of the day where the person is."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Device(StrEnum):
    """What is watched on."""

    TV = "tv"
    PHONE = "phone"
    TABLET = "tablet"
    WEB = "web"


class Company(StrEnum):
    """Who watches too."""

    ALONE = "alone"
    PARTNER = "partner"
    FRIENDS = "friends"
    FAMILY = "family"
    KIDS = "kids"


#: Mood -> genres that fit it.
MOOD_GENRES: Mapping[Mood, frozenset[str]] = MappingProxyType(
    {
        Mood.HAPPY: frozenset({"comedy", "family", "animation", "musical"}),
        Mood.SAD: frozenset({"drama", "romance"}),
        Mood.EXCITED: frozenset({"action", "adventure", "thriller"}),
        Mood.RELAXED: frozenset({"documentary", "comedy", "family"}),
        Mood.SCARED: frozenset({"horror", "thriller"}),
        Mood.ROMANTIC: frozenset({"romance"}),
        Mood.CURIOUS: frozenset({"documentary", "mystery", "science_fiction", "history"}),
        Mood.NOSTALGIC: frozenset({"drama", "western", "musical"}),
    }
)
#: Company -> highest minimum age that all of it may watch.
_COMPANY_AGES: Mapping[Company, int] = MappingProxyType({Company.FAMILY: 12, Company.KIDS: 7})
#: What a fitting mood and a fitting length add, in standard deviations of a score.
_MOOD, _LENGTH, _FAVOURITE = 2.0, 0.3, 0.8
#: Minutes that are short enough for a small screen or a late hour.
_SHORT_MINUTES = 60
#: Years before which something is of old.
_OLD_YEARS = 25


@dataclass(frozen=True, slots=True)
class Context:
    """What a request says of its moment; None is not said. `day_part` is read from the clock when it is not said."""

    mood: Mood | None = None
    day_part: DayPart | None = None
    device: Device | None = None
    minutes: int | None = None
    company: Company | None = None


def day_part_at(now: datetime, zone: str) -> DayPart:
    """Say which part of the day it is on the person's own clock."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if hour < 6:
        return DayPart.NIGHT
    return (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING)[(hour - 6) // 6]


def fitting(context: Context, shelf: Shelf, region: str) -> Mask:
    """Mark what the moment allows: short enough, and for everybody who watches. What is not known does not fit."""
    mask = np.ones(shelf.size, np.bool_)
    if context.minutes is not None:
        mask &= (shelf.runtimes != UNKNOWN) & (shelf.runtimes <= context.minutes)
    if context.company is not None and (max_age := _COMPANY_AGES.get(context.company)) is not None:
        ages = shelf.min_ages(region)
        mask &= (ages != UNKNOWN) & (ages <= max_age)
    return mask


def compute_lift(context: Context, shelf: Shelf, favourites: frozenset[str], now: datetime) -> Floats:
    """Add up what the moment and the favourite genres make more fitting, in deviations of a score, shape (n,)."""
    lift = np.zeros(shelf.size, np.float32)
    if context.mood is not None:
        lift += _MOOD * _any(shelf, MOOD_GENRES[context.mood])
        if context.mood is Mood.NOSTALGIC:
            lift += (_MOOD / 2) * ((shelf.years != UNKNOWN) & (shelf.years <= now.year - _OLD_YEARS))
    if favourites:
        lift += _FAVOURITE * _any(shelf, favourites)
    if context.device is Device.PHONE or context.day_part is DayPart.NIGHT:
        lift += _LENGTH * ((shelf.runtimes != UNKNOWN) & (shelf.runtimes <= _SHORT_MINUTES))
    return lift


def _any(shelf: Shelf, genres: frozenset[str]) -> Mask:
    masks = [shelf.genres[genre] for genre in sorted(genres) if genre in shelf.genres]
    return np.logical_or.reduce(masks) if masks else np.zeros(shelf.size, np.bool_)
