"""What to watch: recommendations, tonight, and what was begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from apps.content.contracts import DeviceKind
from apps.discover import api as discover
from apps.discover.api import MOOD_GENRES, Wish
from apps.discover.contracts import TonightAnswer
from apps.mcp.domain.shapes import Arguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Tool
from apps.mcp.services.undo import make_undo_token
from apps.mcp.tools.catalogue import Region, TitleKey
from apps.mcp.tools.lists import Limit
from apps.playback import api as playback
from apps.playback.contracts import ContinueRecord
from apps.sona import api as sona
from apps.sona.contracts import (
    Company,
    Context,
    Device,
    Mood,
    Recommendation,
    RecommendationRequest,
    Scope,
)
from mediagateway.errors import FieldError, InvalidInputError


class RecommendationArguments(Arguments):
    """The moment, and how many."""

    mood: Mood | None = None
    minutes: Annotated[int | None, Field(ge=1, le=1440, description="How much time there is.")] = None
    device: Device | None = None
    company: Annotated[Company | None, Field(description="Who watches too.")] = None
    my_services: Annotated[bool, Field(description="Only what the household's subscriptions offer.")] = False
    region: Region = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10


@dataclass(frozen=True, slots=True)
class RecommendedTitles:
    """Recommendations, best first; `is_personal` is false while nothing is known of the viewer."""

    items: tuple[Recommendation, ...]
    model_version: str
    is_personal: bool


class DismissArguments(Arguments):
    """Which title not to show."""

    title_id: TitleKey
    days: Annotated[int | None, Field(ge=1, le=3650, description="For how long; for ever without it.")] = None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The title that is not recommended any more."""

    title_id: UUID
    undo_token: str


class TonightArguments(Arguments):
    """Who watches, how long, and on what."""

    minutes: Annotated[int, Field(ge=1, le=1440, description="How much time there is.")]
    profile_ids: Annotated[tuple[UUID, ...], Field(max_length=10, description="Who watches too, by profile.")] = ()
    ages: Annotated[tuple[Annotated[int, Field(ge=0, le=120)], ...], Field(max_length=10)] = ()
    mood: Annotated[str | None, Field(description=f"Among {', '.join(sorted(MOOD_GENRES))}.")] = None
    services: Annotated[
        tuple[str, ...] | None, Field(description="Slugs of what may be used; else what the household pays for.")
    ] = None
    device: DeviceKind = DeviceKind.WEB
    region: Region = None


class ContinueArguments(Arguments):
    """How much."""

    region: Region = None
    limit: Limit = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """What the viewer is in the middle of, the last watched first."""

    items: tuple[ContinueRecord, ...]


def get_recommendations(call: Call, asked: RecommendationArguments) -> RecommendedTitles:
    """Recommend titles to the viewer."""
    context = Context(mood=asked.mood, device=asked.device, minutes=asked.minutes, company=asked.company)
    request = RecommendationRequest(context=context, limit=asked.limit, my_services=asked.my_services)
    answer = sona.recommend(call.viewer(asked.region), request, now=call.now)
    return RecommendedTitles(answer.items, answer.model_version, answer.is_personal)


def dismiss_title(call: Call, asked: DismissArguments) -> Dismissed:
    """Keep a title out of the viewer's recommendations."""
    viewer, key = call.viewer(), str(asked.title_id)
    was_dismissed = any(
        one.scope is Scope.TITLE and one.key == key for one in sona.get_taste(viewer, now=call.now).dismissed
    )
    sona.record_dismissal(viewer, Scope.TITLE, key, days=asked.days, now=call.now)
    members = {"title_id": key, "was_dismissed": was_dismissed}
    return Dismissed(asked.title_id, make_undo_token(call, "dismiss_title", members))


def _undo_dismissal(call: Call, members: Mapping[str, Any]) -> None:
    """Let the title be recommended again, unless it was dismissed before."""
    if not members["was_dismissed"]:
        sona.withdraw(call.viewer(), Scope.TITLE, members["title_id"])


def tonight(call: Call, asked: TonightArguments) -> TonightAnswer:
    """Suggest one title and two backups."""
    if asked.mood is not None and asked.mood not in MOOD_GENRES:
        raise InvalidInputError("The mood is not known.", [FieldError("/mood", "unknown_value", "No such mood.")])
    viewer = None if call.principal is None else call.viewer(asked.region)
    policy = call.policy(asked.region) if viewer is None else viewer.policy
    room = discover.list_room(policy, viewer, profile_ids=asked.profile_ids, ages=asked.ages)
    services = None if asked.services is None else frozenset(asked.services)
    wish = Wish(minutes=asked.minutes, mood=asked.mood, services=services, device=asked.device)
    return discover.find_tonight(room, viewer, wish, now=call.now)


def get_continue_watching(call: Call, asked: ContinueArguments) -> Begun:
    """List what the viewer has begun."""
    page = playback.list_continue_watching(call.viewer(asked.region), now=call.now, limit=asked.limit)
    return Begun(tuple(page.items))


TOOLS = (
    Tool(
        "get_recommendations",
        "Get recommendations",
        "Titles for this viewer in this moment, each with true reasons. Ratings and dismissals count at once.",
        RecommendationArguments,
        RecommendedTitles,
        get_recommendations,
        scopes=frozenset({"read:recommendations"}),
    ),
    Tool(
        "tonight",
        "What to watch tonight",
        "One title that everybody in the room may watch and play now, and two backups, with reason, offer and link.",
        TonightArguments,
        TonightAnswer,
        tonight,
    ),
    Tool(
        "get_continue_watching",
        "Continue watching",
        "What the viewer is in the middle of, with the position; a series stands at its next episode.",
        ContinueArguments,
        Begun,
        get_continue_watching,
        scopes=frozenset({"read:history"}),
    ),
    Tool(
        "dismiss_title",
        "Dismiss a title",
        "Keep a title out of the viewer's recommendations, for some days or for ever.",
        DismissArguments,
        Dismissed,
        dismiss_title,
        scopes=frozenset({"write:recommendations"}),
        writes=True,
        undo=_undo_dismissal,
    ),
)
