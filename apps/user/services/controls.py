"""Changing the limits of the household's children."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.user.errors import PinRequiredError
from apps.user.models import Account, ParentalControls
from apps.user.queries.ownership import Owner
from apps.user.services.pins import check_pin_if_set, hash_pin
from mediagateway import audit
from mediagateway.ownership import owned


def set_controls(
    owner: Owner,
    limits: Mapping[str, Any],
    *,
    pin: str | None,
    new_pin: str | None,
    expect: Callable[[int], None],
    now: datetime,
) -> None:
    """
    Set the limits, the PIN, or both.

    Args:
        owner: Who asks.
        limits: Fields of `ParentalControls` with their new values.
        pin: The household's PIN; while there is none, the first that is given becomes it.
        new_pin: Replaces the PIN; "" takes it away, None leaves it.
        expect: Called with the account's present version; raises when the caller has seen another.
        now: For the wait after wrong PINs; aware.

    Raises:
        ChildProfileError: A child's profile asks.
        PinRequiredError, WrongPinError, PinLockedError: See `pins`.
    """
    owner.check_manages()
    was_checked = check_pin_if_set(owner, pin, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=owner.account.pk)
        expect(account.version)
        controls = owned(ParentalControls, owner).get()
        if controls.pin_hash and not was_checked:
            raise PinRequiredError("A PIN was set meanwhile.")
        for name, value in limits.items():
            setattr(controls, name, value)
        chosen = new_pin if new_pin is not None else (pin if not controls.pin_hash else None)
        if chosen is not None:
            controls.pin_hash = hash_pin(chosen) if chosen else ""
        controls.save(update_fields=[*limits, "pin_hash"])
        account.version += 1
        account.save(update_fields=["version"])
        audit.record(
            "user.parental_controls_changed",
            principal=owner.principal,
            target=f"account:{account.id}",
            details={"fields": sorted(limits), "pin_changed": chosen is not None},
        )
