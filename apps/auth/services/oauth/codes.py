"""Authorization codes: given for a consent, exchanged once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.auth import conf
from apps.auth.domain.secrets import hash_secret
from apps.auth.errors import InvalidGrantError
from apps.auth.models import AuthorizationCode, OAuthClient
from apps.auth.services.browser import BrowserSignIn
from apps.auth.services.oauth.tokens import Issued, issue_for_account
from apps.auth.services.sessions import Caller, end_issued_session
from apps.user.api import get_account
from mediagateway import audit


@dataclass(frozen=True, slots=True)
class Consent:
    """
    What a person has allowed.

    Attributes:
        scopes: What the client may do.
        code_challenge: S256 of the verifier that only who asked knows (RFC 7636).
    """

    sign_in: BrowserSignIn
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str
    nonce: str


def record_code(code: str, client: OAuthClient, consent: Consent) -> None:
    """Keep a code, hashed; codes of long ago are forgotten on the way."""
    now, account_id = timezone.now(), consent.sign_in.account.id
    with transaction.atomic():
        AuthorizationCode.objects.filter(account_id=account_id, expires_at__lt=now - conf.GRANTS_KEPT).delete()
        AuthorizationCode.objects.create(
            code_hash=hash_secret(code),
            client=client,
            account_id=account_id,
            redirect_uri=consent.redirect_uri,
            scope=" ".join(sorted(consent.scopes)),
            nonce=consent.nonce,
            code_challenge=consent.code_challenge,
            authenticated_at=consent.sign_in.authenticated_at,
            expires_at=now + conf.AUTHORIZATION_CODE_LIFETIME,
        )
        audit.record(
            "auth.client_authorized",
            principal=None,
            target=f"account:{account_id}",
            details={"client_id": client.client_id, "scope": " ".join(sorted(consent.scopes))},
        )


def find_code(code: str, client: OAuthClient) -> AuthorizationCode | None:
    """
    Give a code of this client that is neither used nor too old; None when there is none. One SQL statement.

    One that was used comes back because two have it: what it has issued is revoked (RFC 6749 §4.1.2, §10.5).
    """
    row = AuthorizationCode.objects.filter(code_hash=hash_secret(code), client=client).first()
    if row is None:
        return None
    if row.used_at is not None:
        _end_issued(row.id)
        return None
    return row if row.expires_at > timezone.now() else None


def redeem_code(row: AuthorizationCode, client: OAuthClient, caller: Caller) -> Issued:
    """
    Exchange a code that `find_code` has given. Of parallel calls one wins, and the others end its session.

    Raises:
        InvalidGrantError: It was used meanwhile, or its account is closed.
    """
    now = timezone.now()
    with transaction.atomic():
        # Compare and set: who finds the code unused in this very statement has it.
        if AuthorizationCode.objects.filter(id=row.id, used_at__isnull=True).update(used_at=now):
            return _issue(row, client, caller, now)
    _end_issued(row.id)
    raise InvalidGrantError("The code was used before.")


def _issue(row: AuthorizationCode, client: OAuthClient, caller: Caller, now: datetime) -> Issued:
    account = get_account(row.account_id)
    if not account.is_open:
        raise InvalidGrantError("The account is closed.")
    session_id, issued = issue_for_account(
        account, client, row.scope.split(), caller, authenticated_at=row.authenticated_at, nonce=row.nonce, now=now
    )
    AuthorizationCode.objects.filter(id=row.id).update(session_id=session_id)
    return issued


def _end_issued(row_id: int) -> None:
    """End what a code has issued. Read anew: whoever won has committed by now."""
    session_id: UUID | None = AuthorizationCode.objects.values_list("session_id", flat=True).get(id=row_id)
    if session_id is not None:
        end_issued_session(session_id, "auth.code_reused")
