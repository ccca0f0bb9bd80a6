"""What admins do to accounts; each act with its entry in the audit log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.user.errors import AccountNotFoundError, OwnAccountError
from apps.user.models import Account
from apps.user.services.accounts import close_account
from mediagateway import audit
from mediagateway.events import publish
from mediagateway.principal import Principal, Role


def update_account(
    account_id: UUID, changes: Mapping[str, Any], *, principal: Principal, expect: Callable[[int], None]
) -> None:
    """
    Change what an account may do.

    Who may do less than before has to sign in again: "user.access_narrowed" `{"account_id"}` is published.

    Args:
        account_id: Whose.
        changes: `role`, `tier`, `is_active` or `is_staff`, with their new values.
        principal: The admin.
        expect: Called with the present version; raises when the caller has seen another.

    Raises:
        AccountNotFoundError: No such account.
        OwnAccountError: An admin would lock out themselves.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise AccountNotFoundError("There is no account with this id.")
        expect(account.version)
        before = {name: getattr(account, name) for name in changes}
        changed = {name: value for name, value in changes.items() if value != before[name]}
        if not changed:
            return
        if account_id == principal.account_id and changed.keys() & {"role", "is_active", "is_staff"}:
            raise OwnAccountError("Another admin has to do this.")
        for name, value in changed.items():
            setattr(account, name, value)
        is_demoted = "role" in changed and account.role != Role.ADMIN
        if is_demoted:
            account.is_staff = account.is_superuser = False
        account.version += 1
        account.save()
        if is_demoted or not account.is_active:
            publish("user.access_narrowed", {"account_id": str(account_id)})
        audit.record(
            "user.account_changed",
            principal=principal,
            target=f"account:{account_id}",
            details={name: {"from": before[name], "to": value} for name, value in changed.items()},
        )


def erase_account_as_admin(account_id: UUID, *, principal: Principal, now: datetime) -> None:
    """
    Close somebody's account as they could themselves: at once, and for good after 30 days.

    Raises:
        AccountNotFoundError: No such account, or erased already.
        OwnAccountError: An admin would lock out themselves.
    """
    if account_id == principal.account_id:
        raise OwnAccountError("Another admin has to do this.")
    with transaction.atomic():
        if not close_account(account_id, principal=principal, now=now):
            raise AccountNotFoundError("There is no account with this id that could be erased.")
