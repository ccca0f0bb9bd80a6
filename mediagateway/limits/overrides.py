"""What admins have set instead of the table: read by every process within two seconds, each change audited."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from mediagateway import audit
from mediagateway.errors import NotFoundError
from mediagateway.models import LimitOverride
from mediagateway.principal import Principal

#: Seconds for which a process goes by what it has read; while one thread reads anew, the others may for as long again.
MAX_AGE_S = 2.0
#: Seconds to wait for that thread when what there is is older still; a database that hangs must not hold up everybody.
_WAIT_S = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Override:
    """
    A limit instead of the table's; no tier multiplies it.

    Attributes:
        group: Name of a group or a rule.
        subject: Whom it is for, as `LimitOverride.subject` has it.
        per_minute: Requests in any 60 seconds; of a rule too, whatever its own window.
        burst: Requests in any one second; a rule has none.
        until: When it ends; None holds until it is removed.
    """

    group: str
    subject: str
    per_minute: int
    burst: int
    until: datetime | None = None


class Overrides:
    """This process's copy of the overrides in force."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._refreshing = threading.Lock()
        self._read_at = float("-inf")
        self._by_key: dict[tuple[str, str], Override] = {}

    def find(self, group: str, *subjects: str) -> Override | None:
        """Find the override of the first of these subjects that has one. One SQL statement in `MAX_AGE_S`."""
        age_s = time.monotonic() - self._read_at
        if age_s > MAX_AGE_S:
            # A process that was idle has a copy of any age: nobody goes by that one, however many come at once.
            self._refresh(wait_s=_WAIT_S if age_s > 2 * MAX_AGE_S else 0)
        if not self._by_key:
            return None
        now = timezone.now()
        for subject in subjects:
            override = self._by_key.get((group, subject))
            if override and (override.until is None or override.until > now):
                return override
        return None

    def _refresh(self, *, wait_s: float) -> None:
        """Read them all; one thread does, the others wait so long at most. Without a database the last copy stays."""
        if not self._refreshing.acquire(timeout=wait_s):
            return
        try:
            if time.monotonic() - self._read_at <= MAX_AGE_S:
                # Another has done it meanwhile.
                return
            try:
                self._by_key = {(override.group, override.subject): override for override in list_overrides()}
            except (DatabaseError, InterfaceError) as err:
                _log.warning("limits.overrides_unread", error=repr(err))
            self._read_at = time.monotonic()
        finally:
            self._refreshing.release()


def list_overrides() -> tuple[Override, ...]:
    """List the overrides in force, by group and subject. One SQL statement."""
    rows = LimitOverride.objects.exclude(until__lte=timezone.now())
    return tuple(Override(row.group, row.subject, row.per_minute, row.burst, row.until) for row in rows)


def set_override(override: Override, *, principal: Principal | None) -> bool:
    """Put an override in the place of any for the same group and subject, and say whether it is the first there."""
    with transaction.atomic():
        _, is_new = LimitOverride.objects.update_or_create(
            group=override.group,
            subject=override.subject,
            defaults={"per_minute": override.per_minute, "burst": override.burst, "until": override.until},
        )
        audit.record(
            "kernel.limit_overridden",
            principal=principal,
            target=_target(override.group, override.subject),
            details={"per_minute": override.per_minute, "burst": override.burst, "until": override.until},
        )
    return is_new


def remove_override(group: str, subject: str, *, principal: Principal | None) -> None:
    """
    Go back to the table.

    Raises:
        NotFoundError: There is no such override.
    """
    with transaction.atomic():
        deleted, _ = LimitOverride.objects.filter(group=group, subject=subject).delete()
        if not deleted:
            raise NotFoundError("There is no such override.")
        audit.record("kernel.limit_restored", principal=principal, target=_target(group, subject))


def _target(group: str, subject: str) -> str:
    """Name an override for the audit log."""
    return f"limit:{group}/{subject}"[:255]
