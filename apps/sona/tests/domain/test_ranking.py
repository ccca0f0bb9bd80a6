"""Proofs over generated people: reasons are true, and nothing forbidden is ever recommended."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from apps.sona.contracts import RecommendationRequest
from apps.sona.domain.ranking import ReasonCode
from apps.sona.queries.people import Person
from apps.sona.queries.recommendations import make_wish
from apps.sona.tests.domain.populations import (
    NOW,
    NOW_S,
    draw_likings,
    draw_policy,
    draw_remarks,
    make_world,
    n_stars,
    plain_wish,
)

BECAUSE = {ReasonCode.BECAUSE_WATCHED, ReasonCode.BECAUSE_RATED, ReasonCode.BECAUSE_ADDED}


@pytest.fixture(scope="module")
def world():
    return make_world(n_titles=400, n_people=120, seed=11)


def flip(world, people, seed):
    """Take every title that a reason names out of the history, ask again, and count who is still there."""
    rng = np.random.default_rng(seed)
    named = kept = 0
    for _ in range(people):
        likings = draw_likings(world, rng)
        wish = plain_wish(world, likings, diversity=[0.0, 0.15, 0.6][rng.integers(3)])
        picks = world.engine.recommend(likings, wish)
        causes = {reason.title_id for pick in picks for reason in pick.reasons if reason.code in BECAUSE}
        for cause in causes:
            rest = tuple(liking for liking in likings if liking.title_id != cause)
            again = {
                pick.title_id
                for pick in world.engine.recommend(rest, plain_wish(world, rest, diversity=wish.diversity))
            }
            for pick in picks:
                if any(reason.title_id == cause for reason in pick.reasons):
                    named += 1
                    kept += pick.title_id in again
    return named, kept


def count_violations(world, people, seed):
    """Ask for lists under drawn limits, dismissals and services, and check each title by the plain facts of it."""
    rng = np.random.default_rng(seed)
    shelf, shown, violations = world.engine.shelf, 0, 0
    works: dict[str, list[UUID]] = {f"p{star}": [] for star in range(n_stars())}
    for title_id, stars in world.people.items():
        for star in stars:
            works[star].append(title_id)
    for _ in range(people):
        likings, policy, remarks = draw_likings(world, rng), draw_policy(rng), draw_remarks(world, rng)
        known = frozenset(liking.title_id for liking in likings)
        person = Person(likings, known, remarks, works, frozenset(), frozenset(), None, is_allowed=True)
        request = RecommendationRequest(
            limit=int(rng.integers(1, 30)), my_services=bool(rng.random() < 0.3), available=bool(rng.random() < 0.3)
        )
        wish = make_wish(request, person, shelf, policy, variant=None, now=NOW)
        picks = world.engine.recommend(likings, wish)
        shown += len(picks)
        for pick in picks:
            item = world.items[pick.title_id]
            violations += not is_fine(item, world.people[item.id], policy, remarks, request) or pick.title_id in known
    return shown, violations


def is_fine(item, people, policy, remarks, request):
    """The facts, without masks: the policy's own word, each dismissal, each offer."""
    if not policy.permits(min_ages=item.min_ages, genres=item.genres):
        return False
    said = {"title": {str(item.id)}, "genre": set(item.genres), "person": set(people)}
    for remark in remarks:
        if (remark.until is None or remark.until > NOW) and remark.key in said[remark.scope.value]:
            return False
    if not (request.my_services or request.available):
        return True
    return any(
        offer.region == policy.region
        and offer.start_s <= NOW_S
        and (offer.end_s is None or offer.end_s > NOW_S)
        and (not request.my_services or offer.platform in policy.services)
        for offer in item.offers
    )


@pytest.mark.once
def test_without_the_title_of_a_reason_the_recommendation_is_gone(world):
    """150 people; every reason holds, and there are reasons."""
    named, kept = flip(world, 150, seed=1)

    assert kept == 0
    assert named > 150


@pytest.mark.once
@pytest.mark.slow
def test_reasons_hold_for_a_thousand_people():
    """The whole proof, on a larger catalogue."""
    named, kept = flip(make_world(n_titles=1500, n_people=600, seed=3), 1000, seed=2)

    assert kept == 0
    assert named > 1000


@pytest.mark.once
def test_nothing_forbidden_is_recommended(world):
    """500 people with limits, dismissals and services of every kind."""
    shown, violations = count_violations(world, 500, seed=5)

    assert violations == 0
    assert shown > 3000


@pytest.mark.once
@pytest.mark.slow
def test_nothing_forbidden_is_recommended_to_ten_thousand_people(world):
    """The whole proof."""
    shown, violations = count_violations(world, 10_000, seed=7)

    assert violations == 0
    assert shown > 60_000


@pytest.mark.once
def test_new_titles_are_recommended_before_any_training(world):
    """A title that came after the model is found by how it feels."""
    rng = np.random.default_rng(4)
    new = set(np.flatnonzero(world.engine.positions < 0).tolist())
    likings = draw_likings(world, rng)
    permitted = np.zeros(world.engine.shelf.size, np.bool_)
    permitted[sorted(new)] = True

    picks = world.engine.recommend(likings, plain_wish(world, likings, permitted=permitted))

    assert len(picks) == 10


@pytest.mark.once
def test_diversity_spreads_a_list(world):
    """Lists get less alike with every step, and 0 is the plain order of scores."""
    rng = np.random.default_rng(9)
    shelf = world.engine.shelf
    likings = draw_likings(world, rng)

    def alikeness(diversity):
        wish = replace(plain_wish(world, likings), diversity=diversity)
        chosen = world.engine.choose(world.engine.score(likings, wish)[0][0], wish)
        return float((shelf.style[chosen] @ shelf.style[chosen].T).mean())

    assert alikeness(0.0) > alikeness(0.4) > alikeness(0.9)
