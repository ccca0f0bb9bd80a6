"""Passwords forgotten and changed, over HTTP."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from apps.auth.api import verify_token
from apps.auth.models import OneTimeToken
from apps.auth.tests.factories import PASSWORD
from mediagateway import events

pytestmark = pytest.mark.django_db

BETTER = "staple of a better horse"


def test_a_forgotten_password_is_replaced_once(account, api, mailed):
    """By the mailed token, which ends all sessions and proves the address."""
    tokens = api.sign_in()
    assert api.post("password/forgot", {"email": account.email}).status_code == 200
    to, token = mailed()
    body = {"token": token, "new_password": BETTER}

    assert api.post("password/reset", body).status_code == 204

    assert to == account.email
    assert api.post("password/reset", body).json()["code"] == "invalid_one_time_token"
    assert verify_token(tokens["access_token"]) is None
    assert api.post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert api.post("login", {"email": account.email, "password": PASSWORD}).status_code == 401
    assert api.sign_in(password=BETTER)
    account.refresh_from_db()
    assert account.email_verified_at
    events.deliver_pending()
    assert mail.outbox[-1].subject == "Your password was changed"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(account, api):
    """Nothing tells the two apart."""
    known = api.post("password/forgot", {"email": account.email})
    unknown = api.post("password/forgot", {"email": "no@example.com"})

    events.deliver_pending()
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [message.to for message in mail.outbox] == [[account.email]]


def test_a_reset_token_dies_after_an_hour(account, api, mailed):
    """The mail says so."""
    api.post("password/forgot", {"email": account.email})
    _, token = mailed()
    later = timezone.now() + timedelta(minutes=61)
    OneTimeToken.objects.update(expires_at=OneTimeToken.objects.get().expires_at - (later - timezone.now()))

    assert api.post("password/reset", {"token": token, "new_password": BETTER}).status_code == 400


def test_a_weak_new_password_leaves_the_token_good(account, api, mailed):
    """People try again."""
    api.post("password/forgot", {"email": account.email})
    _, token = mailed()

    weak = api.post("password/reset", {"token": token, "new_password": "qwertyuiop"})

    assert weak.json()["errors"][0]["pointer"] == "/new_password"
    assert api.post("password/reset", {"token": token, "new_password": BETTER}).status_code == 204


def test_a_verification_token_resets_no_password(account, api, mailed):
    """Each token has one purpose."""
    api.post("resend-verification", {"email": account.email})
    _, token = mailed()

    assert api.post("password/reset", {"token": token, "new_password": BETTER}).status_code == 400


def test_mails_of_a_kind_keep_a_minute_apart(account, api):
    """However often they are asked for."""
    for _ in range(3):
        api.post("resend-verification", {"email": account.email})

    events.deliver_pending()

    assert len(mail.outbox) == 1


def test_a_change_takes_the_present_password_and_ends_other_sessions(account, api, django_capture_on_commit_callbacks):
    """This one goes on."""
    other, this = api.sign_in(), api.sign_in()
    body = {"current_password": PASSWORD, "new_password": BETTER}

    wrong = api.post("password/change", {**body, "current_password": "wrong"}, token=this["access_token"])
    with django_capture_on_commit_callbacks(execute=True):
        right = api.post("password/change", body, token=this["access_token"])

    assert (wrong.status_code, right.status_code) == (401, 204)
    assert verify_token(other["access_token"]) is None
    assert verify_token(this["access_token"])
    assert api.sign_in(password=BETTER)
