"""Whom a token speaks for; their rows are then found through `mediagateway.ownership`."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.user.domain.profiles import ProfileKind
from apps.user.errors import AccountClosedError, AccountRequiredError, ChildProfileError, ImpersonatedError
from apps.user.models import Account, Profile
from mediagateway.ownership import Holder, owned
from mediagateway.prepared import prepared
from mediagateway.principal import Principal


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a token speaks for: a person of a household, read from the database for this request."""

    principal: Principal
    account: Account
    profile: Profile

    @property
    def account_id(self) -> UUID:
        """The household's id."""
        return self.account.id

    @property
    def profile_id(self) -> UUID:
        """The person's id."""
        return self.profile.id

    @property
    def is_child(self) -> bool:
        """Whether the household's limits hold for this person."""
        return self.profile.kind == ProfileKind.CHILD

    def check_manages(self) -> None:
        """
        Check that this person may manage the household.

        Raises:
            ChildProfileError: It is a child's profile.
            ImpersonatedError: It is an admin who acts as the account.
        """
        if self.principal.actor_id is not None:
            raise ImpersonatedError("Only the household itself can do this.")
        if self.is_child:
            raise ChildProfileError("A child profile cannot do this; switch to an adult's profile first.")


def get_owner(principal: Principal) -> Owner:
    """
    Find whom a token speaks for. One SQL statement.

    Raises:
        AccountRequiredError: A client that acts for itself.
        AccountClosedError: Account or profile are gone, or the account is erased or switched off.
    """
    if principal.account_id is None:
        raise AccountRequiredError("This token speaks for no person.")
    if principal.profile_id is None:
        profiles = _owners(principal.account_id)
    else:
        profiles = _people(principal.account_id, principal.profile_id)
    if not profiles:
        raise AccountClosedError("The account or the profile of this token is closed.")
    return Owner(principal, profiles[0].account, profiles[0])


@prepared
def _owners(account_id: UUID) -> QuerySet[Profile]:
    return _open_to(account_id).filter(is_owner=True)


@prepared
def _people(account_id: UUID, profile_id: UUID) -> QuerySet[Profile]:
    return _open_to(account_id).filter(pk=profile_id)


def _open_to(account_id: UUID) -> QuerySet[Profile]:
    """Narrow profiles to those of an account that is neither switched off nor erased."""
    return Profile.objects.select_related("account").filter(
        account_id=account_id, account__is_active=True, account__deleted_at__isnull=True
    )


def lock_profile(holder: Holder) -> None:
    """
    Hold a person's row until the transaction ends, where there may be only so many of something. One SQL statement.

    Raises:
        AccountClosedError: The profile is gone.
    """
    if not owned(Profile, holder).select_for_update().filter(pk=holder.profile_id).first():
        raise AccountClosedError("The profile of this token is gone.")
