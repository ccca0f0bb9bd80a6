"""Accounts as admins look at them: who they are, never what they watch or like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.user.contracts import AccountEntry, AccountFilter, AccountState
from apps.user.errors import AccountNotFoundError
from apps.user.models import Account
from mediagateway.http.pagination import Page
from mediagateway.principal import Role, Tier

_STATES = {
    AccountState.OPEN: Q(is_active=True, deleted_at__isnull=True),
    AccountState.OFF: Q(is_active=False, deleted_at__isnull=True),
    AccountState.ERASED: Q(deleted_at__isnull=False),
}


def list_accounts(wanted: AccountFilter, *, after: Sequence[Any] | None, limit: int) -> Page[AccountEntry]:
    """List accounts, newest first. One SQL statement."""
    rows = _entries()
    if wanted.email:
        rows = rows.filter(email__contains=wanted.email.strip().lower())
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.tier:
        rows = rows.filter(tier=wanted.tier)
    if wanted.state:
        rows = rows.filter(_STATES[wanted.state])
    if after is not None:
        created_at, account_id = datetime.fromisoformat(after[0]), UUID(after[1])
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=account_id))
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    page = found[:limit]
    next_key = (page[-1].created_at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return Page(tuple(_entry(row) for row in page), next_key)


def get_account_entry(account_id: UUID) -> AccountEntry:
    """
    Read an account, erased ones too. One SQL statement.

    Raises:
        AccountNotFoundError: No such id.
    """
    row = _entries().filter(pk=account_id).first()
    if row is None:
        raise AccountNotFoundError("There is no account with this id.")
    return _entry(row)


def _entries() -> QuerySet[Account]:
    return Account.objects.annotate(people=Count("profiles"))


def _entry(row: Account) -> AccountEntry:
    not_erased = AccountState.OPEN if row.is_active else AccountState.OFF
    return AccountEntry(
        id=row.id,
        email=row.email,
        email_verified_at=row.email_verified_at,
        role=Role(row.role),
        tier=Tier(row.tier),
        state=AccountState.ERASED if row.deleted_at else not_erased,
        is_active=row.is_active,
        is_staff=row.is_staff,
        profile_count=row.people,  # type: ignore[attr-defined] # annotated
        created_at=row.created_at,
        last_sign_in_at=row.last_login,
        deleted_at=row.deleted_at,
        purge_at=row.purge_at,
        version=row.version,
    )
