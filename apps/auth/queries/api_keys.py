"""API keys, and whom one speaks for."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.auth.domain.api_keys import is_well_formed
from apps.auth.domain.secrets import hash_secret
from apps.auth.models import ApiKey
from mediagateway.principal import Principal, Role, Tier
from mediagateway.scopes import scopes_of

#: For so long a key, or that there is none, is believed without another look: a revocation holds after that.
_BELIEVED_S = 3.0
_MOST_BELIEVED = 4096
_USE_WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """
    An API key, without the key.

    Attributes:
        prefix: Its first characters, by which its owner knows it.
    """

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class KeyCache:
    """Principals by the hash of their key, for a moment."""

    def __init__(self) -> None:
        """Nothing is believed at first."""
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[float, Principal | None]] = {}

    def find(self, key_hash: str) -> tuple[float, Principal | None] | None:
        """Give what is still believed; None when nothing is."""
        entry = self._entries.get(key_hash)
        return entry if entry and entry[0] > time.monotonic() else None

    def keep(self, key_hash: str, principal: Principal | None) -> None:
        """Believe it for a moment."""
        with self._lock:
            if len(self._entries) >= _MOST_BELIEVED:
                self._entries.clear()
            self._entries[key_hash] = (time.monotonic() + _BELIEVED_S, principal)

    def forget(self) -> None:
        """Look again at every key: this process has just changed one."""
        with self._lock:
            self._entries.clear()


cache = KeyCache()


def find_key_principal(key: str) -> Principal | None:
    """Give the principal of a key; None when it is not valid. At most two SQL statements in three seconds."""
    if not is_well_formed(key):
        return None
    key_hash = hash_secret(key)
    if believed := cache.find(key_hash):
        return believed[1]
    principal = _read_principal(key_hash, timezone.now())
    cache.keep(key_hash, principal)
    return principal


def list_api_keys(account_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> tuple[ApiKeyRecord, ...]:
    """List the keys of an account that are not revoked, newest first. One SQL statement."""
    rows = ApiKey.objects.filter(account_id=account_id, revoked_at__isnull=True)
    if after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    return tuple(record_of(row) for row in rows.order_by("-created_at", "-id")[:limit])


def record_of(key: ApiKey) -> ApiKeyRecord:
    """Show a key as its owner may see it."""
    return ApiKeyRecord(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=tuple(key.scope.split()),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )


def _read_principal(key_hash: str, now: datetime) -> Principal | None:
    """Look the key up, and note that it was used."""
    key = ApiKey.objects.select_related("account").filter(key_hash=key_hash, revoked_at__isnull=True).first()
    if key is None or (key.expires_at and key.expires_at <= now):
        return None
    account = key.account
    if not account.is_active or account.deleted_at:
        return None
    ApiKey.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_WRITTEN_EVERY), id=key.id
    ).update(last_used_at=now)
    role = Role(account.role)
    return Principal(
        account_id=account.id,
        # The owner may have lost rights since.
        scopes=frozenset(key.scope.split()) & scopes_of(role),
        token_id=str(key.id),
        role=role,
        tier=Tier(account.tier),
        api_key_id=key.id,
    )
