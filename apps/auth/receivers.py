"""What auth does after the commit."""

from collections.abc import Mapping
from typing import Any

from apps.auth.services import mails
from mediagateway.events import subscribe


@subscribe(mails.TOPIC)
def deliver_mail(payload: Mapping[str, Any]) -> None:
    """Send an e-mail that was asked for."""
    mails.deliver_mail(payload["kind"], email=payload["email"])
