"""What to watch tonight, with these people, in this time, on these services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import (
    DeviceKind,
    Exclusions,
    Kind,
    OfferType,
    Playable,
    TitleFilter,
    TitleId,
    TitleSummary,
    WatchOption,
)
from apps.discover.contracts import ReasonCode, SuggestionReason, TonightAnswer, TonightSuggestion
from apps.discover.domain.tonight import Tastes, choose, genres_for, matches_mood
from apps.playback import api as playback
from apps.sona import api as sona
from apps.sona.contracts import Scope
from apps.user import api as user
from apps.user.errors import ProfileNotFoundError
from mediagateway.ownership import Viewer
from mediagateway.policy import ADULT_AGE, Policy, strictest

#: Titles that tastes choose from: the most popular that fit, and as many for the mood.
_CANDIDATES = 300
_KINDS = (Kind.MOVIE, Kind.SERIES, Kind.SHORT, Kind.SPECIAL)
_FREE = frozenset({OfferType.FREE, OfferType.ADS})


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What is asked for tonight. All of it is hard but the mood, which orders.

    Attributes:
        minutes: How much time there is.
        mood: A key of `domain.tonight.MOOD_GENRES`; None is no wish.
        services: Slugs of what may be used; None is what the household pays for, and any when that is not known.
        kinds: Any of these; empty is all.
        device: Where links will be opened.
    """

    minutes: int
    mood: str | None = None
    services: frozenset[str] | None = None
    kinds: tuple[Kind, ...] = ()
    device: DeviceKind = DeviceKind.WEB


def list_room(
    policy: Policy, viewer: Viewer | None, *, profile_ids: Sequence[UUID], ages: Sequence[int]
) -> tuple[Policy, ...]:
    """
    List the policies of everybody in the room, who asks first. The SQL of `user.list_room_policies`, none for nobody.

    Raises:
        ProfileNotFoundError: A profile of no household of the viewer's.
    """
    if viewer is not None:
        return user.list_room_policies(viewer, profile_ids=profile_ids, ages=ages) if profile_ids or ages else (policy,)
    if profile_ids:
        raise ProfileNotFoundError("Without signing in there are no profiles; say ages instead.")
    guests = (Policy(policy.region, max_age=age if age < ADULT_AGE else None) for age in ages)
    return (policy, *guests)


def find_tonight(policies: Sequence[Policy], viewer: Viewer | None, wish: Wish, *, now: datetime) -> TonightAnswer:
    """
    Suggest one title that everybody in the room may watch and the household can play now, and at most two others.

    There is an answer whenever a title fulfils all hard constraints: they are conditions of the statement that finds
    the candidates, and tastes only order. SQL: two statements (four with a mood), those of `content.get_summaries` and
    `content.get_watch_options`, and for a person one for the preferences, one for
    the history and those of `sona.get_taste`: what who asks has dismissed is not suggested.

    Args:
        policies: Of everybody in the room, at least one; the first one's region decides.
        viewer: Whose tastes count; None is nobody's.
        wish: What is asked for.
        now: Decides which offers are open, and whether children may watch.

    Raises:
        ViewingWindowClosedError: Somebody in the room may not watch at this hour.
    """
    for policy in policies:
        playback.check_window(policy, now=now)
    room = strictest(policies)
    services = wish.services if wish.services is not None else (room.services or None)
    candidates = _candidates(room, wish, services, _dismissed(viewer, now=now), now=now)
    tastes = _tastes(viewer, wish, now=now)
    chosen = choose(candidates, tastes)
    ids = [each.id for each in chosen]
    titles = content.get_summaries(ids, policy=room, now=now)
    options = content.get_watch_options(ids, policy=room, now=now)
    suggestions = [
        _suggest(
            each, titles[each.id], option, wish, services, is_unseen=viewer is not None and each.id not in tastes.seen
        )
        for each in chosen
        # Between the statements an offer may have ended; then the next one is the answer.
        if each.id in titles and (option := _playable(options.get(each.id, ()), services))
    ]
    return TonightAnswer(
        region=room.region,
        answer=suggestions[0] if suggestions else None,
        backups=tuple(suggestions[1:]),
        mood_matched=bool(suggestions) and _has_code(suggestions[0], ReasonCode.MATCHES_MOOD),
    )


def _candidates(
    room: Policy, wish: Wish, services: frozenset[str] | None, dismissed: Exclusions | None, *, now: datetime
) -> tuple[Playable, ...]:
    """Read what fits, the most popular first, and with a mood what fits of its genres besides."""
    found: dict[TitleId, Playable] = {}
    for genres in {(), tuple(genres_for(wish.mood))}:
        playable = content.list_playable(
            TitleFilter(kinds=wish.kinds or _KINDS, excluded=dismissed),
            room,
            services=services,
            minutes=wish.minutes,
            genres=genres,
            now=now,
            limit=_CANDIDATES,
        )
        found |= {each.id: each for each in playable}
    return tuple(found.values())


def _dismissed(viewer: Viewer | None, *, now: datetime) -> Exclusions | None:
    """Read what a person has said not to want; who asks decides that, whoever else watches. `sona.get_taste`'s SQL."""
    if viewer is None:
        return None
    keys: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for record in sona.get_taste(viewer, now=now).dismissed:
        keys[record.scope].append(record.key)
    return Exclusions(
        title_ids=tuple(map(UUID, keys[Scope.TITLE])),
        genres=tuple(keys[Scope.GENRE]),
        person_ids=tuple(map(UUID, keys[Scope.PERSON])),
    )


def _tastes(viewer: Viewer | None, wish: Wish, *, now: datetime) -> Tastes:
    if viewer is None:
        return Tastes(mood=wish.mood)
    favourites, excluded = viewer.preferences["favorite_genres"], viewer.preferences["excluded_genres"]
    assert isinstance(favourites, list)
    assert isinstance(excluded, list)
    return Tastes(wish.mood, frozenset(favourites), frozenset(excluded), playback.watched_ids(viewer, now=now))


def _playable(options: Sequence[WatchOption], services: frozenset[str] | None) -> WatchOption | None:
    """Pick the first offer that costs nothing more."""
    return next(
        (
            option
            for option in options
            if option.type in _FREE
            or (option.type is OfferType.SUBSCRIPTION and (services is None or option.platform in services))
        ),
        None,
    )


def _suggest(
    found: Playable,
    title: TitleSummary,
    option: WatchOption,
    wish: Wish,
    services: frozenset[str] | None,
    *,
    is_unseen: bool,
) -> TonightSuggestion:
    """Write a suggestion with the reasons that are true of it."""
    reasons = [
        SuggestionReason(ReasonCode.FITS_TIME, f"{found.runtime_minutes} of your {wish.minutes} minutes."),
    ]
    if option.type in _FREE:
        how = "with ads" if option.type is OfferType.ADS else "free"
        reasons.append(SuggestionReason(ReasonCode.FREE, f"To be watched {how} on {option.platform_name}."))
    elif services is not None:
        reasons.append(SuggestionReason(ReasonCode.INCLUDED, f"Included in your {option.platform_name}."))
    if title.min_age is not None:
        rated = f"{title.certificate}: for" if title.certificate else "For"
        reasons.append(SuggestionReason(ReasonCode.SUITS_EVERYBODY, f"{rated} ages {title.min_age} and up."))
    if wish.mood is not None and matches_mood(found, wish.mood):
        reasons.append(SuggestionReason(ReasonCode.MATCHES_MOOD, f"It is {wish.mood}."))
    if is_unseen:
        reasons.append(SuggestionReason(ReasonCode.NOT_SEEN, "You have not watched it yet."))
    return TonightSuggestion(
        title=title,
        runtime_minutes=found.runtime_minutes,
        reasons=tuple(reasons),
        offer=playback.link_to(option, wish.device, services=services or frozenset()),
    )


def _has_code(suggestion: TonightSuggestion, code: ReasonCode) -> bool:
    return any(reason.code is code for reason in suggestion.reasons)
