"""Telling the rest of the product which titles changed, and the size in which bulk writes go."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from apps.content.models import Title
from mediagateway.events import publish

TITLES_CHANGED = "content.titles_changed"
#: Most titles of one save, most ids of one event and of one IN list.
MAX_BATCH = 500

_Item = TypeVar("_Item")


def batches(items: Collection[_Item]) -> Iterator[Sequence[_Item]]:
    """Cut items into batches of at most `MAX_BATCH`, in their order."""
    ordered = list(items)
    for start in range(0, len(ordered), MAX_BATCH):
        yield ordered[start : start + MAX_BATCH]


def publish_changes(ids: Collection[UUID]) -> None:
    """Publish "content.titles_changed"; one SQL statement for each `MAX_BATCH` ids."""
    for batch in batches(sorted(ids)):
        publish(TITLES_CHANGED, {"ids": [str(title_id) for title_id in batch]})


def bump_versions(ids: Collection[UUID], *, at: datetime) -> None:
    """
    Mark titles as changed by something that hangs on them, and publish it.

    Rows are locked in id order, so that writers that overlap wait instead of deadlocking; three SQL statements for each
    `MAX_BATCH` ids.
    """
    for batch in batches(sorted(ids)):
        locked = Title.objects.select_for_update(of=("self",)).filter(id__in=batch).order_by("id")
        list(locked.values_list("id"))
        Title.objects.filter(id__in=batch).update(version=F("version") + 1, updated_at=at)
    publish_changes(ids)
