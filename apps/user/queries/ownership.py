"""
The one door to everything personal: every read and write of a personal row starts here.

A row of somebody else is not forbidden but absent: who asks cannot tell the two apart.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from apps.user.domain.profiles import ProfileKind
from apps.user.errors import AccountClosedError, AccountRequiredError, ChildProfileError
from apps.user.models import Account, PersonalModel, Profile
from mediagateway.principal import Principal

P = TypeVar("P", bound=PersonalModel)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a token speaks for: a person of a household, read from the database for this request."""

    principal: Principal
    account: Account
    profile: Profile

    @property
    def is_child(self) -> bool:
        """Whether the household's limits hold for this person."""
        return self.profile.kind == ProfileKind.CHILD

    def check_manages(self) -> None:
        """
        Check that this person may manage the household.

        Raises:
            ChildProfileError: It is a child's profile.
        """
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
    chosen = {"is_owner": True} if principal.profile_id is None else {"pk": principal.profile_id}
    profile = (
        Profile.objects.select_related("account")
        .filter(
            account_id=principal.account_id,
            account__is_active=True,
            account__deleted_at__isnull=True,
            **chosen,
        )
        .first()
    )
    if profile is None:
        raise AccountClosedError("The account or the profile of this token is closed.")
    return Owner(principal, profile.account, profile)


def owned(model: type[P], owner: Owner) -> QuerySet[P]:
    """Narrow a table to the rows of this owner: of the account or of the profile, as the model says."""
    holder: Account | Profile = getattr(owner, model.owned_by)
    return model._default_manager.filter(**{model.owned_by: holder})  # noqa: SLF001 -- Django documents it


def owned_by_account(model: type[P], account_ids: Collection[UUID]) -> QuerySet[P]:
    """Narrow a table to the rows of whole accounts, for export and erasure."""
    path = "account" if model.owned_by == "account" else "profile__account"
    return model._default_manager.filter(**{f"{path}__in": account_ids})  # noqa: SLF001 -- Django documents it
