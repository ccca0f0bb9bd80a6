"""Preferences: their rows are `user`'s, the operations on them are in the log like all others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from apps.sync.domain.changes import Preference
from apps.sync.models import LogEntry
from apps.sync.services.log import Person, open_log
from apps.user import api as user
from apps.user.contracts import PreferenceWrite
from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.ownership import Viewer, owned

#: Names the operations that stand for changes made in `user`.
_NAMESPACE = UUID("6d3f5d0e-6f0e-4e5c-9d0b-1f6a2f0c8a11")


def set_preference(viewer: Viewer, key: str, value: Any, now: datetime) -> tuple[UUID, str]:  # noqa: ANN401 -- user knows what a key may hold
    """
    Set a preference now, and say by which operation, and its stamp.

    Raises:
        InvalidInputError: There is no such preference, it may not hold this, or it contradicts another.
    """
    with open_log(viewer, now=now) as log:
        # A change made in `user` may not have been heard of yet.
        for write in user.list_preference_writes(viewer):
            log.clock.observe(write.stamp)
        stamp = log.clock.tick(log.now_ms)
        (refusal,) = user.apply_preferences(viewer, [PreferenceWrite(key, value, stamp)])
        if refusal:
            raise InvalidInputError("The preference cannot be set.", [FieldError("/value", refusal, "Not possible.")])
        return log.write(Preference(key, value), stamp=stamp).id, stamp


def hear_preferences(profile_id: UUID, writes: Sequence[Mapping[str, Any]]) -> None:
    """Write changes that `user` has made itself into the log; a second time nothing happens."""
    person = Person(profile_id)
    ids = {uuid5(_NAMESPACE, f"{profile_id} {write['key']} {write['stamp']}"): write for write in writes}
    with open_log(person, now=timezone.now()) as log:
        known = set(owned(LogEntry, person).filter(operation_id__in=ids).values_list("operation_id", flat=True))
        for operation_id, write in ids.items():
            if operation_id not in known:
                log.write(Preference(write["key"], write["value"]), operation_id=operation_id, stamp=write["stamp"])
