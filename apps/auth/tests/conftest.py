"""What tests of auth share."""

import pytest

from apps.auth.tests.factories import make_account, make_signing_key


@pytest.fixture
def account(db):
    """Ada, with a key that signs her tokens."""
    make_signing_key()
    return make_account()
