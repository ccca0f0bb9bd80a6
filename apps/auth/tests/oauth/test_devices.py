"""The device grant (RFC 8628), by its sections."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.auth.domain.grants import GrantType
from apps.auth.models import DeviceGrant
from apps.auth.tests.factories import principal_of
from apps.auth.tests.oauth.conftest import DEVICE_GRANT, OAuth, error_of, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(oauth):
    """What a device is given that asks."""
    response = oauth.form("/auth/device", scope="openid read:content offline_access")
    assert response.status_code == 200, response.content
    return response.json()


def poll(oauth, waiting, **changes):
    return oauth.token(**{"grant_type": DEVICE_GRANT, "device_code": waiting["device_code"], **changes})


def answer(browser, waiting, step):
    """Say yes or no on the page of /link."""
    url = f"/link?user_code={waiting['user_code']}"
    if b'value="password"' in browser.get(url).content:
        browser.enter()
    return browser.post(url, step=step, user_code=waiting["user_code"])


def be_patient():
    """Let the interval pass."""
    DeviceGrant.objects.update(next_poll_at=timezone.now() - timedelta(seconds=1))


def test_a_device_is_given_what_it_shows(waiting):
    """§3.2, §6.1: the code can be read from a sofa, and the whole address fits into a QR code."""
    assert waiting["verification_uri"] == f"{settings.PUBLIC_URL}/link"
    assert waiting["verification_uri_complete"] == f"{settings.PUBLIC_URL}/link?user_code={waiting['user_code']}"
    assert (waiting["expires_in"], waiting["interval"]) == (900, 5)
    letters = waiting["user_code"].split("-")
    assert [len(group) for group in letters] == [4, 4]
    assert set("".join(letters)) <= set("BCDFGHJKLMNPQRSTVWXZ")


def test_a_device_waits_for_yes_and_then_has_tokens(oauth, waiting, account):
    """§3.3 to §3.5."""
    assert error_of(poll(oauth, waiting)) == "authorization_pending"

    answered = answer(oauth.browser, waiting, "allow")
    tokens = poll(oauth, waiting).json()

    assert answered.status_code == 200
    principal = principal_of(tokens["access_token"])
    assert (principal.account_id, principal.client_id) == (account.id, oauth.client_id)
    assert set(tokens["scope"].split()) == {"openid", "read:content", "offline_access"}
    assert "id_token" in tokens
    assert oauth.refresh(tokens["refresh_token"]).status_code == 200


def test_a_device_code_is_good_once(oauth, waiting):
    """RFC 6749 §10.5 for codes of every kind."""
    answer(oauth.browser, waiting, "allow")
    poll(oauth, waiting)

    assert error_of(poll(oauth, waiting)) == "invalid_grant"


def test_a_hasty_device_is_told_to_slow_down_for_good(oauth, waiting):
    """§3.5: five seconds more for this and all that follow."""
    assert error_of(poll(oauth, waiting)) == "authorization_pending"
    assert error_of(poll(oauth, waiting)) == "slow_down"
    assert error_of(poll(oauth, waiting)) == "slow_down"
    be_patient()

    assert error_of(poll(oauth, waiting)) == "authorization_pending"
    row = DeviceGrant.objects.get()
    assert row.interval_s == 15
    assert row.next_poll_at > timezone.now() + timedelta(seconds=13)


def test_no_is_told_to_the_device(oauth, waiting):
    """§3.5."""
    answer(oauth.browser, waiting, "deny")

    assert error_of(poll(oauth, waiting)) == "access_denied"


def test_too_late_is_told_to_the_device_whatever_was_said(oauth, waiting):
    """§3.5: also when somebody said yes."""
    answer(oauth.browser, waiting, "allow")
    DeviceGrant.objects.update(expires_at=timezone.now())

    assert error_of(poll(oauth, waiting)) == "expired_token"


def test_a_code_that_is_too_old_cannot_be_answered(oauth, waiting):
    """§3.3."""
    oauth.browser.enter()
    DeviceGrant.objects.update(expires_at=timezone.now())

    assert oauth.browser.get(f"/link?user_code={waiting['user_code']}").status_code == 400


def test_the_first_answer_counts(oauth, waiting):
    """A code that was answered is no code any more (§3.3)."""
    answer(oauth.browser, waiting, "deny")

    assert oauth.browser.get(f"/link?user_code={waiting['user_code']}").status_code == 400
    assert DeviceGrant.objects.get().status == "denied"


@pytest.mark.parametrize("spelling", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_how_a_code_is_typed_does_not_matter(oauth, waiting, spelling):
    """§6.1: case, hyphen and blanks."""
    oauth.browser.enter()
    typed = oauth.browser.post("/link", step="find", user_code=spelling(waiting["user_code"]))

    shown = oauth.browser.get(typed["Location"])

    assert typed.status_code == 303
    assert waiting["user_code"] in shown.content.decode()


def test_opening_the_whole_address_links_nothing(oauth, waiting):
    """§3.3.1, §5.4: the person sees the code, who asks and for what, and must say yes."""
    oauth.browser.enter()

    page = oauth.browser.get(f"/link?user_code={waiting['user_code']}").content.decode()

    assert waiting["user_code"] in page
    assert "Example TV" in page
    assert "See the catalogue as you see it" in page
    assert "127.0.0.1" in page
    assert DeviceGrant.objects.get().status == "pending"


def test_codes_cannot_be_tried_out(oauth, waiting):
    """§5.1: after five wrong ones a person waits, whichever address they come from."""
    oauth.browser.enter()
    codes = [oauth.browser.get(f"/link?user_code=BBBB-BBB{letter}").status_code for letter in "BCDFGH"]

    right = oauth.browser.get(f"/link?user_code={waiting['user_code']}")

    assert codes[:5] == [400] * 5
    assert right.status_code == 429
    assert DeviceGrant.objects.get().status == "pending"


def test_codes_are_kept_as_hashes(waiting):
    """RFC 9700 §2.1.1 for codes of every kind; the short one's hash is keyed."""
    kept = {str(value) for value in vars(DeviceGrant.objects.get()).values()}

    assert kept.isdisjoint({waiting["device_code"], waiting["user_code"], waiting["user_code"].replace("-", "")})


def test_a_device_code_is_bound_to_its_client(oauth, waiting):
    """§3.4."""
    other = OAuth(make_client(), oauth.browser)
    answer(oauth.browser, waiting, "allow")

    assert error_of(poll(other, waiting)) == "invalid_grant"
    assert poll(oauth, waiting).status_code == 200


@pytest.mark.parametrize("code", [None, "", "nobody-gave-this"])
def test_what_is_no_device_code_is_refused(oauth, code):
    """§3.5, RFC 6749 §5.2."""
    assert error_of(poll(oauth, {"device_code": code})) in {"invalid_request", "invalid_grant"}


def test_who_may_not_ask_is_refused(browser, confidential):
    """§3.1, §3.2: clients, grants and scopes as at the token endpoint."""
    without = OAuth(make_client(grant_types=frozenset({GrantType.AUTHORIZATION_CODE})), browser)

    assert error_of(without.form("/auth/device")) == "unauthorized_client"
    assert error_of(confidential.form("/auth/device", scope="admin:users")) == "invalid_scope"
    assert error_of(confidential.form("/auth/device", auth=False, client_id="nobody"), 401) == "invalid_client"
    assert error_of(confidential.form("/auth/device", auth=False, client_id=confidential.client_id), 401) == (
        "invalid_client"
    )
    assert error_of(confidential.form("/auth/device", scope=["a", "b"])) == "invalid_request"


def test_the_parameters_of_the_media_type_do_not_matter(confidential):
    """RFC 9110 §8.3.1: oauthlib's own endpoint compares the header as a whole."""
    response = confidential._http.post(
        "/auth/device",
        f"client_id={confidential.client_id}&client_secret={confidential.secret}",
        content_type="application/x-www-form-urlencoded; charset=UTF-8",
    )

    assert response.status_code == 200
