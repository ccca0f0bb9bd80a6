"""
E-mails, asked for now and sent after the commit.

Whoever asks for one pays for one row, whether or not anybody has the address: that is how the answer takes the same
time for both. Whom it reaches is found out at delivery, and a token is made only then: none stands in the outbox.
"""

from datetime import timedelta

from django.utils import timezone

from apps.auth import conf
from apps.auth.adapters import mail
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.models import OneTimeToken
from apps.user.api import find_account
from mediagateway.events import publish

TOPIC = "auth.mail_requested"
_LIFETIMES = {
    OneTimeToken.Purpose.VERIFY_EMAIL.value: conf.VERIFY_EMAIL_LIFETIME,
    OneTimeToken.Purpose.RESET_PASSWORD.value: conf.RESET_LIFETIME,
}
#: Between two mails of the same kind to the same account.
_PAUSE = timedelta(seconds=60)


def request_mail(kind: str, *, email: str) -> None:
    """Ask for an e-mail, with the current transaction. One SQL statement."""
    publish(TOPIC, {"kind": kind, "email": email})


def deliver_mail(kind: str, *, email: str) -> None:
    """Send an e-mail, unless nobody has the address, there is nothing to tell, or the same has just been sent."""
    account = find_account(email)
    if account is None or not account.is_open:
        return
    if kind not in _LIFETIMES:
        mail.send(kind, to=account.email)
        return
    if kind == OneTimeToken.Purpose.VERIFY_EMAIL and account.email_verified_at:
        return
    now = timezone.now()
    mine = OneTimeToken.objects.filter(account_id=account.id, purpose=kind)
    if mine.filter(created_at__gt=now - _PAUSE).exists():
        return
    # The newest alone is good.
    mine.filter(used_at__isnull=True).update(used_at=now)
    token = new_secret()
    OneTimeToken.objects.create(
        account_id=account.id,
        purpose=kind,
        token_hash=hash_secret(token),
        created_at=now,
        expires_at=now + _LIFETIMES[kind],
    )
    mail.send(kind, to=account.email, token=token)
