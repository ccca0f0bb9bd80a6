"""
What may happen once happens once, however many ask at the same time.

On PostgreSQL: the tests' SQLite lives in memory, whose threads share one cache and lock each other out of tables.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.auth.adapters.vault import seal
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.domain.totp import compute_code, new_totp_secret
from apps.auth.errors import InvalidCodeError, InvalidGrantError, InvalidOneTimeTokenError, TooManyAttemptsError
from apps.auth.models import BackupCode, OneTimeToken, Session, TotpDevice
from apps.auth.services import mfa
from apps.auth.services.passwords import reset_password
from apps.auth.services.sessions import Caller, open_session, refresh_session
from apps.auth.tests.factories import make_account, make_signing_key
from mediagateway.principal import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

_PARALLEL = 8
_CALLS = 40


@pytest.fixture
def account(transactional_db):
    """Ada, committed, so that other connections see her."""
    make_signing_key()
    return make_account()


def race(call, *refusals):
    """Call from many threads at once, and count what came of it."""
    start = Barrier(_PARALLEL)

    def run(worker):
        start.wait()
        outcomes = []
        try:
            for _ in range(_CALLS // _PARALLEL):
                try:
                    call()
                    outcomes.append("won")
                except refusals as err:
                    outcomes.append(type(err).__name__)
        finally:
            connection.close()
        return outcomes

    with ThreadPoolExecutor(_PARALLEL) as pool:
        return Counter(outcome for outcomes in pool.map(run, range(_PARALLEL)) for outcome in outcomes)


def test_one_refresh_wins_and_the_session_ends(account):
    """Two holders of one token: nobody can say who is the thief (RFC 9700 §4.14.2)."""
    token = open_session(account.id, Role.USER, Caller(None)).refresh_token

    outcomes = race(lambda: refresh_session(token), InvalidGrantError)

    assert outcomes == {"won": 1, "InvalidGrantError": _CALLS - 1}
    assert Session.objects.get().ended_at


def test_one_reset_wins(account):
    """A mailed token sets one password."""
    token = new_secret()
    OneTimeToken.objects.create(
        account=account,
        purpose=OneTimeToken.Purpose.RESET_PASSWORD,
        token_hash=hash_secret(token),
        expires_at=timezone.now() + timedelta(hours=1),
    )

    outcomes = race(lambda: reset_password(token, "staple of a better horse"), InvalidOneTimeTokenError)

    assert outcomes == {"won": 1, "InvalidOneTimeTokenError": _CALLS - 1}


@pytest.mark.parametrize("kind", ["totp", "backup"])
def test_one_use_of_a_code_wins(account, kind):
    """The app's codes and those on paper alike; the guard against guessing may refuse the rest."""
    secret, now = new_totp_secret(), timezone.now()
    sealed = seal(secret, purpose=f"totp-secret:{account.id}")
    TotpDevice.objects.create(account=account, sealed_secret=sealed, confirmed_at=now)
    BackupCode.objects.create(account=account, code_hash=mfa._hash_code("ABCDE-FGHJK"))
    code = compute_code(secret, int(now.timestamp()) // 30) if kind == "totp" else "ABCDE-FGHJK"

    outcomes = race(lambda: mfa.check_code(account.id, code), InvalidCodeError, TooManyAttemptsError)

    assert outcomes["won"] == 1
    assert sum(outcomes.values()) == _CALLS
