"""Facts of accounts, for sign-in and tokens."""

from uuid import UUID

from django.db.models import QuerySet

from apps.user.contracts import AccountFacts, AccountRecord
from apps.user.errors import AccountNotFoundError
from apps.user.models import Account, Profile
from mediagateway.principal import Role, Tier


def get_account(account_id: UUID) -> AccountFacts:
    """
    Read an account, erased ones too. One SQL statement.

    Raises:
        AccountNotFoundError: No such id.
    """
    facts = _first(Profile.objects.filter(account_id=account_id))
    if facts is None:
        raise AccountNotFoundError("There is no account with this id.")
    return facts


def find_account(email: str) -> AccountFacts | None:
    """Find an account by its address, in whatever case, erased ones too. One SQL statement."""
    return _first(Profile.objects.filter(account__email=email.strip().lower()))


def account_record(account: Account) -> AccountRecord:
    """Write an account as its owner sees it; no SQL."""
    return AccountRecord(
        id=account.id,
        email=account.email,
        is_email_verified=account.email_verified_at is not None,
        role=Role(account.role),
        tier=Tier(account.tier),
        created_at=account.created_at,
    )


def _first(profiles: QuerySet[Profile]) -> AccountFacts | None:
    """Read the account behind the owner's profile among these."""
    profile = profiles.filter(is_owner=True).select_related("account").first()
    if profile is None:
        return None
    account = profile.account
    return AccountFacts(
        id=account.id,
        email=account.email,
        role=Role(account.role),
        tier=Tier(account.tier),
        is_active=account.is_active,
        email_verified_at=account.email_verified_at,
        deleted_at=account.deleted_at,
        purge_at=account.purge_at,
        owner_profile_id=profile.id,
    )
