"""Deleting what can open nothing any more."""

from datetime import datetime, timedelta

from django.db.models import Q

from apps.auth.domain.lockout import MEMORY
from apps.auth.models import ApiKey, FailedAttempts, OneTimeToken, RefreshToken, Revocation, Session

#: What has ended stays this long, for whoever asks what happened.
_KEPT = timedelta(days=30)
#: Rows in one transaction, so that nobody waits long for it.
_BATCH = 1000


def forget_expired(*, now: datetime) -> int:
    """
    Delete sessions, tokens, revocations, keys and counters of failures that have run out; say how many rows went.

    A refresh token that comes back after its own expiry is then unknown instead of reused: it opens nothing either way,
    and nobody could have used it since.
    """
    ended = Q(ended_at__lt=now - _KEPT) | Q(expires_at__lt=now - _KEPT)
    revoked = Q(revoked_at__lt=now - _KEPT) | Q(expires_at__lt=now - _KEPT)
    counters = FailedAttempts.objects.filter(last_failed_at__lt=now - MEMORY, blocked_until__lt=now)
    gone = sum(
        (
            RefreshToken.objects.filter(expires_at__lt=now).delete()[0],
            Revocation.objects.filter(expires_at__lt=now).delete()[0],
            OneTimeToken.objects.filter(expires_at__lt=now - _KEPT).delete()[0],
            ApiKey.objects.filter(revoked).delete()[0],
            counters.delete()[0],
        )
    )
    while ids := list(Session.objects.filter(ended).values_list("id", flat=True)[:_BATCH]):
        gone += Session.objects.filter(id__in=ids).delete()[0]
    return gone
