"""Checking the household's PIN, slowly enough that nobody guesses it."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.db import transaction

from apps.user.domain.pins import wait_after
from apps.user.errors import PinLockedError, PinNotSetError, PinRequiredError, WrongPinError
from apps.user.models import ParentalControls
from apps.user.queries.ownership import Owner
from mediagateway import audit
from mediagateway.ownership import owned

# Argon2id with the parameters of RFC 9106's low-memory choice, which are the library's own.
_hasher = PasswordHasher()


def hash_pin(pin: str) -> str:
    """Hash a PIN with argon2id; some 30 ms of a core."""
    return _hasher.hash(pin)


def check_pin_if_set(owner: Owner, pin: str | None, *, now: datetime) -> bool:
    """
    Let pass who knows the PIN, and everybody while there is none. Must stand outside the caller's transaction.

    Returns:
        Whether there is one.

    Raises:
        PinRequiredError: The household has a PIN and none was given.
        WrongPinError: It is another one.
        PinLockedError: Too many wrong ones.
    """
    if not owned(ParentalControls, owner).exclude(pin_hash="").exists():
        return False
    if pin is None:
        raise PinRequiredError("This needs the household's PIN.")
    verify_pin(owner, pin, now=now)
    return True


def verify_pin(owner: Owner, pin: str, *, now: datetime) -> None:
    """
    Check a PIN.

    An attempt is counted, and that is committed, before the PIN is compared: of many attempts at the same time no more
    are compared than may be, and a failure outlives the request that it fails. The right PIN sets the count back.

    Raises:
        PinNotSetError: The household has none.
        WrongPinError: It is another one.
        PinLockedError: Too many wrong ones.
    """
    with transaction.atomic(durable=True):
        pin_hash = _count_attempt(owner, now=now)
    try:
        _hasher.verify(pin_hash, pin)
    except VerifyMismatchError as err:
        audit.record("user.pin_refused", principal=owner.principal, target=f"account:{owner.account.id}")
        raise WrongPinError("This is not the household's PIN.") from err
    owned(ParentalControls, owner).update(pin_failures=0, pin_locked_until=None)


def _count_attempt(owner: Owner, *, now: datetime) -> str:
    """Count an attempt as a failure, and give the hash to compare with."""
    controls = owned(ParentalControls, owner).select_for_update().get()
    if not controls.pin_hash:
        raise PinNotSetError("The household has no PIN.")
    if controls.pin_locked_until is not None and controls.pin_locked_until > now:
        raise PinLockedError(until=controls.pin_locked_until, now=now)
    controls.pin_failures += 1
    wait = wait_after(controls.pin_failures)
    controls.pin_locked_until = now + wait if wait else None
    controls.save(update_fields=["pin_failures", "pin_locked_until"])
    return controls.pin_hash
