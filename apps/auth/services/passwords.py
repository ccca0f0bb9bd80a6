"""Passwords: chosen, forgotten, changed."""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apps.auth.domain.secrets import hash_secret
from apps.auth.errors import InvalidCredentialsError, InvalidOneTimeTokenError, WeakPasswordError
from apps.auth.models import OneTimeToken
from apps.auth.services.attempts import Attempt
from apps.auth.services.mails import request_mail
from apps.auth.services.sessions import end_sessions
from apps.user.api import get_account, verify_email
from apps.user.contracts import AccountFacts
from mediagateway import audit
from mediagateway.errors import FieldError
from mediagateway.principal import Principal


def check_password_strength(password: str, *, email: str, pointer: str) -> None:
    """
    Check a password that is being chosen.

    Raises:
        WeakPasswordError: Too short, too common, or too like the address; each reason at `pointer`.
    """
    try:
        validate_password(password, get_user_model()(email=email))
    except ValidationError as err:
        reasons = [FieldError(pointer, each.code or "weak", each.messages[0]) for each in err.error_list]
        raise WeakPasswordError("The password is too weak.", reasons) from err


def request_reset(email: str) -> None:
    """Ask for the e-mail by which a forgotten password is replaced. One SQL statement, whoever has the address."""
    request_mail(OneTimeToken.Purpose.RESET_PASSWORD, email=email)


def reset_password(token: str, new_password: str) -> None:
    """
    Set a new password by the token of the e-mail, and end all sessions. Of parallel calls one wins.

    Raises:
        InvalidOneTimeTokenError: Unknown, expired or used.
        WeakPasswordError: The token can be used again, with a better password.
    """
    encoded = make_password(new_password)
    with transaction.atomic():
        account_id = use_one_time_token(token, OneTimeToken.Purpose.RESET_PASSWORD)
        account = get_account(account_id)
        check_password_strength(new_password, email=account.email, pointer="/new_password")
        verify_email(account_id, now=timezone.now())
        _set(account, encoded)
        ended = end_sessions(account_id)
        audit.record(
            "auth.password_reset", principal=None, target=f"account:{account_id}", details={"sessions_ended": ended}
        )


def change_password(principal: Principal, account: AccountFacts, *, current: str, new_password: str) -> None:
    """
    Change the password of who knows the present one, and end all other sessions. Must stand outside a transaction.

    Raises:
        InvalidCredentialsError: This is not the present password.
        TooManyAttemptsError: That happened too often.
        WeakPasswordError: The new one will not do.
    """
    check_own_password(account, current)
    check_password_strength(new_password, email=account.email, pointer="/new_password")
    encoded = make_password(new_password)
    with transaction.atomic():
        _set(account, encoded)
        end_sessions(account.id, but=principal.session_id)
        audit.record("auth.password_changed", principal=principal, target=f"account:{account.id}")


def use_one_time_token(token: str, purpose: OneTimeToken.Purpose) -> UUID:
    """
    Use up a token, within the caller's transaction, and say whose it was.

    Raises:
        InvalidOneTimeTokenError: Unknown, expired or used.
    """
    now, token_hash = timezone.now(), hash_secret(token)
    mine = OneTimeToken.objects.filter(token_hash=token_hash, purpose=purpose)
    # Compare and set: who finds the token unused in this very statement has it.
    if not mine.filter(used_at__isnull=True, expires_at__gt=now).update(used_at=now):
        raise InvalidOneTimeTokenError("The token is not valid; ask for a new one.")
    account_id: UUID = mine.get().account_id
    return account_id


def check_own_password(account: AccountFacts, password: str) -> None:
    """
    Check the password of who has signed in already, before something that matters.

    Raises:
        InvalidCredentialsError: It is another.
        TooManyAttemptsError: That happened too often.
    """
    attempt = Attempt(account.email, None)
    attempt.check()
    if not get_user_model().objects.get(id=account.id).check_password(password):
        attempt.fail()
        raise InvalidCredentialsError("This is not your password.")
    attempt.succeed()


def _set(account: AccountFacts, encoded: str) -> None:
    """Store a password, spoil all links that are under way, and tell the owner."""
    get_user_model().objects.filter(id=account.id).update(password=encoded)
    OneTimeToken.objects.filter(account_id=account.id, used_at__isnull=True).update(used_at=timezone.now())
    request_mail("password_changed", email=account.email)
