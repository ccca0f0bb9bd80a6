"""Recommendations for one person, and how one title suits them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from uuid import UUID

import numpy as np

from apps.content import api as content
from apps.content.contracts import GENRES, TitleId, TitleSummary
from apps.content.errors import TitleNotFoundError
from apps.sona.adapters.shelves import engines
from apps.sona.contracts import (
    DismissalRecord,
    GenreTaste,
    LikedTitle,
    ReasonCode,
    ReasonRecord,
    Recommendation,
    RecommendationRequest,
    Recommendations,
    ScoredTitle,
    TasteProfile,
    VariantShown,
)
from apps.sona.domain.arrays import Ints, Mask
from apps.sona.domain.context import MOOD_GENRES, compute_lift, day_part_at, fitting
from apps.sona.domain.experiments import Variant
from apps.sona.domain.feedback import FeedbackKind, mark_dismissed
from apps.sona.domain.model import PARTS
from apps.sona.domain.ranking import Pick, Wish
from apps.sona.domain.shelf import Shelf
from apps.sona.queries.people import Person, read_person
from mediagateway.ownership import Viewer
from mediagateway.policy import Policy

#: How much lists are diversified unless somebody says otherwise.
DEFAULT_DIVERSITY = 0.15
#: Titles that are asked for beyond the limit, because the catalogue may have changed since the shelf was laid out.
_SPARE = 5


def recommend(
    viewer: Viewer,
    request: RecommendationRequest,
    *,
    variant: Variant | None = None,
    shown: VariantShown | None = None,
    now: datetime,
) -> Recommendations:
    """
    Recommend titles to a person, best first.

    SQL: one statement, those of `read_person` and those of `content.get_cards`.

    Args:
        viewer: Who asks; their policy and region hold.
        request: What is asked.
        variant: Of an experiment, which may change the blend and the diversity.
        shown: What to say of it.
        now: Decides what is available and which part of the day it is.
    """
    served = engines.current()
    person = read_person(viewer, served.shelf, now=now)
    context = replace(request.context, day_part=request.context.day_part or day_part_at(now, viewer.zone))
    request = replace(request, context=context)
    wish = make_wish(request, person, served.shelf, viewer.policy, variant=variant, now=now)
    picks = served.engine.recommend(person.likings, replace(wish, limit=request.limit + _SPARE))
    because = {reason.title_id for pick in picks for reason in pick.reasons if reason.title_id is not None}
    wanted = [*(pick.title_id for pick in picks), *because]
    titles = content.get_cards(wanted, policy=viewer.policy, now=now) if wanted else {}
    shown_picks = [pick for pick in picks if TitleId(pick.title_id) in titles][: request.limit]
    assert context.day_part is not None
    return Recommendations(
        items=tuple(_recommendation(pick, titles, request) for pick in shown_picks),
        model_version=served.version,
        day_part=context.day_part,
        is_personal=person.is_allowed and bool(person.likings or person.favourites),
        experiment=shown,
    )


def score_title(viewer: Viewer, content_id: UUID, *, now: datetime) -> ScoredTitle:
    """
    Say how well a title suits a person. SQL: one statement, those of `read_person` and up to four for the title.

    Raises:
        TitleNotFoundError: No such title on its own, or none that this viewer may see.
    """
    served = engines.current()
    title_id = content.resolve_titles([content_id], policy=viewer.policy).get(content_id)
    slot = None if title_id is None else served.shelf.slots.get(title_id)
    if slot is None or not served.shelf.permitted(viewer.policy)[slot]:
        raise TitleNotFoundError("There is no title with this id.")
    person = read_person(viewer, served.shelf, now=now)
    wish = make_wish(RecommendationRequest(), person, served.shelf, viewer.policy, variant=None, now=now)
    (scores,), (told,) = served.engine.score(person.likings, wish)
    permitted = served.shelf.permitted(viewer.policy)
    share = float((scores[permitted] <= scores[slot]).mean())
    components = {
        **dict(zip(PARTS, told.at(np.array([slot]))[0].tolist(), strict=True)),
        "context": float(wish.lift[slot]),
    }
    return ScoredTitle(
        served.shelf.ids[slot],
        round(share, 4),
        {name: round(value, 4) for name, value in components.items()},
        served.version,
    )


def get_taste(viewer: Viewer, *, now: datetime) -> TasteProfile:
    """Say all that the engine believes of a person. SQL: one statement, those of `read_person` and two to resolve."""
    served = engines.current()
    person = read_person(viewer, served.shelf, now=now)
    titles = content.resolve_titles([liking.title_id for liking in person.likings], policy=viewer.policy)
    liked = [liking for liking in reversed(person.likings) if liking.title_id in titles]
    return TasteProfile(
        liked=tuple(LikedTitle(liking.title_id, round(liking.strength, 3), liking.at, liking.why) for liking in liked),
        genres=_genre_tastes(
            [served.shelf.slots[liking.title_id] for liking in liked if liking.title_id in served.shelf.slots],
            served.shelf,
            served.shelf.permitted(viewer.policy),
        ),
        favorite_genres=tuple(sorted(person.favourites)),
        dismissed=tuple(
            DismissalRecord(remark.scope, remark.key, remark.at, remark.until)
            for remark in person.remarks
            if remark.kind is FeedbackKind.DISMISSED and (remark.until is None or remark.until > now)
        ),
        forgotten_at=person.forgotten_at,
        is_personal=person.is_allowed,
        model_version=served.version,
    )


def make_wish(
    request: RecommendationRequest,
    person: Person,
    shelf: Shelf,
    policy: Policy,
    *,
    variant: Variant | None,
    now: datetime,
) -> Wish:
    """Write a request, a person and a policy as masks and weights."""
    masks: list[Mask] = [
        shelf.permitted(policy),
        ~mark_dismissed(person.remarks, person.works, shelf, now),
        fitting(request.context, shelf, policy.region),
        *(~shelf.genres[genre] for genre in sorted(person.excluded) if genre in shelf.genres),
    ]
    if request.my_services:
        masks.append(shelf.available(policy.region, policy.services, now))
    elif request.available:
        masks.append(shelf.available(policy.region, None, now))
    if request.kinds:
        masks.append(np.isin(shelf.kinds, sorted(request.kinds)))
    multipliers = np.ones(len(PARTS))
    diversity = request.diversity
    if variant is not None:
        multipliers = np.array([variant.config.multipliers.get(part, 1.0) for part in PARTS])
        diversity = variant.config.diversity if diversity is None else diversity
    fits_moment = None
    if request.context.mood is not None:
        fits = [shelf.genres[genre] for genre in MOOD_GENRES[request.context.mood] if genre in shelf.genres]
        fits_moment = reduce(np.logical_or, fits, np.zeros(shelf.size, np.bool_))
    return Wish(
        permitted=reduce(np.logical_and, masks),
        hidden=_slots(person.known, shelf) if request.exclude_watched else np.zeros(0, np.int32),
        popular_from=shelf.popular_from(policy),
        fits_moment=fits_moment,
        lift=compute_lift(request.context, shelf, person.favourites, now),
        favourites=person.favourites,
        diversity=DEFAULT_DIVERSITY if diversity is None else diversity,
        multipliers=multipliers,
        limit=request.limit,
    )


def check_engine() -> None:
    """Follow the catalogue and the published model, for the readiness check: the first look loads both."""
    engines.current()


def _slots(ids: frozenset[UUID], shelf: Shelf) -> Ints:
    return np.array([shelf.slots[title_id] for title_id in ids if title_id in shelf.slots], np.int32)


def _recommendation(
    pick: Pick, titles: Mapping[TitleId, TitleSummary], request: RecommendationRequest
) -> Recommendation:
    reasons = [
        ReasonRecord(reason.code, text, reason.title_id)
        for reason in pick.reasons
        if (text := _say(reason.code, titles.get(TitleId(reason.title_id)) if reason.title_id else None, request))
    ]
    return Recommendation(titles[TitleId(pick.title_id)], pick.score, pick.source, tuple(reasons))


def _say(code: ReasonCode, cause: TitleSummary | None, request: RecommendationRequest) -> str:
    """Write a reason for people; empty for one whose cause the viewer may not see any more."""
    verb = {
        ReasonCode.BECAUSE_WATCHED: "watched",
        ReasonCode.BECAUSE_RATED: "rated",
        ReasonCode.BECAUSE_ADDED: "added",
    }.get(code)
    if verb is not None:
        return f"Because you {verb} {cause.title}" if cause is not None else ""
    if code is ReasonCode.FITS_MOMENT:
        return f"Fits your mood: {request.context.mood}"
    return "In a genre that you like" if code is ReasonCode.FAVOURITE_GENRE else "Popular"


def _genre_tastes(slots: Sequence[int], shelf: Shelf, permitted: Mask) -> tuple[GenreTaste, ...]:
    """Compare genres of what is liked with those of all that the person may see, the most liked first."""
    if not slots:
        return ()
    tastes = [
        GenreTaste(genre, round(float(mask[slots].mean()), 4), round(float(mask[permitted].mean()), 4))
        for genre, mask in shelf.genres.items()
        if genre in GENRES and mask[slots].any()
    ]
    return tuple(sorted(tastes, key=lambda taste: (-taste.share, taste.genre)))
