"""Tickets: what lets a live connection in where no `Authorization` header can be sent."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.sync.models import Ticket
from apps.sync.queries.devices import find_row
from apps.user import api as user
from mediagateway.errors import UnauthenticatedError
from mediagateway.ownership import Viewer
from mediagateway.principal import Principal

#: Seconds in which a ticket must be used.
LIFETIME_S = 30


def issue_ticket(viewer: Viewer, device_id: UUID | None, now: datetime) -> str:
    """
    Make a ticket for one connection, of one device if it is one. Only its hash is kept.

    Raises:
        DeviceNotFoundError: This person has no such device.
    """
    if device_id is not None:
        find_row(viewer, device_id)
    secret = secrets.token_urlsafe(32)
    Ticket.objects.create(
        secret_hash=_hash(secret),
        profile_id=viewer.profile_id,
        device_id=device_id,
        scopes=sorted(viewer.principal.scopes),
        expires_at=now + timedelta(seconds=LIFETIME_S),
    )
    return secret


def redeem_ticket(secret: str, now: datetime) -> tuple[Viewer, UUID | None]:
    """
    Take a ticket in, and say whose connection it is and of which device.

    Raises:
        UnauthenticatedError: There is no such ticket: used, too old, or made up.
        AccountClosedError: The account or profile is closed.
    """
    with transaction.atomic():
        row = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("profile")
            .filter(secret_hash=_hash(secret), expires_at__gt=now)
            .first()
        )
        if row is None:
            raise UnauthenticatedError("This ticket has been used, has expired, or was never issued.")
        row.delete()
    principal = Principal(
        account_id=row.profile.account_id,
        profile_id=row.profile_id,
        scopes=frozenset(row.scopes),
        token_id=row.secret_hash,
    )
    return user.get_viewer(principal), row.device_id


def delete_expired_tickets(*, now: datetime) -> int:
    """Delete tickets that nobody has used, and say how many. One SQL statement."""
    return Ticket.objects.filter(expires_at__lt=now).delete()[0]


def _hash(secret: str) -> str:
    """Hash a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
