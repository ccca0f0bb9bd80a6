"""Synthetic people with tastes, for demonstrations and load: clusters of genres over real titles."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.sona.domain.arrays import Doubles
from apps.sona.domain.shelf import Shelf

#: Genres that go together; each person has one of these tastes.
TASTES = (
    ("action", "thriller"),
    ("comedy", "romance"),
    ("drama", "history"),
    ("horror", "mystery"),
    ("science_fiction", "fantasy"),
    ("animation", "family"),
    ("crime", "thriller"),
    ("documentary", "biography"),
    ("war", "western"),
)
#: Share of titles that somebody takes from outside their taste.
_STRAYS = 0.15
#: Scores, lowest and highest, of what is within a taste and of what is not.
_WITHIN, _OUTSIDE = (6, 10), (2, 7)


@dataclass(frozen=True, slots=True)
class SyntheticRating:
    """A rating: a slot of the shelf and a score, 1..10."""

    slot: int
    score: int


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """Somebody who does not exist; ratings in the order in which they were given."""

    number: int
    taste: tuple[str, ...]
    ratings: tuple[SyntheticRating, ...]


def invent_people(shelf: Shelf, *, count: int, ratings: int, seed: int) -> Iterator[SyntheticPerson]:
    """
    Invent people; the same seed invents the same people over the same shelf, whatever the count.

    Args:
        shelf: Real titles; popular ones are taken more often.
        count: How many people.
        ratings: Mean number of ratings of each.
        seed: Any number.
    """
    popularity = np.sqrt(shelf.popularity.astype(np.float64) + 0.01)
    within = [_within(shelf, taste) for taste in TASTES]
    for number in range(1, count + 1):
        rng = np.random.default_rng((seed, number))
        taste = int(rng.integers(len(TASTES)))
        chances = popularity * np.where(within[taste], 1 - _STRAYS, 0)
        chances = _normalised(chances) * (1 - _STRAYS) + _normalised(popularity) * _STRAYS
        wanted = min(int(rng.poisson(ratings)) + 1, int((chances > 0).sum()))
        slots = rng.choice(shelf.size, wanted, replace=False, p=_normalised(chances))
        yield SyntheticPerson(
            number,
            TASTES[taste],
            tuple(
                SyntheticRating(int(slot), int(rng.integers(low, high + 1)))
                for slot in slots
                for low, high in [_WITHIN if within[taste][slot] else _OUTSIDE]
            ),
        )


def _within(shelf: Shelf, taste: tuple[str, ...]) -> Doubles:
    """Say how much of a taste each title has, 0..1."""
    marks = [shelf.genres[genre] for genre in taste if genre in shelf.genres]
    return np.mean(marks, axis=0) if marks else np.zeros(shelf.size)


def _normalised(chances: Doubles) -> Doubles:
    total = float(chances.sum())
    return chances / total if total else np.full(len(chances), 1 / len(chances))
