"""A start page: rows of titles, each with the reason why it is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import GENRES, Kind, OfferType, Sort, TitleFilter, TitleId
from apps.discover.contracts import Row
from apps.discover.queries.trending import list_trending_ids
from apps.playback import api as playback
from apps.sona import api as sona
from apps.sona.contracts import RecommendationRequest
from mediagateway.ownership import Viewer
from mediagateway.policy import Policy

#: Titles in a row, and how many more are read for what the policy or an earlier row takes away.
ROW_LENGTH = 20
_SPARE = 2
#: Days within which an offer "leaves soon".
_SOON_DAYS = 14
#: Rows for favourite genres.
_FAVOURITES = 2


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row before its titles are read."""

    id: str
    title: str
    reason: str
    ids: tuple[UUID, ...]


def list_rows(policy: Policy, viewer: Viewer | None, *, now: datetime) -> tuple[Row, ...]:
    """
    Write the start page of a viewer, or of nobody; rows without titles are left out.

    SQL: one statement for each row, those of `content.get_summaries` once for all of them, and for a person those of
    `playback.list_continue_watching` and `sona.recommend`, and one for the preferences.
    """
    drafts = list(_drafts(policy, viewer, now=now))
    wanted = dict.fromkeys(title_id for draft in drafts for title_id in draft.ids)
    titles = content.get_summaries(list(wanted), policy=policy, now=now)
    rows = []
    for draft in drafts:
        found = dict.fromkeys(titles[TitleId(each)] for each in draft.ids if each in titles)
        if found:
            rows.append(Row(draft.id, draft.title, draft.reason, tuple(found)[:ROW_LENGTH]))
    return tuple(rows)


def _drafts(policy: Policy, viewer: Viewer | None, *, now: datetime) -> Iterator[_Draft]:
    depth = ROW_LENGTH * _SPARE
    services = tuple(sorted(policy.services))
    if viewer is not None:
        going_on = playback.list_continue_watching(viewer, now=now, limit=ROW_LENGTH)
        ids = tuple(item.title.id for item in going_on.items)
        yield _Draft("continue", "Continue watching", "You have begun these.", ids)
        picked = sona.recommend(viewer, RecommendationRequest(limit=ROW_LENGTH, available=True), now=now)
        if picked.is_personal:
            ids = tuple(item.title.id for item in picked.items)
            yield _Draft("for_you", "For you", "Picked by what you have watched, rated and saved.", ids)
    trending = list_trending_ids(policy, now=now, limit=depth)
    yield _Draft("trending", f"Trending in {policy.region}", "Watched most here in the last days.", trending)
    if services:
        ending = content.list_ending(policy, now=now, days=_SOON_DAYS, platforms=services, limit=depth)
        yield _Draft(
            "leaving",
            "Leaving soon",
            f"Gone from one of your services within {_SOON_DAYS} days.",
            tuple(offer.content_id for offer in ending),
        )
        mine = TitleFilter(platforms=services, offer_types=(OfferType.SUBSCRIPTION,))
        yield _Draft(
            "new_on_services",
            "New on your services",
            "Came into the catalogue last, and is on a service that you pay for.",
            content.list_new_title_ids(mine, policy, now=now, limit=depth),
        )
    yield from _favourites(policy, viewer, now=now, depth=depth)
    for kind, name in ((Kind.MOVIE, "films"), (Kind.SERIES, "series")):
        popular = content.list_title_ids(TitleFilter(kinds=(kind,)), policy, sort=Sort.POPULAR, now=now, limit=depth)
        yield _Draft(f"popular_{name}", f"Popular {name}", f"{name.capitalize()} that many people know.", popular)
    free = TitleFilter(offer_types=(OfferType.FREE, OfferType.ADS))
    yield _Draft(
        "free",
        "Free to watch",
        f"Free, or with ads, in {policy.region}.",
        content.list_title_ids(free, policy, sort=Sort.POPULAR, now=now, limit=depth),
    )


def _favourites(policy: Policy, viewer: Viewer | None, *, now: datetime, depth: int) -> Iterator[_Draft]:
    """Draw up a row for the first of the genres that the viewer has named as favourites."""
    if viewer is None:
        return
    favourites = viewer.preferences["favorite_genres"]
    assert isinstance(favourites, list)
    for genre in favourites[:_FAVOURITES]:
        best = content.list_title_ids(TitleFilter(genres=(genre,)), policy, sort=Sort.RATING, now=now, limit=depth)
        name = GENRES[genre]
        yield _Draft(f"genre_{genre}", f"Best rated: {name}", f"{name} is one of your favourites.", best)
