"""Gathering what models learn from, as other apps tell it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.sona.domain.signals import SignalKind
from apps.sona.models import TrainingSignal


def record_signal(profile_id: UUID, content_id: UUID, kind: SignalKind, *, value: float, at: datetime) -> None:
    """
    Keep the newest of what a person said of a title in one way. At most four SQL statements.

    Events come at least once and in any order, so an older one changes nothing.
    """
    row, is_new = TrainingSignal.objects.get_or_create(
        profile_id=profile_id, content_id=content_id, kind=kind.value, defaults={"value": value, "at": at}
    )
    if not is_new and row.at < at:
        TrainingSignal.objects.filter(pk=row.pk).update(value=value, at=at)


def forget_signals(profile_id: UUID, content_ids: Collection[UUID], kind: SignalKind, *, upto: datetime) -> None:
    """Delete what a person took back. One SQL statement."""
    TrainingSignal.objects.filter(
        profile_id=profile_id, content_id__in=content_ids, kind=kind.value, at__lte=upto
    ).delete()
