"""What a person was told; of titles, only what they may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.user.contracts import NotificationRecord
from apps.user.errors import NotificationNotFoundError
from apps.user.models import Notification
from apps.user.queries.ownership import Owner
from mediagateway.http.pagination import Page
from mediagateway.ownership import owned
from mediagateway.policy import Policy


def list_notifications(
    owner: Owner, *, unread: bool, policy: Policy, now: datetime, after: Sequence[Any] | None, limit: int
) -> Page[NotificationRecord]:
    """
    List notifications, newest first. One SQL statement and those of `content.get_summaries`.

    One that is only about titles that the person may not see is left out.
    """
    rows = owned(Notification, owner).order_by("-created_at", "-id")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if after is not None:
        created_at, row_id = datetime.fromisoformat(after[0]), UUID(after[1])
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    next_key = (page[-1].created_at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return Page(_visible(page, policy=policy, now=now), next_key)


def get_notification(owner: Owner, notification_id: UUID, *, policy: Policy, now: datetime) -> NotificationRecord:
    """
    Read one notification. One SQL statement and those of `content.get_summaries`.

    Raises:
        NotificationNotFoundError: The profile has none of this id, or it is only about titles that it may not see.
    """
    visible = _visible(list(owned(Notification, owner).filter(pk=notification_id)), policy=policy, now=now)
    if not visible:
        raise NotificationNotFoundError("There is no notification with this id.")
    return visible[0]


def _visible(rows: Sequence[Notification], *, policy: Policy, now: datetime) -> tuple[NotificationRecord, ...]:
    """Write rows with the titles that may be seen, as they are called now."""
    asked = {UUID(content_id) for row in rows for content_id in row.content_ids}
    seen = content.get_summaries(list(asked), policy=policy, now=now) if asked else {}
    return tuple(
        NotificationRecord(row.id, row.kind, row.text, content_ids, row.link, row.created_at, row.read_at)
        for row in rows
        for content_ids in [
            tuple(seen[TitleId(UUID(each))].id for each in row.content_ids if TitleId(UUID(each)) in seen)
        ]
        if content_ids or not row.content_ids
    )
