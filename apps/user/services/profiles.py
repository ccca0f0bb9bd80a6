"""Changing who belongs to a household."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.user.contracts import ProfileRecord
from apps.user.domain.profiles import MAX_PROFILES, ProfileKind
from apps.user.errors import OwnerProfileError, ProfileNotFoundError, TooManyProfilesError
from apps.user.models import Account, Profile
from apps.user.queries.ownership import Owner
from apps.user.queries.profiles import get_profile
from apps.user.services.pins import check_pin_if_set
from mediagateway import audit
from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.ownership import owned

#: What holds a child back; to change it takes the PIN. The region chooses the certificate that is compared.
_LIMITS = frozenset({"kind", "max_age", "allow_unrated", "region"})


def create_profile(owner: Owner, fields: Mapping[str, Any]) -> ProfileRecord:
    """
    Add a person.

    Raises:
        ChildProfileError: A child's profile asks.
        TooManyProfilesError: The household is full.
        InvalidInputError: Limits for an adult.
    """
    owner.check_manages()
    _check_limits(fields["kind"], fields)
    with transaction.atomic():
        # Everybody who adds a person waits here, so that the count is right.
        Account.objects.select_for_update().get(pk=owner.account.pk)
        if owned(Profile, owner).count() >= MAX_PROFILES:
            raise TooManyProfilesError(f"A household has at most {MAX_PROFILES} profiles.")
        profile = Profile.objects.create(account=owner.account, **fields)
        audit.record("user.profile_created", principal=owner.principal, target=f"profile:{profile.id}")
    return get_profile(owner, profile.id)


def update_profile(
    owner: Owner,
    profile_id: UUID,
    changes: Mapping[str, Any],
    *,
    pin: str | None,
    expect: Callable[[int], None],
    now: datetime,
) -> ProfileRecord:
    """
    Change a person of the household.

    Args:
        owner: Who asks.
        profile_id: Whom to change.
        changes: Fields of `Profile` with their new values.
        pin: Needed when the household has one and a child's limits change, or somebody stops being a child.
        expect: Called with the present version; raises when the caller has seen another.
        now: For the wait after wrong PINs; aware.

    Raises:
        ChildProfileError: A child's profile asks.
        ProfileNotFoundError: Nobody in this household.
        OwnerProfileError: The owner would become a child.
        InvalidInputError: Limits for an adult.
        PinRequiredError, WrongPinError, PinLockedError: See `pins`.
    """
    owner.check_manages()
    present = get_profile(owner, profile_id)
    if present.kind is ProfileKind.CHILD and not _LIMITS.isdisjoint(changes):
        check_pin_if_set(owner, pin, now=now)
    with transaction.atomic():
        profile = owned(Profile, owner).select_for_update().filter(pk=profile_id).first()
        if profile is None:
            raise ProfileNotFoundError("The household has no profile with this id.")
        expect(profile.version)
        for name, value in changes.items():
            setattr(profile, name, value)
        _check_limits(profile.kind, changes)
        if profile.kind == ProfileKind.ADULT:
            profile.max_age, profile.allow_unrated = None, False
        elif profile.is_owner:
            raise OwnerProfileError("The owner's profile cannot be a child's.")
        profile.version += 1
        profile.save()
        if not _LIMITS.isdisjoint(changes):
            audit.record(
                "user.profile_limits_changed",
                principal=owner.principal,
                target=f"profile:{profile_id}",
                details={name: changes[name] for name in sorted(_LIMITS & changes.keys())},
            )
    return get_profile(owner, profile_id)


def delete_profile(owner: Owner, profile_id: UUID) -> None:
    """
    Remove a person with everything that is theirs; a token of the profile opens nothing from then on.

    Raises:
        ChildProfileError: A child's profile asks.
        ProfileNotFoundError: Nobody in this household.
        OwnerProfileError: It is the owner's.
    """
    owner.check_manages()
    with transaction.atomic():
        profile = owned(Profile, owner).select_for_update().filter(pk=profile_id).first()
        if profile is None:
            raise ProfileNotFoundError("The household has no profile with this id.")
        if profile.is_owner:
            raise OwnerProfileError("The owner's profile goes with the account only.")
        profile.delete()
        audit.record("user.profile_deleted", principal=owner.principal, target=f"profile:{profile_id}")


def check_profile_switch(owner: Owner, profile_id: UUID, *, pin: str | None, now: datetime) -> ProfileRecord:
    """
    Check that a caller may go on as another person of the household, and say who that is.

    Raises:
        ProfileNotFoundError: Nobody in this household.
        PinRequiredError, WrongPinError, PinLockedError: A child profile is left, and the household has a PIN.
    """
    target = get_profile(owner, profile_id)
    if owner.is_child and target.id != owner.profile.id:
        check_pin_if_set(owner, pin, now=now)
    return target


def _check_limits(kind: str, fields: Mapping[str, Any]) -> None:
    """Refuse limits for an adult, on whom they would have no effect."""
    if kind == ProfileKind.ADULT:
        errors = [
            FieldError(f"/{name}", "not_a_child", "Only a child's profile has limits.")
            for name in ("max_age", "allow_unrated")
            if fields.get(name) not in (None, False)
        ]
        if errors:
            raise InvalidInputError("Only a child's profile has limits.", errors)
