"""Counting failures to prove who one is: for each account that is tried, known or not, and for each address."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.auth.adapters.vault import keyed_hash
from apps.auth.domain.lockout import FREE_FAILURES_OF_ACCOUNT, FREE_FAILURES_OF_ADDRESS, MEMORY, compute_delay_s
from apps.auth.errors import TooManyAttemptsError
from apps.auth.models import FailedAttempts

_PURPOSE = "failed-attempts"


class Attempt:
    """
    One attempt to prove something.

    Args:
        account: What is tried: an e-mail address as it was typed, or an account's id.
        address: From where; None when that is unknown.
    """

    def __init__(self, account: str, address: str | None) -> None:
        """Hash what is counted."""
        self._free = {keyed_hash(f"account:{account}", purpose=_PURPOSE): FREE_FAILURES_OF_ACCOUNT}
        self._account_hash = next(iter(self._free))
        if address:
            self._free[keyed_hash(f"address:{address}", purpose=_PURPOSE)] = FREE_FAILURES_OF_ADDRESS

    def check(self) -> None:
        """
        Check that nobody has to wait. One SQL statement.

        Raises:
            TooManyAttemptsError: Somebody has to.
        """
        now = timezone.now()
        blocked = FailedAttempts.objects.filter(subject_hash__in=self._free, blocked_until__gt=now)
        until = max(blocked.values_list("blocked_until", flat=True), default=now)
        if until > now:
            raise TooManyAttemptsError(int((until - now).total_seconds()) + 1)

    def fail(self) -> None:
        """Count a failure; must stand outside a transaction that the failure rolls back."""
        now = timezone.now()
        for subject_hash, free in sorted(self._free.items()):
            _count(subject_hash, now, free=free)

    def succeed(self) -> None:
        """Forget the account's failures; an address keeps its own, or one known password would wash off guesses."""
        FailedAttempts.objects.filter(subject_hash=self._account_hash).delete()


def _count(subject_hash: str, now: datetime, *, free: int) -> None:
    with transaction.atomic():
        row, _ = FailedAttempts.objects.select_for_update().get_or_create(
            subject_hash=subject_hash, defaults={"last_failed_at": now, "blocked_until": now}
        )
        row.failures = 1 if now - row.last_failed_at > MEMORY else row.failures + 1
        row.last_failed_at = now
        row.blocked_until = now + timedelta(seconds=compute_delay_s(row.failures, free=free))
        row.save()
