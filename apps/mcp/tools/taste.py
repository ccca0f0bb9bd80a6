"""What a person likes: ratings and preferences; and taking back what an agent did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from apps.mcp.domain.shapes import Arguments, NoArguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Tool
from apps.mcp.services.undo import make_undo_token, undo
from apps.mcp.tools.catalogue import TitleKey
from apps.user import api as user
from apps.user.errors import RatingNotFoundError


class RateArguments(Arguments):
    """What a person thinks of a title."""

    title_id: TitleKey
    score: Annotated[int, Field(ge=1, le=10, description="1 is worst, 10 is best.")]


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating as it stands."""

    title_id: UUID
    score: int
    undo_token: str


class PreferenceArguments(Arguments):
    """What to change; keys that are not named stay as they are."""

    values: Annotated[
        dict[str, bool | str | list[str] | None],
        Field(min_length=1, description="Preference -> its new value; get_preferences lists the keys."),
    ]


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every preference; what nobody has chosen has its default."""

    values: Mapping[str, bool | str | list[str] | None]


@dataclass(frozen=True, slots=True)
class ChangedPreferences(Preferences):
    """Every preference as it is now."""

    undo_token: str


class UndoArguments(Arguments):
    """What to take back."""

    undo_token: Annotated[str, Field(min_length=1, max_length=4096, description="From the answer of another tool.")]


@dataclass(frozen=True, slots=True)
class Undone:
    """Which tool's call was taken back."""

    tool: str


def rate_title(call: Call, asked: RateArguments) -> Rated:
    """Rate a title for the viewer."""
    viewer = call.viewer()
    before = {rating.content_id: rating.score for rating in user.list_scores(viewer)}
    rating = user.rate(viewer, asked.title_id, asked.score, policy=viewer.policy, now=call.now)
    members = {"title_id": str(rating.content_id), "score": before.get(rating.content_id)}
    return Rated(rating.content_id, rating.score, make_undo_token(call, "rate_title", members))


def _undo_rating(call: Call, members: Mapping[str, Any]) -> None:
    """Put back the rating that was there, or none."""
    viewer, title_id = call.viewer(), UUID(members["title_id"])
    if members["score"] is not None:
        user.rate(viewer, title_id, members["score"], policy=viewer.policy, now=call.now)
        return
    try:
        user.delete_rating(viewer, title_id, now=call.now)
    except RatingNotFoundError:
        # Taken back before, here or elsewhere: that is the state that was asked for.
        return


def get_preferences(call: Call, _asked: NoArguments) -> Preferences:
    """Read the viewer's preferences."""
    return Preferences(user.get_preferences(call.viewer()))


def update_preferences(call: Call, asked: PreferenceArguments) -> ChangedPreferences:
    """Change some of the viewer's preferences."""
    viewer = call.viewer()
    before = user.change_preferences(viewer, asked.values, now=call.now)
    token = make_undo_token(call, "update_preferences", {"values": before})
    return ChangedPreferences(user.get_preferences(viewer), token)


def _undo_preferences(call: Call, members: Mapping[str, Any]) -> None:
    """Put back the values that there were."""
    user.change_preferences(call.viewer(), members["values"], now=call.now)


def undo_call(call: Call, asked: UndoArguments) -> Undone:
    """Take back what a tool did."""
    return Undone(undo(call, asked.undo_token))


TOOLS = (
    Tool(
        "rate_title",
        "Rate a title",
        "Rate a title for the viewer from 1 to 10, or change the rating. Recommendations follow at once.",
        RateArguments,
        Rated,
        rate_title,
        scopes=frozenset({"write:ratings"}),
        writes=True,
        undo=_undo_rating,
    ),
    Tool(
        "get_preferences",
        "Get preferences",
        "Languages, subtitles, picture, sound, favourite and excluded genres, notifications.",
        NoArguments,
        Preferences,
        get_preferences,
        scopes=frozenset({"read:preferences"}),
    ),
    Tool(
        "update_preferences",
        "Change preferences",
        "Change some of the viewer's preferences; the others stay.",
        PreferenceArguments,
        ChangedPreferences,
        update_preferences,
        scopes=frozenset({"write:preferences"}),
        writes=True,
        undo=_undo_preferences,
    ),
    Tool(
        "undo",
        "Undo",
        "Take back what another tool changed, within a day, by its undo_token.",
        UndoArguments,
        Undone,
        undo_call,
        # Which scopes it takes is known when the token is read: those of the tool that is undone.
        scopes=frozenset(),
        writes=True,
    ),
)
