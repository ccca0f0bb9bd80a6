"""Registering and signing in, in the same time and with the same answer whether or not the account exists."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.utils import timezone

from apps.auth import conf
from apps.auth.errors import (
    AccountErasedError,
    EmailNotVerifiedError,
    InvalidCredentialsError,
    MfaTokenError,
    TooManyAttemptsError,
)
from apps.auth.metrics import REGISTRATIONS, SIGN_INS, SignIn
from apps.auth.models import OneTimeToken
from apps.auth.queries.mfa import has_second_factor
from apps.auth.services import mfa
from apps.auth.services.attempts import Attempt
from apps.auth.services.browser import open_browser_session
from apps.auth.services.mails import request_mail
from apps.auth.services.passwords import check_password_strength, use_one_time_token
from apps.auth.services.sessions import Caller, TokenPair, open_session
from apps.user.api import find_account, get_account, register_account, restore_account, verify_email
from apps.user.contracts import AccountFacts
from mediagateway import audit

_MFA_SALT = "auth.mfa-token"


def register(*, email: str, password: str, name: str) -> None:
    """
    Make an account, or tell its owner by mail that there is one; the same work either way, statement by statement.

    Raises:
        WeakPasswordError: The password will not do.
    """
    check_password_strength(password, email=email, pointer="/password")
    password_hash = make_password(password)
    with transaction.atomic():
        account_id, is_new = register_account(email=email, password_hash=password_hash, name=name)
        request_mail(OneTimeToken.Purpose.VERIFY_EMAIL if is_new else "already_registered", email=email)
        action = "auth.account_registered" if is_new else "auth.registration_repeated"
        audit.record(action, principal=None, target=f"account:{account_id}")
    if is_new:
        REGISTRATIONS.inc()


def sign_in(*, email: str, password: str, caller: Caller, restore: bool = False) -> TokenPair | str:
    """Open a session for a password, or give what `check_password` gives in between; raises the same."""
    proof = check_password(email=email, password=password, caller=caller, restore=restore)
    return proof if isinstance(proof, str) else _open(proof, caller, mfa_used=False)


def answer_challenge(*, mfa_token: str, code: str, caller: Caller) -> TokenPair:
    """Open the session that waits for a second factor; raises what `check_challenge` does."""
    return _open(check_challenge(mfa_token=mfa_token, code=code, caller=caller), caller, mfa_used=True)


def sign_in_browser(account: AccountFacts, caller: Caller, *, mfa_used: bool) -> str:
    """Let who has been checked sign in on our own pages, and give what the cookie holds."""
    with transaction.atomic():
        secret = open_browser_session(account, caller)
        _record(account, mfa_used=mfa_used)
    return secret


def check_password(*, email: str, password: str, caller: Caller, restore: bool = False) -> AccountFacts | str:
    """
    Check who somebody is by a password; where there is a second factor, give the token under which it is asked for.

    Always hashes one password, and writes the same rows for a wrong one as for an unknown address.

    Args:
        email: In lower case.
        password: As it was typed.
        caller: From where.
        restore: Whether an erased account is to be opened again; that happens with the session.

    Raises:
        InvalidCredentialsError: They do not fit, or the account is switched off.
        TooManyAttemptsError: That happened too often.
        AccountErasedError: They fit, and nobody asked to restore the account.
        EmailNotVerifiedError: They fit, and the address waits for its confirmation.
    """
    attempt = Attempt(email, caller.address)
    try:
        attempt.check()
    except TooManyAttemptsError:
        SIGN_INS.labels(SignIn.TOLD_TO_WAIT).inc()
        raise
    account = find_account(email)
    if not _fits(email, password) or account is None or not _may_return(account):
        attempt.fail()
        SIGN_INS.labels(SignIn.REFUSED).inc()
        audit.record("auth.sign_in_failed", principal=None, details={"address": caller.address})
        raise InvalidCredentialsError("E-mail address and password do not fit together.")
    attempt.succeed()
    if account.deleted_at and not restore:
        SIGN_INS.labels(SignIn.ERASED).inc()
        raise AccountErasedError("The account is erased; it can be restored until it is purged.")
    if settings.REQUIRE_VERIFIED_EMAIL and account.email_verified_at is None:
        SIGN_INS.labels(SignIn.UNVERIFIED).inc()
        raise EmailNotVerifiedError("Confirm your e-mail address first.")
    if has_second_factor(account.id):
        SIGN_INS.labels(SignIn.ASKED_FOR_CODE).inc()
        claim = {"account": str(account.id), "stamp": _stamp(account.id), "restore": restore}
        return signing.dumps(claim, salt=_MFA_SALT)
    SIGN_INS.labels(SignIn.OPENED).inc()
    return account


def check_challenge(*, mfa_token: str, code: str, caller: Caller) -> AccountFacts:
    """
    Check the second factor of who has passed `check_password`.

    Raises:
        MfaTokenError: The token is not ours, is older than five minutes, or the password has changed since.
        InvalidCodeError: The code is wrong or was used.
        TooManyAttemptsError: That happened too often.
    """
    try:
        claim = signing.loads(mfa_token, salt=_MFA_SALT, max_age=conf.MFA_TOKEN_LIFETIME_S)
        account_id = UUID(claim["account"])
    except signing.BadSignature as err:
        raise MfaTokenError("Sign in again.") from err
    account = get_account(account_id)
    is_closed = not _may_return(account) or (account.deleted_at and not claim["restore"])
    if is_closed or claim["stamp"] != _stamp(account_id):
        raise MfaTokenError("Sign in again.")
    mfa.check_code(account_id, code, address=caller.address)
    return account


def confirm_email(token: str) -> None:
    """
    Confirm an address by the token of the e-mail.

    Raises:
        InvalidOneTimeTokenError: Unknown, expired or used.
    """
    with transaction.atomic():
        account_id = use_one_time_token(token, OneTimeToken.Purpose.VERIFY_EMAIL)
        verify_email(account_id, now=timezone.now())
        audit.record("auth.email_verified", principal=None, target=f"account:{account_id}")


def resend_confirmation(email: str) -> None:
    """Ask for the e-mail again. One SQL statement, whoever has the address."""
    request_mail(OneTimeToken.Purpose.VERIFY_EMAIL, email=email)


def _fits(email: str, password: str) -> bool:
    """Compare a password, or hash it all the same when there is nothing to compare with."""
    account = get_user_model().objects.filter(email=email).first()
    if account is None:
        make_password(password)
        return False
    return account.check_password(password)


def _may_return(account: AccountFacts) -> bool:
    """Say whether the account is open, or can be again."""
    return account.is_open or account.is_restorable(timezone.now())


def _stamp(account_id: UUID) -> str:
    """Give what changes with the password."""
    return get_user_model().objects.get(id=account_id).get_session_auth_hash()[:16]


def _open(account: AccountFacts, caller: Caller, *, mfa_used: bool) -> TokenPair:
    with transaction.atomic():
        pair = open_session(account.id, account.role, caller)
        _record(account, mfa_used=mfa_used)
    return pair


def _record(account: AccountFacts, *, mfa_used: bool) -> None:
    """Note that somebody has signed in; an erased account is open again by that."""
    if account.deleted_at:
        restore_account(account.id, principal=None, now=timezone.now())
    get_user_model().objects.filter(id=account.id).update(last_login=timezone.now())
    audit.record("auth.signed_in", principal=None, target=f"account:{account.id}", details={"mfa": mfa_used})
