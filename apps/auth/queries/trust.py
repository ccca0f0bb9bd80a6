"""
What this process believes of tokens: our public keys, and what has been revoked lately.

Read at most every two seconds by two small statements, whatever the number of requests, so that a check costs no
statement of its own and a revocation holds everywhere within five seconds. When the database does not answer, neither
does the check: a token that cannot be doubted is not believed.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db.models import Q
from django.utils import timezone

from apps.auth.models import Revocation, SigningKey

#: Between two readings.
_POLL_S = 2.0
#: From here on everybody waits for the reading, instead of going on with what was known.
_STALE_S = 4.0
#: How soon a `kid` that nobody knows may cause a reading out of turn: a first key has just been made, or someone plays.
_IMPATIENT_S = 0.25
#: A transaction that wrote a revocation has committed after this long; each reading goes back that far.
_OVERLAP = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Trust:
    """
    One reading.

    Attributes:
        keys: Public keys by `kid`.
        revoked: `jti` and `sid` -> when the last token that it refuses has expired (seconds since 1970).
        read_at: Monotonic seconds.
    """

    keys: Mapping[str, RSAPublicKey]
    revoked: Mapping[str, float]
    read_at: float


class TrustStore:
    """The reading of this process, shared by its threads."""

    def __init__(self) -> None:
        """Nothing is believed before the first reading."""
        self._lock = threading.Lock()
        self._trust: Trust | None = None

    def current(self, *, kid: str | None = None) -> Trust:
        """Give the reading, a new one when it is due, or when it lacks the key that is asked for."""
        trust = self._trust
        age_s = time.monotonic() - trust.read_at if trust else _STALE_S
        wanted = trust is None or (kid is not None and kid not in trust.keys and age_s >= _IMPATIENT_S)
        if trust and not wanted and age_s < _POLL_S:
            return trust
        # One thread reads; the others go on with what is known, unless that is too old or lacks what they need.
        if not self._lock.acquire(blocking=wanted or age_s >= _STALE_S):
            assert trust is not None  # Without a reading we have waited.
            return trust
        try:
            if self._trust is None or self._trust is trust:
                self._trust = _read(trust)
            return self._trust
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Read again next time: this process has just changed something."""
        self._trust = None


store = TrustStore()


def _read(before: Trust | None) -> Trust:
    """Read keys and new revocations. Two SQL statements."""
    started, now = time.monotonic(), timezone.now()
    rows = Revocation.objects.filter(expires_at__gt=now)
    if before:
        rows = rows.filter(revoked_at__gte=now - _OVERLAP)
    known = {**before.revoked} if before else {}
    known |= {subject: expires_at.timestamp() for subject, expires_at in rows.values_list("subject", "expires_at")}
    pems = SigningKey.objects.filter(Q(verifies_until__isnull=True) | Q(verifies_until__gt=now))
    return Trust(
        keys={kid: _load(pem) for kid, pem in pems.values_list("kid", "public_pem")},
        revoked={subject: until for subject, until in known.items() if until > now.timestamp()},
        read_at=started,
    )


def _load(pem: str) -> RSAPublicKey:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey)  # We make no others.
    return key
