"""Generated catalogues, people and wishes, for proofs over thousands of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from apps.sona.domain.content_features import TitleFeatures, fit_content
from apps.sona.domain.feedback import FeedbackKind, Remark, Scope
from apps.sona.domain.interactions import make_interactions
from apps.sona.domain.model import PARTS
from apps.sona.domain.ranking import Engine, Wish, join
from apps.sona.domain.shelf import Item, Offer, make_shelf
from apps.sona.domain.signals import Liking, SignalKind
from apps.sona.domain.training import Catalogue, Settings, fit_model
from mediagateway.policy import Policy

NOW = datetime(2026, 11, 1, 20, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
GENRES = ("war", "romance", "comedy", "horror", "drama", "western")
PLATFORMS = ("netflix", "hulu", "max")
REGIONS = ("US", "DE")


@dataclass(frozen=True)
class World:
    """A catalogue, who is in it, and a model of it."""

    items: dict[UUID, Item]
    people: dict[UUID, tuple[str, ...]]
    engine: Engine


def make_world(*, n_titles, n_people, seed):
    """Make titles with certificates and offers of every kind, a tenth of them newer than the model."""
    rng = np.random.default_rng(seed)
    items = [_item(number, rng) for number in range(n_titles)]
    people = {item.id: tuple(f"p{person}" for person in rng.integers(0, n_stars(), 3)) for item in items}
    shelf = make_shelf(items, revision=1)
    known = sorted(items, key=lambda item: item.id)[: n_titles * 9 // 10]
    features = [TitleFeatures(genres=item.genres, people=people[item.id], year=item.year) for item in known]
    catalogue = Catalogue(fit_content(features), np.array([20 * item.popularity for item in known], np.float32))
    users, taken, at = [], [], []
    for person in range(n_people):
        favourite = GENRES[person % len(GENRES)]
        liked = [place for place, item in enumerate(known) if favourite in item.genres]
        for step, place in enumerate(rng.choice(liked, min(12, len(liked)), replace=False)):
            users.append(person)
            taken.append(place)
            at.append(step * 86400)
    table = make_interactions(users, taken, at, n_users=n_people, n_items=len(known))
    model = fit_model(table, Settings(), catalogue, seed=0)
    return World({item.id: item for item in items}, people, join(model, [item.id for item in known], shelf))


def _item(number, rng):
    ages = {region: rng.choice([None, 0, 7, 12, 16, 18]) for region in REGIONS if rng.random() < 0.7}
    offers = [
        Offer(
            PLATFORMS[rng.integers(3)],
            REGIONS[rng.integers(2)],
            NOW_S + int(rng.integers(-3, 2)) * 86400,
            None if rng.random() < 0.5 else NOW_S + int(rng.integers(-1, 3)) * 43200,
        )
        for _ in range(rng.integers(0, 4))
    ]
    return Item(
        id=UUID(int=int(rng.integers(1, 2**62)) * 2**20 + number),
        kind="movie",
        year=int(rng.integers(1950, 2026)),
        runtime_minutes=int(rng.integers(60, 180)),
        popularity=float(rng.random()),
        min_ages={region: None if age is None else int(age) for region, age in ages.items()},
        genres=tuple(rng.choice(GENRES, rng.integers(1, 4), replace=False)),
        offers=offers,
    )


def n_stars():
    return 40


def draw_likings(world, rng, *, most=12):
    """Let somebody like a few titles, mostly of one genre."""
    favourite = GENRES[rng.integers(len(GENRES))]
    own = [title_id for title_id, item in world.items.items() if favourite in item.genres]
    count = int(rng.integers(1, most))
    chosen = {own[place] for place in rng.integers(0, len(own), count)} | {
        world.engine.shelf.ids[rng.integers(world.engine.shelf.size)]
    }
    kinds = list(SignalKind)
    return tuple(
        Liking(title_id, float(rng.uniform(0.3, 1.5)), NOW - timedelta(days=200 - step), kinds[rng.integers(3)])
        for step, title_id in enumerate(sorted(chosen))
    )


def draw_policy(rng):
    """Draw limits of every kind."""
    return Policy(
        region=REGIONS[rng.integers(2)],
        services=frozenset(rng.choice(PLATFORMS, rng.integers(0, 3), replace=False).tolist()),
        max_age=[None, 6, 12, 16][rng.integers(4)],
        allow_unrated=bool(rng.random() < 0.3),
        blocked_genres=frozenset(rng.choice(GENRES, rng.integers(0, 2), replace=False).tolist()),
    )


def draw_remarks(world, rng):
    """Draw dismissals, some of which have ended."""
    shelf = world.engine.shelf
    draws = {
        Scope.TITLE: lambda: str(shelf.ids[rng.integers(shelf.size)]),
        Scope.GENRE: lambda: GENRES[rng.integers(len(GENRES))],
        Scope.PERSON: lambda: f"p{rng.integers(n_stars())}",
    }
    scopes = list(draws)
    remarks = []
    for _ in range(rng.integers(0, 4)):
        scope = scopes[rng.choice(3, p=[0.7, 0.1, 0.2])]
        until = [None, NOW + timedelta(days=1), NOW - timedelta(days=1)][rng.integers(3)]
        remarks.append(Remark(FeedbackKind.DISMISSED, scope, draws[scope](), 1.0, NOW - timedelta(days=9), until))
    return tuple(remarks)


def plain_wish(world, likings, *, limit=10, diversity=0.15, permitted=None):
    """Ask for a list without any moment."""
    shelf = world.engine.shelf
    return Wish(
        permitted=np.ones(shelf.size, np.bool_) if permitted is None else permitted,
        hidden=np.array([shelf.slots[liking.title_id] for liking in likings], np.int32),
        popular_from=0.95,
        fits_moment=None,
        lift=np.zeros(shelf.size, np.float32),
        favourites=frozenset(),
        diversity=diversity,
        multipliers=np.ones(len(PARTS)),
        limit=limit,
    )
