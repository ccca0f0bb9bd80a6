"""Telling every process which titles changed, so that its shelf follows the catalogue."""

from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from apps.sona.models import CatalogueChange, CatalogueState

_BATCH = 500


def follow_titles(ids: Collection[UUID]) -> None:
    """
    Mark titles as changed; whoever recommends reads them again before its next answer. Idempotent.

    What they are now stays in the catalogue alone: a copy of it would cost more to write than a shelf costs to lay out.
    One transaction, in which the row of `CatalogueState` is locked, so revisions become visible in their order. Four
    SQL statements for up to 500 titles.
    """
    if not ids:
        return
    with transaction.atomic():
        CatalogueState.objects.get_or_create(id=1)
        CatalogueState.objects.filter(id=1).update(revision=F("revision") + 1)
        revision = CatalogueState.objects.values_list("revision", flat=True).get(id=1)
        CatalogueChange.objects.bulk_create(
            [CatalogueChange(title_id=title_id, revision=revision) for title_id in set(ids)],
            update_conflicts=True,
            unique_fields=["title_id"],
            update_fields=["revision"],
            batch_size=_BATCH,
        )


def follow_catalogue() -> None:
    """Have every process read the whole catalogue again, as after a restore or a change behind the events' back."""
    CatalogueState.objects.update_or_create(id=1, defaults={"epoch": uuid4()})
