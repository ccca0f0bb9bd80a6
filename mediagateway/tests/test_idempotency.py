"""A POST that is sent again under its `Idempotency-Key` happens once."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request

from mediagateway import idempotency
from mediagateway.errors import ConflictError
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.views import ApiView, json_body
from mediagateway.models import IdempotentRequest, OutboxEvent
from mediagateway.principal import Principal
from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf

pytestmark = [pytest.mark.django_db, pytest.mark.urls("mediagateway.tests.test_idempotency")]


class ThingsView(ApiView):
    """Creates what can be counted: a row of the outbox."""

    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Create, or fail as the body says."""
        asked = json_body(request)
        OutboxEvent.objects.create(topic="test.thing_made", payload={}, created_at=timezone.now())
        if asked.get("fail") == "refuse":
            raise ConflictError("No.")
        if asked.get("fail") == "break":
            return json_response({}, status=503)
        response = json_response({"secret": uuid4(), "name": asked.get("name")}, status=201)
        response["Location"] = "/things/1"
        return response


def verify_token(token: str) -> Principal:
    """Vouch for `<account>` or `<account>.<profile>`: a `Verifier` for tests."""
    account, _, profile = token.partition(".")
    profile_id = UUID(int=int(profile)) if profile else None
    return Principal(UUID(int=int(account)), frozenset(), token, profile_id=profile_id)


urlpatterns = [path("things", ThingsView.as_view()), path("more-things", ThingsView.as_view())]


@pytest.fixture(autouse=True)
def _verifier(settings):
    settings.TOKEN_VERIFIER = "mediagateway.tests.test_idempotency.verify_token"


def post(body=None, *, key="k1", url="/things", token="1"):
    headers = {"authorization": f"Bearer {token}"} | ({"idempotency-key": key} if key else {})
    client = Client(raise_request_exception=False)
    return client.post(url, body or {"name": "a"}, content_type="application/json", headers=headers)


def made():
    return OutboxEvent.objects.count()


def test_the_second_answer_is_the_first():
    first, second = post(), post()

    assert made() == 1
    assert (second.status_code, second.content) == (first.status_code, first.content) == (201, first.content)
    assert second["Location"] == "/things/1"
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    "change", [{"key": "k2"}, {"url": "/more-things"}, {"token": "2"}, {"token": "1.5"}, {"key": None}], ids=str
)
def test_another_key_route_or_caller_is_another_request(change):
    post()
    assert post(**change).status_code == 201
    assert made() == 2


def test_a_quoted_key_is_the_same_key():
    assert post(key="k1").content == post(key='"k1"').content


def test_another_body_is_422():
    post()
    response = post({"name": "b"})

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert made() == 1


def test_a_request_that_runs_is_409():
    post()
    IdempotentRequest.objects.update(sealed_answer=b"")

    response = post()

    assert (response.status_code, response.json()["code"]) == (409, "request_in_progress")
    assert made() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "schlüssel"], ids=["empty", "blank", "space", "long", "ü"])
def test_a_bad_key_is_400(key):
    headers = {"authorization": "Bearer 1", "idempotency-key": key}
    response = Client().post("/things", {}, content_type="application/json", headers=headers)

    assert response.status_code == 400
    assert response.json()["errors"][0]["in"] == "header"


@pytest.mark.parametrize(("fail", "status"), [("refuse", 409), ("break", 503)])
def test_what_failed_may_be_sent_again(fail, status):
    assert post({"fail": fail}).status_code == status
    assert post({"fail": fail}).status_code == status
    assert made() == 2


def test_an_answer_is_kept_for_a_day():
    first = post()
    row = IdempotentRequest.objects.get()
    assert row.expires_at - timezone.now() == pytest.approx(timedelta(hours=24), abs=timedelta(minutes=1))
    IdempotentRequest.objects.update(expires_at=timezone.now())

    assert post().content != first.content


def test_what_is_kept_does_not_show_the_answer_or_the_key():
    secret = post(key="a-long-key").json()["secret"]

    row = IdempotentRequest.objects.get()
    assert secret.encode() not in bytes(row.sealed_answer)
    assert "a-long-key" not in row.claim


def test_the_sweep_forgets_what_has_expired():
    post(key="k1")
    post(key="k2")
    IdempotentRequest.objects.filter(claim=IdempotentRequest.objects.earliest("expires_at").claim).update(
        expires_at=timezone.now()
    )

    assert idempotency.forget_expired(now=timezone.now()) == 1
    assert IdempotentRequest.objects.count() == 1


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_parallel_requests_one_runs():
    """On SQLite the one write lock of the database does this, which an in-memory one of the tests has not."""
    statuses = []

    def run():
        try:
            statuses.append(post().status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made() == 1
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
