"""
The sign-in of a browser on our own pages: consent, devices.

It is a session like any other, so that its owner sees it in the list and can end it, and a new password ends it. What
the cookie holds is no refresh token: it belongs to `CLIENT_ID`, which no client can be called, and scopes it has none.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.auth import conf
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.models import RefreshToken, Session
from apps.auth.services.sessions import Caller, end_issued_session
from apps.user.api import get_account
from apps.user.contracts import AccountFacts

CLIENT_ID = "browser"


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """
    Who sits in front of the page.

    Attributes:
        authenticated_at: When they proved it.
    """

    account: AccountFacts
    authenticated_at: datetime


def open_browser_session(account: AccountFacts, caller: Caller) -> str:
    """Start it within the caller's transaction, and give what the cookie holds."""
    secret, expires_at = new_secret(), timezone.now() + conf.BROWSER_SESSION_LIFETIME
    session = Session.objects.create(
        account_id=account.id,
        client_id=CLIENT_ID,
        address=caller.address,
        user_agent=caller.user_agent[:255],
        expires_at=expires_at,
    )
    RefreshToken.objects.create(session=session, token_hash=hash_secret(secret), expires_at=expires_at)
    return secret


def find_browser_session(secret: str) -> BrowserSignIn | None:
    """Give who has signed in; None when nobody has, or it is over. Two SQL statements."""
    if not secret:
        return None
    session = _find(secret)
    if session is None:
        return None
    account = get_account(session.account_id)
    return BrowserSignIn(account, session.created_at) if account.is_open else None


def end_browser_session(secret: str) -> None:
    """End it; what is no sign-in needs no end."""
    with transaction.atomic():
        session = _find(secret)
        if session is not None:
            end_issued_session(session.id, "auth.session_revoked")


def _find(secret: str) -> Session | None:
    return Session.objects.filter(
        refresh_tokens__token_hash=hash_secret(secret),
        client_id=CLIENT_ID,
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
