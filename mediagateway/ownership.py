"""
Whose a row is: the one door to everything personal, for every app.

A row of somebody else is not forbidden but absent: who asks cannot tell the two apart.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeVar
from uuid import UUID

from django.db import models

from mediagateway.policy import Policy
from mediagateway.principal import Principal


class Holder(Protocol):
    """Whoever has rows: a person and the household they belong to."""

    @property
    def account_id(self) -> UUID:
        """The household."""

    @property
    def profile_id(self) -> UUID:
        """The person."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """
    Whom a token speaks for, read from the database for this request; `apps.user.api.get_viewer` makes it.

    Attributes:
        principal: The token itself.
        account_id, profile_id: The household and the person.
        is_child: Whether the household's limits hold for this person.
        zone: IANA name of the person's time zone.
        language: BCP 47.
        policy: What this person may see, and where they are.
        preferences: Every preference of the profile, defaults included.
        refusals: Purposes that the household has last answered with no.
    """

    principal: Principal
    account_id: UUID
    profile_id: UUID
    is_child: bool
    zone: str
    language: str
    policy: Policy
    preferences: Mapping[str, Any]
    refusals: frozenset[str]


class PersonalModel(models.Model):
    """
    A row that belongs to somebody.

    `owned_by` names the foreign key, `account` or `profile`, that leads to whom it belongs.
    """

    owned_by: ClassVar[Literal["account", "profile"]]

    class Meta:
        abstract = True


P = TypeVar("P", bound=PersonalModel)


def owned(model: type[P], holder: Holder) -> models.QuerySet[P]:
    """Narrow a table to the rows of this holder: of the account or of the profile, as the model says."""
    field = f"{model.owned_by}_id"
    return model._default_manager.filter(**{field: getattr(holder, field)})  # noqa: SLF001 -- Django documents it


def owned_by_accounts(model: type[P], account_ids: Collection[UUID]) -> models.QuerySet[P]:
    """Narrow a table to the rows of whole accounts, for export and erasure."""
    path = "account" if model.owned_by == "account" else "profile__account"
    return model._default_manager.filter(**{f"{path}__in": account_ids})  # noqa: SLF001 -- Django documents it
