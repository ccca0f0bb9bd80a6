"""The open sessions of an account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.auth.models import OAuthClient, Session


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """
    A sign-in that goes on.

    Attributes:
        address, user_agent: From where it was opened.
        client_id: Empty for our own apps, "browser" for our own pages, else the OAuth client's.
        client_name: What that client is called; empty for our own.
        is_current: Whether it is the one that asks.
    """

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str
    client_id: str
    client_name: str
    is_current: bool


def list_sessions(
    account_id: UUID, *, now: datetime, current: UUID | None, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[SessionRecord, ...]:
    """List the sessions of an account that have neither ended nor expired, newest first. Two SQL statements."""
    rows = Session.objects.filter(account_id=account_id, ended_at__isnull=True, expires_at__gt=now)
    if after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    shown = rows.order_by("-created_at", "-id")[:limit]
    names = dict(
        OAuthClient.objects.filter(client_id__in={row.client_id for row in shown}).values_list("client_id", "name")
    )
    return tuple(
        SessionRecord(
            id=row.id,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            address=row.address,
            user_agent=row.user_agent,
            client_id=row.client_id,
            client_name=names.get(row.client_id, ""),
            is_current=row.id == current,
        )
        for row in shown
    )
