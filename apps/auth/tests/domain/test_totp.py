"""One-time codes: the numbers of the RFC."""

import pytest

from apps.auth.domain.totp import compute_code, find_step, provisioning_uri, write_secret

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(at_s, code):
    """Appendix B, the last six of its eight digits."""
    assert compute_code(SECRET, at_s // 30) == code
    assert find_step(SECRET, code, now_s=at_s) == at_s // 30


@pytest.mark.parametrize(("late_s", "found"), [(-30, True), (0, True), (30, True), (60, False), (-60, False)])
def test_clocks_may_differ_by_a_step(late_s, found):
    """One before and one after."""
    assert (find_step(SECRET, compute_code(SECRET, 1000), now_s=1000 * 30 + late_s) is not None) is found


@pytest.mark.parametrize("code", ["", "28708", "２８７０８２", "ABCDE-FGHJK"])
def test_what_is_no_code_is_of_no_step(code):
    """And breaks nothing."""
    assert find_step(SECRET, code, now_s=59) is None


def test_apps_read_the_uri():
    """As Google Authenticator's key URI format has it."""
    uri = provisioning_uri(SECRET, name="ada@example.com")

    assert uri == f"otpauth://totp/mediagateway:ada%40example.com?secret={write_secret(SECRET)}&issuer=mediagateway"
