"""The device grant (RFC 8628): a television asks, a person says yes on the telephone, the television polls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.auth import conf
from apps.auth.adapters.vault import keyed_hash
from apps.auth.domain.device_codes import new_user_code, normalize_user_code
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.errors import InvalidGrantError, UserCodeError
from apps.auth.models import DeviceGrant, OAuthClient
from apps.auth.services.attempts import Attempt
from apps.auth.services.browser import BrowserSignIn
from apps.auth.services.oauth.tokens import Issued, issue_for_account
from apps.auth.services.sessions import Caller
from apps.user.api import get_account
from mediagateway import audit

#: RFC 8628 §3.5: by so much each hasty poll makes the next wait longer.
_SLOW_DOWN_S = 5

#: What a poll learns that brings no token; the names are the RFC's errors.
Refusal = Literal["authorization_pending", "slow_down", "access_denied", "expired_token"]


@dataclass(frozen=True, slots=True)
class DeviceCodes:
    """
    What a device is given.

    Attributes:
        device_code: Its own secret.
        user_code: What it shows.
    """

    device_code: str
    user_code: str


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """
    A device that waits, as the person sees it who is asked.

    Attributes:
        address: From where it asked; a person knows whether that is home.
    """

    id: UUID
    client_name: str
    user_code: str
    scopes: tuple[str, ...]
    address: str | None
    asked_at: datetime


def start_device_grant(client: OAuthClient, scopes: frozenset[str], caller: Caller) -> DeviceCodes:
    """Let a device wait; grants of long ago are forgotten on the way."""
    now, codes = timezone.now(), DeviceCodes(new_secret(), new_user_code())
    with transaction.atomic():
        DeviceGrant.objects.filter(expires_at__lt=now - conf.GRANTS_KEPT).delete()
        DeviceGrant.objects.create(
            device_code_hash=hash_secret(codes.device_code),
            user_code_hash=_hash_user_code(codes.user_code),
            client=client,
            scope=" ".join(sorted(scopes)),
            address=caller.address,
            expires_at=now + conf.DEVICE_CODE_LIFETIME,
            interval_s=conf.DEVICE_POLL_INTERVAL_S,
            next_poll_at=now,
        )
    return codes


def get_waiting_device(typed: str, sign_in: BrowserSignIn, caller: Caller) -> WaitingDevice:
    """
    Find what waits under a code that somebody has typed; wrong ones are counted, so that nobody tries them all (§5.1).

    Raises:
        UserCodeError: Nothing waits.
        TooManyAttemptsError: That happened too often.
    """
    attempt = Attempt(f"link:{sign_in.account.id}", caller.address)
    attempt.check()
    user_code = normalize_user_code(typed)
    row = (
        DeviceGrant.objects.select_related("client")
        .filter(
            user_code_hash=_hash_user_code(user_code),
            status=DeviceGrant.Status.PENDING,
            expires_at__gt=timezone.now(),
            client__disabled_at__isnull=True,
        )
        .first()
    )
    if row is None:
        attempt.fail()
        raise UserCodeError("No device waits under this code.")
    return WaitingDevice(row.id, row.client.name, user_code, tuple(row.scope.split()), row.address, row.created_at)


def answer_device(device: WaitingDevice, sign_in: BrowserSignIn, *, is_allowed: bool) -> None:
    """
    Say yes or no to a device that waits. Of parallel answers the first counts.

    Raises:
        UserCodeError: It was answered meanwhile, or has given up.
    """
    now = timezone.now()
    status = DeviceGrant.Status.APPROVED if is_allowed else DeviceGrant.Status.DENIED
    with transaction.atomic():
        waiting = DeviceGrant.objects.filter(id=device.id, status=DeviceGrant.Status.PENDING, expires_at__gt=now)
        if not waiting.update(status=status, account_id=sign_in.account.id, authenticated_at=sign_in.authenticated_at):
            raise UserCodeError("No device waits under this code.")
        audit.record(
            "auth.device_approved" if is_allowed else "auth.device_denied",
            principal=None,
            target=f"account:{sign_in.account.id}",
            details={"client": device.client_name, "scope": " ".join(device.scopes)},
        )


def poll_device_grant(device_code: str, client: OAuthClient, caller: Caller) -> Issued | Refusal:
    """
    Give the tokens once the person has said yes. Of any number of parallel polls one wins.

    Must stand outside a transaction: a hasty poll is counted also though it fails.

    Raises:
        InvalidGrantError: Unknown, another client's, used, or of a closed account.
    """
    now = timezone.now()
    row = DeviceGrant.objects.filter(device_code_hash=hash_secret(device_code), client=client).first()
    if row is None or row.used_at is not None:
        raise InvalidGrantError("The device code is not valid.")
    if row.expires_at <= now:
        return "expired_token"
    if row.status == DeviceGrant.Status.DENIED:
        return "access_denied"
    if row.status == DeviceGrant.Status.PENDING:
        return "authorization_pending" if _is_patient(row, now) else "slow_down"
    return _redeem(row, client, caller, now)


def _is_patient(row: DeviceGrant, now: datetime) -> bool:
    """Note the poll, and say whether it kept the interval; one that did not makes it longer (§3.5)."""
    next_poll_at = now + timedelta(seconds=row.interval_s)
    if DeviceGrant.objects.filter(id=row.id, next_poll_at__lte=now).update(next_poll_at=next_poll_at):
        return True
    DeviceGrant.objects.filter(id=row.id).update(
        interval_s=F("interval_s") + _SLOW_DOWN_S, next_poll_at=next_poll_at + timedelta(seconds=_SLOW_DOWN_S)
    )
    return False


def _redeem(row: DeviceGrant, client: OAuthClient, caller: Caller, now: datetime) -> Issued:
    assert row.account_id is not None and row.authenticated_at is not None  # noqa: PT018 -- one constraint
    with transaction.atomic():
        if not DeviceGrant.objects.filter(id=row.id, used_at__isnull=True).update(used_at=now):
            raise InvalidGrantError("The device code was used before.")
        account = get_account(row.account_id)
        if not account.is_open:
            raise InvalidGrantError("The account is closed.")
        _, issued = issue_for_account(
            account, client, row.scope.split(), caller, authenticated_at=row.authenticated_at, nonce="", now=now
        )
    return issued


def _hash_user_code(user_code: str) -> str:
    return keyed_hash(user_code, purpose="user-code")
