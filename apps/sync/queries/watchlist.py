"""The watchlist with its titles, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import TitleId, TitleSummary
from apps.content.errors import TitleNotFoundError
from apps.sync.contracts import WatchlistItem
from apps.sync.queries.lists import list_watchlist
from mediagateway.http.pagination import Page
from mediagateway.ownership import Viewer


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """A title on the watchlist."""

    added_at: datetime
    title: TitleSummary


def list_watchlist_page(viewer: Viewer, *, after: Sequence[Any] | None, limit: int, now: datetime) -> Page[ListedTitle]:
    """
    List a stretch of the watchlist, newest first. The SQL of `list_watchlist` and of `content.get_summaries`.

    The whole list is read each time: it has a limit, and what was merged must be seen together.
    """
    items = list_watchlist(viewer)
    if after is not None:
        last = (datetime.fromisoformat(after[0]), UUID(after[1]))
        items = tuple(item for item in items if (item.added_at, item.content_id) < last)
    page = items[:limit]
    titles = content.get_summaries([item.content_id for item in page], policy=viewer.policy, now=now)
    next_key = (page[-1].added_at.isoformat(), str(page[-1].content_id)) if len(items) > limit else None
    # A title may have gone since the list was read.
    listed = tuple(
        ListedTitle(item.added_at, titles[key]) for item in page if (key := TitleId(item.content_id)) in titles
    )
    return Page(listed, next_key)


def describe_item(viewer: Viewer, item: WatchlistItem, *, now: datetime) -> ListedTitle:
    """
    Show an item with its title. The SQL of `content.get_summaries`.

    Raises:
        TitleNotFoundError: It is gone from the catalogue.
    """
    title = content.get_summaries([item.content_id], policy=viewer.policy, now=now).get(TitleId(item.content_id))
    if title is None:
        raise TitleNotFoundError("There is no title with this id.")
    return ListedTitle(item.added_at, title)
