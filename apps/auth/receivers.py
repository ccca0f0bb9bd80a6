"""What auth does after the commit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.auth.services import mails
from apps.auth.services.sessions import end_sessions
from mediagateway.events import subscribe


@subscribe(mails.TOPIC)
def deliver_mail(payload: Mapping[str, Any]) -> None:
    """Send an e-mail that was asked for."""
    mails.deliver_mail(payload["kind"], email=payload["email"])


@subscribe("user.account_erased")
@subscribe("user.access_narrowed")
def end_sessions_of_account(payload: Mapping[str, Any]) -> None:
    """End the sessions of an account that is erased, switched off, or may do less than its tokens say."""
    end_sessions(UUID(payload["account_id"]))
