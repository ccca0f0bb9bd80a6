"""What a person means to watch, and what they have begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from apps.content import api as content
from apps.content.contracts import TitleId, TitleSummary
from apps.content.errors import TitleNotFoundError
from apps.mcp.domain.shapes import Arguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Resource, Tool
from apps.mcp.services.undo import make_undo_token
from apps.mcp.tools.catalogue import Region, TitleKey
from apps.sync import api as sync

Limit = Annotated[int, Field(ge=1, le=100)]


class ListAction(StrEnum):
    """What to do with a title on a list."""

    ADD = "add"
    REMOVE = "remove"


class WatchlistArguments(Arguments):
    """How much of the list."""

    region: Region = None
    limit: Limit = 50


@dataclass(frozen=True, slots=True)
class WatchlistLine:
    """A title on the watchlist."""

    title: TitleSummary
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The newest titles of the watchlist; `total` counts those that the viewer may see."""

    items: tuple[WatchlistLine, ...]
    total: int


class ManageArguments(Arguments):
    """What to do with which title."""

    action: ListAction
    title_id: TitleKey


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether the title is on the watchlist now."""

    title_id: UUID
    is_on_watchlist: bool
    undo_token: str


def get_watchlist(call: Call, asked: WatchlistArguments) -> Watchlist:
    """Read the watchlist, newest first."""
    viewer = call.viewer(asked.region)
    listed = sync.list_watchlist(viewer)
    titles = content.get_summaries([item.content_id for item in listed], policy=viewer.policy, now=call.now)
    lines = tuple(
        WatchlistLine(titles[TitleId(item.content_id)], item.added_at) for item in listed if item.content_id in titles
    )
    return Watchlist(lines[: asked.limit], len(lines))


def manage_watchlist(call: Call, asked: ManageArguments) -> Listed:
    """Add a title or take it off; every device of the person follows."""
    viewer = call.viewer()
    title = content.get_summaries([asked.title_id], policy=viewer.policy, now=call.now).get(TitleId(asked.title_id))
    if title is None:
        raise TitleNotFoundError("There is no title with this id.")
    was_listed = any(item.content_id == title.id for item in sync.list_watchlist(viewer))
    _set_listed(call, title.id, is_listed=asked.action is ListAction.ADD)
    members = {"title_id": str(title.id), "was_listed": was_listed}
    return Listed(title.id, asked.action is ListAction.ADD, make_undo_token(call, "manage_watchlist", members))


def _undo_listing(call: Call, members: Mapping[str, Any]) -> None:
    """Put the title back to where it was: on the list or off it."""
    _set_listed(call, UUID(members["title_id"]), is_listed=members["was_listed"])


def _set_listed(call: Call, title_id: UUID, *, is_listed: bool) -> None:
    viewer = call.viewer()
    if is_listed:
        sync.add_to_watchlist(viewer, title_id, call.now)
    elif any(item.content_id == title_id for item in sync.list_watchlist(viewer)):
        sync.remove_from_watchlist(viewer, title_id, call.now)


TOOLS = (
    Tool(
        "get_watchlist",
        "Get the watchlist",
        "What the viewer means to watch, newest first, with the best offer for each.",
        WatchlistArguments,
        Watchlist,
        get_watchlist,
        scopes=frozenset({"read:watchlist"}),
    ),
    Tool(
        "manage_watchlist",
        "Change the watchlist",
        "Add a title to the viewer's watchlist, or take it off. All their devices follow at once.",
        ManageArguments,
        Listed,
        manage_watchlist,
        scopes=frozenset({"write:watchlist"}),
        writes=True,
        undo=_undo_listing,
    ),
)

RESOURCES = (
    Resource(
        "mediagateway://watchlist",
        "watchlist",
        "The watchlist",
        "What the viewer means to watch.",
        lambda call, _: get_watchlist(call, WatchlistArguments()),
        scopes=frozenset({"read:watchlist"}),
    ),
)
