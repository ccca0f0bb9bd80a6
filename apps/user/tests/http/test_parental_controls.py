"""Parental controls and the PIN as a client sees them."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.user.models import ParentalControls
from mediagateway.models import AuditEntry

CONTROLS = {
    "pin": "0042",
    "max_age": 10,
    "blocked_genres": ["war", "horror", "war"],
    "window": {"start": "19:30", "end": "07:00"},
    "time_zone": "Europe/Berlin",
}


def test_controls_are_set_and_read(api):
    answer = api.put("user/parental-controls", CONTROLS)

    assert answer.status_code == 200
    assert answer.json() == {
        "has_pin": True,
        "pin_locked_until": None,
        "max_age": 10,
        "blocked_genres": ["horror", "war"],
        "window": {"start": "19:30", "end": "07:00"},
        "time_zone": "Europe/Berlin",
    }
    assert api.get("user/parental-controls").json() == answer.json()


def test_the_pin_is_hashed(api, account):
    api.put("user/parental-controls", CONTROLS)

    assert ParentalControls.objects.get(account=account).pin_hash.startswith("$argon2id$")
    assert "0042" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("body", [{"max_age": 18}, {"window": None}, {"blocked_genres": []}, {"new_pin": "9999"}])
def test_with_a_pin_nothing_changes_without_it(api, body):
    before = api.put("user/parental-controls", CONTROLS).json()

    missing = api.put("user/parental-controls", body)
    wrong = api.put("user/parental-controls", {**body, "pin": "0000"})

    assert (missing.status_code, missing.json()["code"]) == (403, "pin_required")
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_pin")
    assert api.get("user/parental-controls").json() == before
    assert api.put("user/parental-controls", {**body, "pin": "0042"}).status_code == 200


def test_a_pin_is_replaced_and_taken_away(api):
    api.put("user/parental-controls", {"pin": "0042"})

    assert api.put("user/parental-controls", {"pin": "0042", "new_pin": "12345678"}).status_code == 200
    assert api.post("user/parental-controls/verify-pin", {"pin": "12345678"}).json() == {"verified": True}
    assert api.put("user/parental-controls", {"pin": "12345678", "new_pin": None}).json()["has_pin"] is False
    assert api.post("user/parental-controls/verify-pin", {"pin": "0042"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pin": "123"}, "/pin"),
        ({"pin": 1234}, "/pin"),
        ({"pin": "12 34"}, "/pin"),
        ({"pin": "١٢٣٤"}, "/pin"),
        ({"pin": "1234\n"}, "/pin"),
        ({"max_age": 19}, "/max_age"),
        ({"blocked_genres": ["gore"]}, "/blocked_genres/0"),
        ({"window": {"start": "08:00"}}, "/window/end"),
        ({"window": {"start": "08:00", "end": "08:00"}}, "/window/end"),
        ({"window": {"start": "8 pm", "end": "09:00"}}, "/window/start"),
        ({"time_zone": "Berlin"}, "/time_zone"),
        ({"enabled": False}, "/enabled"),
    ],
)
def test_a_wrong_field_is_named(api, body, pointer):
    response = api.put("user/parental-controls", body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_guessing_is_made_slow(api, account):
    """Four wrong PINs are free; from the fifth on even the right one has to wait, for longer each time."""
    api.put("user/parental-controls", {"pin": "0042"})

    answers = [api.post("user/parental-controls/verify-pin", {"pin": f"000{digit}"}) for digit in range(6)]
    right = api.post("user/parental-controls/verify-pin", {"pin": "0042"})

    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert (right.status_code, right.json()["code"]) == (429, "pin_locked")
    assert 50 < int(right["Retry-After"]) <= 61
    assert AuditEntry.objects.filter(action="user.pin_refused").count() == 5

    ParentalControls.objects.update(pin_locked_until=F("pin_locked_until") - timedelta(minutes=2))
    assert api.post("user/parental-controls/verify-pin", {"pin": "9999"}).status_code == 403
    again = api.post("user/parental-controls/verify-pin", {"pin": "0042"})
    assert 280 < int(again["Retry-After"]) <= 301


def test_the_right_pin_sets_the_count_back(api, account):
    api.put("user/parental-controls", {"pin": "0042"})
    for _ in range(3):
        for _ in range(4):
            assert api.post("user/parental-controls/verify-pin", {"pin": "0000"}).status_code == 403
        assert api.post("user/parental-controls/verify-pin", {"pin": "0042"}).status_code == 200


def test_a_childs_limits_need_the_pin(api, child):
    api.put("user/parental-controls", {"pin": "0042"})
    path = f"user/profiles/{child.id}"

    for change in ({"max_age": 18}, {"allow_unrated": True}, {"kind": "adult"}, {"region": "FR"}):
        assert api.patch(path, change).json()["code"] == "pin_required"
    assert api.patch(path, {"name": "Kimberly"}).status_code == 200
    assert api.patch(path, {"max_age": 14, "pin": "0042"}).json()["max_age"] == 14


def test_a_lost_update_is_412(api):
    etag = api.get("user/parental-controls")["ETag"]
    api.put("user/parental-controls", {"max_age": 6}, {"If-Match": etag})

    response = api.put("user/parental-controls", {"max_age": 16}, {"If-Match": etag})

    assert response.status_code == 412
    assert api.get("user/parental-controls").json()["max_age"] == 6


def test_a_child_may_read_its_limits_and_say_the_pin(api, child_api):
    api.put("user/parental-controls", {"pin": "0042"})

    assert child_api.get("user/parental-controls").json()["has_pin"] is True
    assert child_api.post("user/parental-controls/verify-pin", {"pin": "0042"}).status_code == 200
