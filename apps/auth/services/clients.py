"""OAuth clients: registered, changed, given a new secret, disabled."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.domain.redirects import find_fault
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.errors import ClientNotFoundError, PublicClientError
from apps.auth.models import OAuthClient
from apps.auth.queries.clients import ClientRecord, record_of
from apps.auth.services.sessions import end_client_sessions
from mediagateway import audit
from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.principal import Principal, Tier
from mediagateway.scopes import ADMIN_SCOPES

#: 128 bits: a client's id is no secret, and no two are alike.
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What is said of a client; as in `ClientRecord`."""

    name: str
    kind: ClientKind
    redirect_uris: tuple[str, ...]
    grant_types: frozenset[GrantType]
    scopes: frozenset[str]
    tier: Tier = Tier.FREE
    is_resource_server: bool = False


def create_client(facts: ClientFacts, *, principal: Principal | None) -> tuple[str, ClientRecord]:
    """
    Register a client, and give its secret this once; empty for a public one.

    Raises:
        InvalidInputError: What is said of it does not fit together.
        InsufficientScopeError: It could manage what its maker cannot.
    """
    check_client(facts)
    _check_hands_on(principal, facts.scopes)
    secret = "" if facts.kind is ClientKind.PUBLIC else new_secret()
    with transaction.atomic():
        row = OAuthClient(client_id=secrets.token_urlsafe(_ID_BYTES), secret_hash=hash_secret(secret) if secret else "")
        _write(row, facts)
        audit.record("auth.client_created", principal=principal, target=f"client:{row.client_id}")
    return secret, record_of(row)


def change_client(key: UUID, changes: dict[str, Any], *, principal: Principal | None) -> ClientRecord:
    """
    Change what is said of a client; what it has been granted before stays.

    Args:
        key: Its id.
        changes: Fields of `ClientFacts`, but `kind`, which never changes.
        principal: Who does it.

    Raises:
        ClientNotFoundError: There is none, or it is disabled.
        InvalidInputError: What would be said of it does not fit together.
        InsufficientScopeError: It could manage what its changer cannot.
    """
    with transaction.atomic():
        row = _get(key)
        record = record_of(row)
        before = {
            "name": record.name,
            "redirect_uris": record.redirect_uris,
            "grant_types": frozenset(record.grant_types),
            "scopes": frozenset(record.scopes),
            "tier": record.tier,
            "is_resource_server": record.is_resource_server,
        }
        facts = ClientFacts(kind=record.kind, **{**before, **changes})
        check_client(facts)
        _check_hands_on(principal, facts.scopes - frozenset(record.scopes))
        _write(row, facts)
        audit.record(
            "auth.client_changed",
            principal=principal,
            target=f"client:{row.client_id}",
            details={"fields": sorted(changes)},
        )
    return record_of(row)


def replace_secret(key: UUID, *, principal: Principal | None) -> tuple[str, ClientRecord]:
    """
    Give a client a new secret this once; the one before is good no more.

    Raises:
        ClientNotFoundError: There is none, or it is disabled.
        PublicClientError: It has none.
    """
    secret = new_secret()
    with transaction.atomic():
        row = _get(key)
        if row.is_public:
            raise PublicClientError("A public client has no secret.")
        row.secret_hash = hash_secret(secret)
        row.save(update_fields=["secret_hash"])
        audit.record("auth.client_secret_replaced", principal=principal, target=f"client:{row.client_id}")
    return secret, record_of(row)


def disable_client(key: UUID, *, principal: Principal | None) -> None:
    """
    Disable a client for good; within five seconds everything that it holds is good nowhere.

    Raises:
        ClientNotFoundError: There is none, or it is disabled already.
    """
    with transaction.atomic():
        row = _get(key)
        row.disabled_at = timezone.now()
        row.save(update_fields=["disabled_at"])
        end_client_sessions(row.client_id)
        audit.record("auth.client_disabled", principal=principal, target=f"client:{row.client_id}")


def check_client(facts: ClientFacts) -> None:
    """
    Refuse what could never work, or would not be safe.

    Raises:
        InvalidInputError: With one entry for each fault.
    """
    if errors := list(_faults(facts)):
        raise InvalidInputError("One or more fields do not fit together.", errors)


def _get(key: UUID) -> OAuthClient:
    row = OAuthClient.objects.select_for_update().filter(id=key, disabled_at__isnull=True).first()
    if row is None:
        raise ClientNotFoundError("There is no OAuth client of this id.")
    return row


def _write(row: OAuthClient, facts: ClientFacts) -> None:
    row.name, row.kind, row.tier = facts.name, facts.kind, facts.tier
    row.redirect_uris = list(facts.redirect_uris)
    row.grant_types = sorted(facts.grant_types)
    row.scope = " ".join(sorted(facts.scopes))
    row.is_resource_server = facts.is_resource_server
    row.save()


def _check_hands_on(principal: Principal | None, scopes: frozenset[str]) -> None:
    """Let nobody give a client rights over others that they have not themselves; None is who has a shell here."""
    lacking = scopes & ADMIN_SCOPES - (principal.scopes if principal else ADMIN_SCOPES)
    if lacking:
        raise InsufficientScopeError(lacking)


def _faults(facts: ClientFacts) -> Iterator[FieldError]:
    is_public = facts.kind is ClientKind.PUBLIC
    for position, uri in enumerate(facts.redirect_uris):
        if fault := find_fault(uri, is_public=is_public):
            yield FieldError(f"/redirect_uris/{position}", "invalid", fault)
    if (GrantType.AUTHORIZATION_CODE in facts.grant_types) != bool(facts.redirect_uris):
        yield FieldError(
            "/redirect_uris", "invalid", "The authorization code grant needs an address, and no other does."
        )
    if is_public and GrantType.CLIENT_CREDENTIALS in facts.grant_types:
        # RFC 6749 §4.4: must only be used by confidential clients.
        yield FieldError("/grant_types", "invalid", "A public client cannot act for itself.")
    if is_public and facts.is_resource_server:
        yield FieldError("/is_resource_server", "invalid", "A public client cannot prove that it asks.")
    if facts.grant_types == {GrantType.REFRESH_TOKEN}:
        yield FieldError("/grant_types", "invalid", "A refresh token comes by another grant.")
