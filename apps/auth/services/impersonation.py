"""Acting as somebody else, for a quarter of an hour and on the record."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.errors import AdminAccountError, ClosedAccountError
from apps.auth.services.keys import get_signer
from apps.user.api import get_account_entry
from apps.user.contracts import AccountState
from mediagateway import audit
from mediagateway.principal import Principal, Role
from mediagateway.scopes import USER_SCOPES

#: Without the household's own affairs: who is in it, its PIN, its sign-in and its end.
SCOPES = USER_SCOPES - {"write:profile"}


def impersonate(admin: Principal, account_id: UUID, *, reason: str, now: datetime) -> str:
    """
    Give an access token of somebody's account that names the admin as its actor (RFC 8693 §4.1).

    It belongs to the admin's own session: when that ends, so does it. There is no refresh token.

    Raises:
        AccountNotFoundError: No such account.
        AdminAccountError: It is an admin's.
        ClosedAccountError: Nobody may sign in to it.
    """
    account = get_account_entry(account_id)
    if account.role is not Role.USER or account.is_staff:
        raise AdminAccountError("Nobody acts as an admin.")
    if account.state is not AccountState.OPEN:
        raise ClosedAccountError("The account is switched off or erased.")
    principal = Principal(
        account_id=account.id,
        scopes=SCOPES,
        token_id=uuid4().hex,
        role=account.role,
        tier=account.tier,
        session_id=admin.session_id,
        actor_id=admin.account_id,
    )
    with transaction.atomic():
        signer = get_signer(now)
        audit.record(
            "auth.impersonation_started",
            principal=admin,
            target=f"account:{account_id}",
            details={"reason": reason, "token_id": principal.token_id},
        )
    return access_tokens.encode(principal, signer, conf.place(), now_s=int(now.timestamp()))
