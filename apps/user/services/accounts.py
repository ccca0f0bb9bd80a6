"""From a new account to one that is gone."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from apps.user.contracts import AccountFacts
from apps.user.errors import AccountNotFoundError, EmailTakenError
from apps.user.models import Account
from apps.user.queries.accounts import get_account
from apps.user.queries.ownership import Owner
from mediagateway import audit
from mediagateway.events import publish
from mediagateway.principal import Principal

#: How long an erased account can be restored.
RESTORABLE_FOR = timedelta(days=30)
#: RFC 2606 §2: no mail goes there.
_NOWHERE = "nowhere.invalid"

_log = structlog.get_logger(__name__)


def create_account(*, email: str, password_hash: str | None, name: str = "") -> AccountFacts:
    """
    Make an account with its owner's profile.

    Args:
        email: Checked for its form by the caller; kept in lower case.
        password_hash: Of a password that the caller has checked for its strength, hashed before any transaction,
            which would hold its locks meanwhile; None for an account that signs in otherwise.
        name: Of the owner's profile.

    Raises:
        EmailTakenError: Another account has this address, an erased one too until it is purged.
    """
    try:
        with transaction.atomic():
            account = Account.objects.create_hashed(email, password_hash or make_password(None))
            account.profiles.update(name=name)
    except IntegrityError as err:
        raise EmailTakenError("Another account has this address.") from err
    return get_account(account.id)


def register_account(*, email: str, password_hash: str, name: str) -> tuple[UUID, bool]:
    """
    Make an account as `create_account` does, or do the same work for nothing when the address has one.

    Both run the same statements, so that no clock tells a stranger who has an account here. For an address that is
    taken they make one under an address that nobody can have, which is undone before anybody else can see it.

    Returns:
        Whose the address is now, and whether that account is new.
    """
    email = email.strip().lower()
    owner_id = Account.objects.filter(email=email).values_list("id", flat=True).first()
    with transaction.atomic():
        before = transaction.savepoint()
        try:
            account = create_account(
                email=f"{uuid4()}@{_NOWHERE}" if owner_id else email, password_hash=password_hash, name=name
            )
        except EmailTakenError:
            # Somebody else has taken it since; nothing was made.
            return Account.objects.get(email=email).id, False
        end = transaction.savepoint_rollback if owner_id else transaction.savepoint_commit
        end(before)
    return owner_id or account.id, owner_id is None


def verify_email(account_id: UUID, *, now: datetime) -> None:
    """Note that the account's address is its owner's; the first time counts."""
    Account.objects.filter(pk=account_id, email_verified_at__isnull=True).update(
        email_verified_at=now, version=F("version") + 1
    )


def erase_account(owner: Owner, *, now: datetime) -> None:
    """
    Close an account at once, and have it purged when nobody has restored it for 30 days.

    Publishes "user.account_erased" `{"account_id"}`.

    Raises:
        ChildProfileError: A child's profile asks.
    """
    owner.check_manages()
    with transaction.atomic():
        close_account(owner.account.id, principal=owner.principal, now=now)


def close_account(account_id: UUID, *, principal: Principal, now: datetime) -> bool:
    """Close an account within the caller's transaction, as `erase_account` does, and say whether it was not closed."""
    open_ones = Account.objects.filter(pk=account_id, deleted_at__isnull=True)
    if not open_ones.update(deleted_at=now, purge_at=now + RESTORABLE_FOR, version=F("version") + 1):
        return False
    publish("user.account_erased", {"account_id": str(account_id)})
    audit.record("user.account_erased", principal=principal, target=f"account:{account_id}")
    return True


def restore_account(account_id: UUID, *, principal: Principal | None, now: datetime) -> None:
    """
    Open an erased account again.

    Raises:
        AccountNotFoundError: It is not erased, or its 30 days are over.
    """
    with transaction.atomic():
        restored = Account.objects.filter(pk=account_id, purge_at__gt=now).update(
            deleted_at=None, purge_at=None, version=F("version") + 1
        )
        if not restored:
            raise AccountNotFoundError("There is no account to restore.")
        audit.record("user.account_restored", principal=principal, target=f"account:{account_id}")


def purge_accounts(*, now: datetime) -> int:
    """
    Delete for good what was erased and not restored in time, and say how many accounts that were.

    Each account goes in a transaction of its own, after every app named in `settings.ERASURE_CONTRIBUTORS` has deleted
    what it holds of it. The audit log stays: it names the account by its id alone.
    """
    erasers = [import_string(name) for name in settings.ERASURE_CONTRIBUTORS]
    purged = 0
    for account_id in list(Account.objects.filter(purge_at__lte=now).values_list("pk", flat=True)):
        with transaction.atomic():
            # Restored in the meantime, it stays.
            account = Account.objects.select_for_update().filter(pk=account_id, purge_at__lte=now).first()
            if account is None:
                continue
            for erase in erasers:
                erase(account_id)
            account.delete()
            audit.record("user.account_purged", principal=None, target=f"account:{account_id}")
        purged += 1
        _log.info("user.account_purged", account_id=str(account_id))
    return purged
