"""Many guesses at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from apps.user.errors import PinLockedError, WrongPinError
from apps.user.queries.ownership import get_owner
from apps.user.services.controls import set_controls
from apps.user.services.pins import verify_pin
from apps.user.tests.factories import make_account, principal_for


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_only_five_are_compared():
    now = timezone.now()
    owner = get_owner(principal_for(make_account()))
    set_controls(owner, {}, pin="0042", new_pin=None, expect=lambda _version: None, now=now)

    def guess(number):
        """Guess once, and say what came of it."""
        try:
            verify_pin(owner, f"{number:04}", now=now)
        except (WrongPinError, PinLockedError) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(1000, 1030)))

    assert outcomes.count(WrongPinError) == 5
    assert outcomes.count(PinLockedError) == 25
