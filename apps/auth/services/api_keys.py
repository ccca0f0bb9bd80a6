"""API keys: made, and revoked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.auth import conf
from apps.auth.domain.api_keys import new_key, shown_part
from apps.auth.domain.secrets import hash_secret
from apps.auth.errors import ApiKeyNotFoundError, TooManyApiKeysError
from apps.auth.models import ApiKey
from apps.auth.queries import api_keys
from apps.auth.queries.api_keys import ApiKeyRecord, record_of
from mediagateway import audit
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.principal import Principal


def create_api_key(
    principal: Principal, account_id: UUID, *, name: str, scopes: frozenset[str], expires_at: datetime | None
) -> tuple[str, ApiKeyRecord]:
    """
    Make a key, and give it this once.

    Raises:
        InsufficientScopeError: It would be able to do what its maker cannot.
        TooManyApiKeysError: There are enough.
    """
    if not principal.has_scopes(scopes):
        raise InsufficientScopeError(scopes - principal.scopes)
    now = timezone.now()
    if ApiKey.objects.filter(account_id=account_id, revoked_at__isnull=True).count() >= conf.MAX_API_KEYS:
        raise TooManyApiKeysError(f"An account may hold {conf.MAX_API_KEYS} API keys.")
    key = new_key()
    with transaction.atomic():
        row = ApiKey.objects.create(
            account_id=account_id,
            name=name,
            prefix=shown_part(key),
            key_hash=hash_secret(key),
            scope=" ".join(sorted(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
        audit.record("auth.api_key_created", principal=principal, target=f"api_key:{row.id}")
    return key, record_of(row)


def revoke_api_key(principal: Principal, account_id: UUID, key_id: UUID) -> None:
    """
    Revoke a key; within three seconds it is good nowhere.

    Raises:
        ApiKeyNotFoundError: The account has no such key.
    """
    with transaction.atomic():
        own = ApiKey.objects.filter(id=key_id, account_id=account_id, revoked_at__isnull=True)
        if not own.update(revoked_at=timezone.now()):
            raise ApiKeyNotFoundError("You have no API key of this id.")
        audit.record("auth.api_key_revoked", principal=principal, target=f"api_key:{key_id}")
    api_keys.cache.forget()
