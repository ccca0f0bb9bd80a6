"""The second factor: an authenticator app, and codes on paper for the day it is lost."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.auth.adapters.vault import keyed_hash, seal, unseal
from apps.auth.domain import totp
from apps.auth.domain.backup_codes import new_codes, normalize
from apps.auth.errors import InvalidCodeError, MfaEnrolledError, MfaNotEnrolledError
from apps.auth.models import BackupCode, TotpDevice
from apps.auth.queries.mfa import has_second_factor
from apps.auth.services.attempts import Attempt
from apps.auth.services.passwords import check_own_password
from apps.user.contracts import AccountFacts
from mediagateway import audit
from mediagateway.principal import Principal

_SECRET = "totp-secret"  # noqa: S105 -- a purpose
_CODE = "backup-code"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """
    What an authenticator app has to know; shown once.

    Attributes:
        secret: Base 32, to be typed.
        otpauth_uri: The same as a QR code holds it.
    """

    secret: str
    otpauth_uri: str


def start_enrolment(account: AccountFacts) -> Enrolment:
    """
    Make a secret; it counts once a code has proved that the app has it. One that was never proved is replaced.

    Raises:
        MfaEnrolledError: There is a second factor already.
    """
    secret = totp.new_totp_secret()
    sealed = seal(secret, purpose=_purpose(account.id))
    with transaction.atomic():
        device, _ = TotpDevice.objects.select_for_update().get_or_create(
            account_id=account.id, defaults={"sealed_secret": sealed}
        )
        if device.confirmed_at:
            raise MfaEnrolledError("There is a second factor already.")
        device.sealed_secret, device.last_step = sealed, 0
        device.save()
    return Enrolment(totp.write_secret(secret), totp.provisioning_uri(secret, name=account.email))


def confirm_enrolment(principal: Principal, account_id: UUID, code: str) -> tuple[str, ...]:
    """
    Prove that the app has the secret, and give ten backup codes, which are shown this once.

    Raises:
        MfaNotEnrolledError: No enrolment was started, or it is confirmed already.
        InvalidCodeError: The code is wrong.
        TooManyAttemptsError: That happened too often.
    """
    pending = TotpDevice.objects.filter(account_id=account_id, confirmed_at__isnull=True)
    if not pending.exists():
        raise MfaNotEnrolledError("Start an enrolment first.")
    _check(account_id, code, address=None, with_backup_codes=False)
    with transaction.atomic():
        if not pending.update(confirmed_at=timezone.now()):
            raise MfaNotEnrolledError("Start an enrolment first.")
        codes = _replace_codes(account_id)
        audit.record("auth.mfa_enabled", principal=principal, target=f"account:{account_id}")
    return codes


def check_code(account_id: UUID, code: str, *, address: str | None = None) -> None:
    """
    Check a code of the app or a backup code, and use it up. Of parallel calls with one code one passes.

    Raises:
        MfaNotEnrolledError: There is no second factor.
        InvalidCodeError: The code is wrong or was used.
        TooManyAttemptsError: That happened too often.
    """
    if not has_second_factor(account_id):
        raise MfaNotEnrolledError("There is no second factor.")
    _check(account_id, code, address=address, with_backup_codes=True)


def replace_backup_codes(principal: Principal, account_id: UUID, code: str) -> tuple[str, ...]:
    """Make ten new backup codes in place of all others; raises what `check_code` does."""
    check_code(account_id, code)
    with transaction.atomic():
        codes = _replace_codes(account_id)
        audit.record("auth.backup_codes_replaced", principal=principal, target=f"account:{account_id}")
    return codes


def disable(principal: Principal, account: AccountFacts, *, password: str, code: str) -> None:
    """Do without a second factor again; raises what `check_own_password` and `check_code` do."""
    check_own_password(account, password)
    check_code(account.id, code)
    with transaction.atomic():
        TotpDevice.objects.filter(account_id=account.id).delete()
        BackupCode.objects.filter(account_id=account.id).delete()
        audit.record("auth.mfa_disabled", principal=principal, target=f"account:{account.id}")


def _check(account_id: UUID, code: str, *, address: str | None, with_backup_codes: bool) -> None:
    attempt = Attempt(f"mfa:{account_id}", address)
    attempt.check()
    if not (_use_totp(account_id, code) or (with_backup_codes and _use_backup_code(account_id, code))):
        # Who has a code that was good, twice at once or by mistake, is not guessing.
        if not _was_backup_code(account_id, code):
            attempt.fail()
        raise InvalidCodeError("The code is not valid.")
    attempt.succeed()


def _use_totp(account_id: UUID, code: str) -> bool:
    """Take a code of the app, unless it or a later one was taken before (RFC 6238 §5.2)."""
    device = TotpDevice.objects.get(account_id=account_id)
    secret = unseal(bytes(device.sealed_secret), purpose=_purpose(account_id))
    step = totp.find_step(secret, code, now_s=timezone.now().timestamp())
    if step is None:
        return False
    taken = TotpDevice.objects.filter(account_id=account_id, last_step__lt=step).update(last_step=step)
    return taken == 1


def _use_backup_code(account_id: UUID, code: str) -> bool:
    """Take a backup code, once."""
    mine = BackupCode.objects.filter(account_id=account_id, code_hash=_hash_code(code), used_at__isnull=True)
    return mine.update(used_at=timezone.now()) == 1


def _was_backup_code(account_id: UUID, code: str) -> bool:
    """Say whether a backup code was good once."""
    return BackupCode.objects.filter(account_id=account_id, code_hash=_hash_code(code)).exists()


def _replace_codes(account_id: UUID) -> tuple[str, ...]:
    codes = new_codes()
    BackupCode.objects.filter(account_id=account_id).delete()
    BackupCode.objects.bulk_create(BackupCode(account_id=account_id, code_hash=_hash_code(code)) for code in codes)
    return codes


def _hash_code(code: str) -> str:
    return keyed_hash(normalize(code), purpose=_CODE)


def _purpose(account_id: UUID) -> str:
    """Bind a secret to its account: it cannot be moved to another row."""
    return f"{_SECRET}:{account_id}"
