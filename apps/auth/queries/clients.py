"""OAuth clients."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.errors import ClientNotFoundError
from apps.auth.models import OAuthClient
from mediagateway.principal import Tier


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """
    An OAuth client, without its secret.

    Attributes:
        client_id: What it calls itself.
        scopes: The most that it may ask for.
        is_resource_server: Whether it may introspect tokens of other clients.
        disabled_at: Since when it may do nothing; null for one that works.
    """

    id: UUID
    client_id: str
    name: str
    kind: ClientKind
    redirect_uris: tuple[str, ...]
    grant_types: tuple[GrantType, ...]
    scopes: tuple[str, ...]
    tier: Tier
    is_resource_server: bool
    created_at: datetime
    disabled_at: datetime | None


def find_client(client_id: str) -> OAuthClient | None:
    """Give the client that calls itself so, unless it is disabled. One SQL statement."""
    return OAuthClient.objects.filter(client_id=client_id, disabled_at__isnull=True).first()


def get_client(key: UUID) -> ClientRecord:
    """
    Read a client, disabled ones too. One SQL statement.

    Raises:
        ClientNotFoundError: There is none.
    """
    row = OAuthClient.objects.filter(id=key).first()
    if row is None:
        raise ClientNotFoundError("There is no OAuth client of this id.")
    return record_of(row)


def list_clients(*, after: tuple[datetime, UUID] | None, limit: int) -> tuple[ClientRecord, ...]:
    """List all clients, newest first. One SQL statement."""
    rows = OAuthClient.objects.order_by("-created_at", "-id")
    if after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    return tuple(record_of(row) for row in rows[:limit])


def record_of(row: OAuthClient) -> ClientRecord:
    """Show a client as admins see it."""
    return ClientRecord(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        kind=ClientKind(row.kind),
        redirect_uris=tuple(row.redirect_uris),
        grant_types=tuple(GrantType(name) for name in row.grant_types),
        scopes=tuple(row.scope.split()),
        tier=Tier(row.tier),
        is_resource_server=row.is_resource_server,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
