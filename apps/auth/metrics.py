"""How attempts to sign in end, as metrics."""

from enum import StrEnum

from prometheus_client import Counter

from mediagateway.telemetry.metrics import declare


class SignIn(StrEnum):
    """How an attempt to sign in by a password ended."""

    OPENED = "opened"
    ASKED_FOR_CODE = "asked_for_code"
    REFUSED = "refused"
    UNVERIFIED = "unverified"
    ERASED = "erased"
    TOLD_TO_WAIT = "told_to_wait"


SIGN_INS = declare(
    Counter("mg_auth_sign_ins_total", "Attempts to sign in by a password, by how they ended.", ["outcome"]), SignIn
)
REGISTRATIONS = Counter("mg_auth_registrations_total", "Accounts made; an address that was taken is not counted.")
