"""What somebody asks to play: whether they may, and under which id it is known."""

from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import TitleId, TitleSummary
from apps.content.errors import TitleNotFoundError
from apps.playback.errors import ViewingWindowClosedError
from mediagateway.policy import Policy


def get_title(content_id: UUID, *, policy: Policy, now: datetime) -> TitleSummary:
    """
    Read a title, or the one that answers for it. As `content.get_summaries`.

    Raises:
        TitleNotFoundError: No such title, or one that the viewer may not see.
    """
    title = content.get_summaries([content_id], policy=policy, now=now).get(TitleId(content_id))
    if title is None:
        raise TitleNotFoundError("There is no title with this id.")
    return title


def series_id_of(title: TitleSummary) -> UUID:
    """Name the series of an episode or season; another title is its own."""
    return title.part_of.series_id if title.part_of else title.id


def check_window(policy: Policy, *, now: datetime) -> None:
    """
    Check that the viewer may watch at this hour.

    Raises:
        ViewingWindowClosedError: They may not.
    """
    if not policy.permits_watching_at(now):
        raise ViewingWindowClosedError("This profile may not watch at this hour.")
