"""Households for the tests of every app; each factory builds the least that its table accepts."""

from itertools import count
from uuid import UUID

from apps.user.models import Account, Profile
from mediagateway.principal import Principal
from mediagateway.scopes import USER_SCOPES

EVERY_SCOPE = USER_SCOPES
_numbers = count(1)


def make_account(**fields):
    """Make an account with its owner's profile; it has no password."""
    return Account.objects.create_user(f"person{next(_numbers)}@example.org", **fields)


def make_child(account, **fields):
    """Add a child to a household."""
    return Profile.objects.create(account=account, kind="child", name="Kim", **fields)


def principal_for(account, profile=None, scopes=EVERY_SCOPE):
    """Say who asks, as a token would."""
    return Principal(
        account_id=account.id,
        profile_id=profile.id if profile else None,
        scopes=scopes,
        token_id=f"{account.id}",
    )


def bearer(account, profile=None, scopes=EVERY_SCOPE):
    """Write the header that `verify_bearer` reads."""
    words = [str(account.id), str(profile.id) if profile else "-", *sorted(scopes)]
    return {"Authorization": f"Bearer {','.join(words)}"}


def verify_bearer(token):
    """Vouch for what `bearer` wrote: a `Verifier` for tests, which need households and no tokens."""
    account_id, profile_id, *scopes = token.split(",")
    return Principal(
        account_id=UUID(account_id),
        profile_id=None if profile_id == "-" else UUID(profile_id),
        scopes=frozenset(scopes),
        token_id=account_id,
    )
