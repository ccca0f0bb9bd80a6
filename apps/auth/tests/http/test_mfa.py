"""The second factor, over HTTP."""

import base64
import time

import pytest

from apps.auth.api import verify_token
from apps.auth.domain.totp import compute_code
from apps.auth.models import BackupCode, TotpDevice
from apps.auth.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def code_of(secret, *, ahead=0):
    """What the app shows, `ahead` steps from now."""
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return compute_code(raw, int(time.time()) // 30 + ahead)


@pytest.fixture
def enrolled(account, api):
    """A session, the secret of the app, and the backup codes; the code of the step before now is used."""
    token = api.sign_in()["access_token"]
    secret = api.post("mfa/enroll", token=token).json()["secret"]
    codes = api.post("mfa/verify", {"code": code_of(secret, ahead=-1)}, token=token).json()["backup_codes"]
    return token, secret, codes


def begin(api):
    """Give the password and get the token of the challenge."""
    answer = api.sign_in()
    assert answer["mfa_required"] is True
    assert "access_token" not in answer
    return answer["mfa_token"]


def challenge(api, code, mfa_token=None):
    """Answer a challenge."""
    return api.post("mfa/challenge", {"mfa_token": mfa_token or begin(api), "code": code})


def test_the_secret_is_sealed(enrolled):
    """Not to be read from a stolen table, nor moved to another account's row."""
    _, secret, codes = enrolled

    assert base64.b32decode(secret) not in bytes(TotpDevice.objects.get().sealed_secret)
    assert not BackupCode.objects.filter(code_hash__in=codes).exists()
    assert len(set(codes)) == 10


def test_a_sign_in_asks_for_a_code(enrolled, api):
    """The password alone opens nothing."""
    _, secret, _ = enrolled

    answer = challenge(api, code_of(secret))

    assert answer.status_code == 200
    assert verify_token(answer.json()["access_token"])


def test_a_code_is_taken_once(enrolled, api):
    """RFC 6238 §5.2: not again, and no earlier one."""
    _, secret, _ = enrolled
    assert challenge(api, code_of(secret)).status_code == 200

    assert challenge(api, code_of(secret)).json()["code"] == "invalid_mfa_code"
    assert challenge(api, code_of(secret, ahead=-1)).status_code == 401


def test_a_backup_code_is_taken_once(enrolled, api):
    """However it is typed."""
    _, _, codes = enrolled

    assert challenge(api, codes[0].lower().replace("-", " ")).status_code == 200
    assert challenge(api, codes[0]).status_code == 401
    assert challenge(api, codes[1]).status_code == 200


def test_a_backup_code_that_was_good_once_is_no_guess(enrolled, api):
    """Typed twice, or sent twice at once: that locks nobody out."""
    _, _, codes = enrolled
    assert challenge(api, codes[0]).status_code == 200
    mfa_token = begin(api)

    statuses = [challenge(api, codes[0], mfa_token).status_code for _ in range(7)]

    assert statuses == [401] * 7
    assert challenge(api, codes[1], mfa_token).status_code == 200


def test_guessing_is_slowed_down(enrolled, api):
    """Five tries, then waiting."""
    mfa_token = begin(api)
    statuses = [challenge(api, f"{number:06}", mfa_token).status_code for number in range(7)]

    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429


@pytest.mark.parametrize("mfa_token", ["", "x", "eyJhIjoxfQ:1abc:sig"])
def test_a_strange_mfa_token_is_refused(enrolled, api, mfa_token):
    """400 for none, 401 for one that is not ours."""
    answer = api.post("mfa/challenge", {"mfa_token": mfa_token, "code": "123456"})

    assert answer.status_code == (401 if mfa_token else 400)


def test_a_changed_password_spoils_a_waiting_sign_in(enrolled, api, account):
    """Whoever knew the old one is out."""
    _, secret, _ = enrolled
    mfa_token = begin(api)
    account.set_password("another password altogether")
    account.save()

    assert challenge(api, code_of(secret), mfa_token).json()["code"] == "invalid_mfa_token"


def test_new_backup_codes_replace_the_old(enrolled, api):
    """By a code of the app."""
    token, secret, old = enrolled

    new = api.post("mfa/backup-codes", {"code": code_of(secret)}, token=token).json()["backup_codes"]

    assert challenge(api, old[0]).status_code == 401
    assert challenge(api, new[0]).status_code == 200


def test_a_second_enrolment_needs_the_first_disabled(enrolled, api):
    """A stolen token replaces no second factor; password and code disable it."""
    token, secret, _ = enrolled
    assert api.post("mfa/enroll", token=token).json()["code"] == "mfa_already_enrolled"
    assert api.post("mfa/disable", {"password": "wrong", "code": code_of(secret)}, token=token).status_code == 401

    done = api.post("mfa/disable", {"password": PASSWORD, "code": code_of(secret)}, token=token)

    assert done.status_code == 204
    assert "access_token" in api.sign_in()


def test_changing_the_password_asks_for_a_code(enrolled, api):
    """The second factor guards what matters."""
    token, secret, _ = enrolled
    body = {"current_password": PASSWORD, "new_password": "another password altogether"}

    assert api.post("password/change", body, token=token).json()["code"] == "invalid_mfa_code"
    assert api.post("password/change", {**body, "code": code_of(secret)}, token=token).status_code == 204


def test_an_unproved_enrolment_counts_for_nothing(account, api):
    """And can be begun again."""
    token = api.sign_in()["access_token"]
    first = api.post("mfa/enroll", token=token).json()
    second = api.post("mfa/enroll", token=token).json()

    assert "access_token" in api.sign_in()
    assert first["secret"] != second["secret"]
    assert api.post("mfa/verify", {"code": code_of(first["secret"])}, token=token).status_code == 401
    assert api.post("mfa/verify", {"code": code_of(second["secret"])}, token=token).status_code == 200
