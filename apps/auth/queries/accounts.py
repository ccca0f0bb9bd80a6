"""An account with how it signs in, for admins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.auth.models import ApiKey, Session
from apps.auth.queries.mfa import has_second_factor
from apps.user.api import get_account_entry
from apps.user.contracts import AccountEntry


@dataclass(frozen=True, slots=True)
class AccountDetail(AccountEntry):
    """An account, and how it signs in."""

    has_second_factor: bool
    open_sessions: int
    live_api_keys: int


def get_account_detail(account_id: UUID, *, now: datetime) -> AccountDetail:
    """
    Read an account. Four SQL statements.

    Raises:
        AccountNotFoundError: No such id.
    """
    entry = get_account_entry(account_id)
    sessions = Session.objects.filter(account_id=account_id, ended_at__isnull=True, expires_at__gt=now)
    return AccountDetail(
        **{name: getattr(entry, name) for name in AccountEntry.__slots__},
        has_second_factor=has_second_factor(account_id),
        open_sessions=sessions.count(),
        live_api_keys=ApiKey.objects.filter(account_id=account_id, revoked_at__isnull=True).count(),
    )
