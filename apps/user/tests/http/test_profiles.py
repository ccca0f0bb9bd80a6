"""Profiles as a client sees them."""

from uuid import uuid4

import pytest

from apps.user.models import Profile
from apps.user.tests.factories import bearer, make_account

KID = {"name": "Kim", "kind": "child", "max_age": 7}


def test_an_account_has_its_owners_profile(api, account):
    response = api.get("user/profile")

    body = response.json()
    assert response.status_code == 200
    assert (body["is_owner"], body["kind"], body["account"]["email"]) == (True, "adult", account.email)
    assert response["Cache-Control"] == "private, no-store"


def test_a_profile_is_changed_by_name(api):
    response = api.patch("user/profile", {"name": "  <b>Ada</b> ", "region": "DE", "time_zone": "Europe/Berlin"})

    body = response.json()
    assert (body["name"], body["region"], body["time_zone"]) == ("Ada", "DE", "Europe/Berlin")
    assert api.get("user/profile").json() == body


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "<i></i>"}, "/name"),
        ({"name": "x" * 65}, "/name"),
        ({"region": "de"}, "/region"),
        ({"language": "english please"}, "/language"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"email": "x@example.org"}, "/email"),
        ({"kind": "child"}, "/kind"),
    ],
)
def test_a_wrong_field_is_named(api, body, pointer):
    response = api.patch("user/profile", body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_lost_update_is_412(api):
    etag = api.get("user/profile")["ETag"]
    assert api.patch("user/profile", {"name": "First"}, {"If-Match": etag}).status_code == 200

    response = api.patch("user/profile", {"name": "Second"}, {"If-Match": etag})

    assert response.status_code == 412
    assert api.get("user/profile").json()["name"] == "First"
    assert api.get("user/profile", headers={"If-None-Match": etag}).status_code == 200


def test_an_unchanged_profile_is_304(api):
    etag = api.get("user/profile")["ETag"]

    assert api.get("user/profile", headers={"If-None-Match": etag}).status_code == 304


def test_a_household_grows_and_shrinks(api):
    created = api.post("user/profiles", KID)
    path = f"user/profiles/{created.json()['id']}"

    assert created.status_code == 201
    assert [each["name"] for each in api.get("user/profiles").json()["items"]] == ["", "Kim"]
    assert api.patch(path, {"max_age": 10}).json()["max_age"] == 10
    assert api.delete(path).status_code == 204
    assert len(api.get("user/profiles").json()["items"]) == 1
    assert api.delete(path).status_code == 404


def test_a_household_has_room_for_eight(api):
    answers = [api.post("user/profiles", KID).status_code for _ in range(8)]

    assert answers == [201] * 7 + [409]


def test_limits_are_for_children(api):
    response = api.post("user/profiles", {"name": "Bo", "max_age": 7})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/max_age")


def test_a_grown_child_has_no_limits(api, child):
    child.max_age, child.allow_unrated = 7, True
    child.save()

    body = api.patch(f"user/profiles/{child.id}", {"kind": "adult"}).json()

    assert (body["kind"], body["max_age"], body["allow_unrated"]) == ("adult", None, False)


def test_the_owner_stays(api, account):
    owner = account.profiles.get()

    assert api.patch(f"user/profiles/{owner.id}", {"kind": "child"}).status_code == 409
    assert api.delete(f"user/profiles/{owner.id}").status_code == 409


def test_other_households_do_not_exist(stranger_api, child):
    missing, foreign = f"user/profiles/{uuid4()}", f"user/profiles/{child.id}"

    for method, body in (("patch", {"name": "Mine"}), ("delete", None)):
        answers = [getattr(stranger_api, method)(path, body) for path in (missing, foreign)]
        assert [answer.status_code for answer in answers] == [404, 404]
        details = [{**answer.json(), "instance": "", "request_id": ""} for answer in answers]
        assert details[0] == details[1]
    assert Profile.objects.get(pk=child.pk).name == "Kim"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "user/profile", {"name": "Boss"}),
        ("delete", "user/profile", None),
        ("post", "user/profiles", {"name": "Grown-up"}),
        ("patch", "user/profiles/{id}", {"max_age": 18, "pin": "1234"}),
        ("delete", "user/profiles/{id}", None),
        ("put", "user/parental-controls", {"max_age": 18, "pin": "1234"}),
        ("put", "user/subscriptions", {"platforms": []}),
        ("put", "user/consents", {"text_version": "2026-11", "answers": {"analytics": True}}),
        ("post", "user/export", None),
    ],
)
def test_a_child_manages_nothing(child_api, child, method, path, body):
    response = getattr(child_api, method)(path.format(id=child.id), body)

    assert (response.status_code, response.json()["code"]) == (403, "child_profile")


def test_without_a_token_nothing_is_personal(client):
    for path in ("profile", "profiles", "preferences", "ratings", "subscriptions", "parental-controls", "consents"):
        assert client.get(f"/api/v1/user/{path}").status_code == 401


def test_a_scope_is_needed(api, client, account):
    headers = bearer(account, scopes=frozenset({"read:profile"}))

    assert client.get("/api/v1/user/profile", headers=headers).status_code == 200
    assert client.get("/api/v1/user/preferences", headers=headers).status_code == 403
    response = client.patch("/api/v1/user/profile", {"name": "X"}, "application/json", headers=headers)
    assert response.status_code == 403
    assert "write:profile" in response.json()["detail"]


def test_a_token_of_a_profile_that_is_gone_is_dead(child_api, child):
    child.delete()

    assert child_api.get("user/profile").status_code == 401
    assert child_api.get("content").status_code == 401


def test_a_profile_of_another_household_opens_nothing(client, api, child):
    headers = bearer(make_account(), child)

    assert client.get("/api/v1/user/profile", headers=headers).status_code == 401
