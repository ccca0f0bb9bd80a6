"""
The door to households for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

`resolve_policy` is what `settings.POLICY_RESOLVER` names. The password belongs to Django's authentication on
`settings.AUTH_USER_MODEL`. Other apps begin with `get_viewer`, and find their own personal rows through
`mediagateway.ownership`. What takes a principal refuses one whose account or profile is closed with
AccountClosedError (401), and what names a profile of another household with ProfileNotFoundError (404).
"""

from datetime import datetime
from uuid import UUID

from apps.user.contracts import OwnProfileRecord, ProfileRecord
from apps.user.domain.preferences import Value, with_defaults
from apps.user.queries.accounts import find_account, get_account
from apps.user.queries.belongings import (
    find_consent,
    find_willing,
    get_preferences,
    list_answers,
    list_preference_writes,
    list_scores,
)
from apps.user.queries.directory import get_account_entry, list_accounts
from apps.user.queries.ownership import get_owner, lock_profile
from apps.user.queries.policies import find_viewer, get_viewer, list_room_policies, resolve_policy
from apps.user.queries.profiles import get_own_profile, has_profile
from apps.user.services import profiles
from apps.user.services.accounts import (
    create_account,
    purge_accounts,
    register_account,
    restore_account,
    verify_email,
)
from apps.user.services.administration import erase_account_as_admin, update_account
from apps.user.services.belongings import apply_preferences, change_preferences, delete_rating, rate
from apps.user.services.exports import delete_old_exports, export_account
from apps.user.services.notifications import delete_old_notifications, notify
from mediagateway.principal import Principal

__all__ = [
    "apply_preferences",
    "change_preferences",
    "check_manages",
    "check_profile_switch",
    "create_account",
    "default_preferences",
    "delete_old_exports",
    "delete_old_notifications",
    "delete_rating",
    "describe_caller",
    "erase_account_as_admin",
    "export_account",
    "find_account",
    "find_consent",
    "find_viewer",
    "find_willing",
    "get_account",
    "get_account_entry",
    "get_preferences",
    "get_viewer",
    "has_profile",
    "list_accounts",
    "list_answers",
    "list_preference_writes",
    "list_room_policies",
    "list_scores",
    "lock_profile",
    "notify",
    "purge_accounts",
    "rate",
    "register_account",
    "resolve_policy",
    "restore_account",
    "update_account",
    "verify_email",
]


def check_manages(principal: Principal) -> None:
    """
    Check that a caller may manage the household's sign-in. One SQL statement.

    Raises:
        AccountClosedError: The token speaks for nobody any more.
        ChildProfileError: A child watches.
    """
    get_owner(principal).check_manages()


def describe_caller(principal: Principal) -> OwnProfileRecord:
    """
    Say whom a token speaks for: the person who watches, and their household's account. Two SQL statements.

    Raises:
        AccountClosedError: Nobody any more.
    """
    return get_own_profile(get_owner(principal))


def check_profile_switch(principal: Principal, profile_id: UUID, *, pin: str | None, now: datetime) -> ProfileRecord:
    """
    Check that a caller may go on as another person of the household, and say who that is.

    Counts a wrong PIN and commits that, so it must not be called within a transaction. Two SQL statements; six with a
    PIN to check.

    Raises:
        AccountClosedError: The token speaks for nobody any more.
        ProfileNotFoundError: Nobody in this household.
        PinRequiredError, WrongPinError, PinLockedError: A child profile is left, and the household has a PIN.
    """
    return profiles.check_profile_switch(get_owner(principal), profile_id, pin=pin, now=now)


def default_preferences() -> dict[str, Value]:
    """List every preference with what holds while nobody has chosen. No SQL."""
    return with_defaults({})
