"""Devices, presence, commands and handoff as clients see them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.sync.models import Command, Device

pytestmark = pytest.mark.django_db

TV = {"kind": "tv", "platform": "tizen", "name": "Living room", "capabilities": {"remote_controllable": True}}


@pytest.fixture
def tv(api):
    return api.post("sync/devices", TV).json()["id"]


def age(device_id, **past):
    """Let time pass since a device was heard of."""
    Device.objects.filter(pk=device_id).update(last_seen_at=timezone.now() - timedelta(**past))


def test_a_registered_device_is_there(api):
    made = api.post("sync/devices", TV)

    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/sync/devices/{made.json()['id']}"
    assert made.json() == {**made.json(), **TV, "is_online": True, "activity": "idle", "content_id": None}
    assert api.get("sync/devices").json()["items"] == [made.json()]


def test_a_device_changes_and_goes(api, tv):
    changed = api.patch(f"sync/devices/{tv}", {"name": "<b>Bedroom</b>", "capabilities": {"can_cast": True}}).json()
    gone = api.delete(f"sync/devices/{tv}")

    assert (changed["name"], changed["capabilities"]) == ("Bedroom", {"can_cast": True})
    assert gone.status_code == 204
    assert api.get(f"sync/devices/{tv}").json()["code"] == "device_not_found"


def test_a_heartbeat_brings_a_device_back_and_what_it_was_asked(api, tv):
    film = TitleFactory.create()
    sent = api.post(f"sync/devices/{tv}/commands", {"type": "pause"}).json()
    age(tv, minutes=5)

    before = api.get(f"sync/devices/{tv}").json()
    beat = api.post(f"sync/devices/{tv}/heartbeat", {"activity": "watching", "content_id": str(film.id)}).json()

    assert before["is_online"] is False
    assert (beat["heartbeat_s"], beat["offline_after_s"]) == (30, 60)
    assert [command["id"] for command in beat["commands"]] == [sent["id"]]
    assert (beat["device"]["is_online"], beat["device"]["activity"]) == (True, "watching")
    assert beat["device"]["content_id"] == str(film.id)


def test_the_eleventh_device_takes_the_place_of_a_silent_one(api, tv):
    for _ in range(9):
        api.post("sync/devices", TV)

    full = api.post("sync/devices", TV)
    age(tv, days=31)
    after = api.post("sync/devices", TV)

    assert (full.status_code, full.json()["code"]) == (409, "too_many_devices")
    assert after.status_code == 201
    assert api.get(f"sync/devices/{tv}").status_code == 404


def test_a_command_goes_from_sent_to_completed(api, tv):
    sent = api.post(f"sync/devices/{tv}/commands", {"type": "seek", "arguments": {"position_s": 90}})
    path = f"sync/devices/{tv}/commands/{sent.json()['id']}"

    waiting = api.get(f"sync/devices/{tv}/commands").json()["items"]
    received = api.post(path, {"status": "received"})
    completed = api.post(path, {"status": "completed"})
    again = api.post(path, {"status": "completed"})
    back = api.post(path, {"status": "received"})

    assert (sent.status_code, sent.json()["status"]) == (202, "sent")
    assert waiting == [sent.json()]
    assert [answer.json()["status"] for answer in (received, completed, again)] == ["received", *["completed"] * 2]
    assert (back.status_code, back.json()["code"]) == (409, "command_expired")
    assert api.get(f"sync/devices/{tv}/commands").json()["items"] == []
    assert api.get(path).json()["status"] == "completed"


def test_a_command_that_waited_too_long_is_not_obeyed(api, tv):
    sent = api.post(f"sync/devices/{tv}/commands", {"type": "play", "ttl_s": 1}).json()
    Command.objects.update(
        sent_at=timezone.now() - timedelta(seconds=9), expires_at=timezone.now() - timedelta(seconds=4)
    )

    late = api.post(f"sync/devices/{tv}/commands/{sent['id']}", {"status": "completed"})

    assert late.json()["code"] == "command_expired"
    assert api.get(f"sync/devices/{tv}/commands").json()["items"] == []


def test_a_silent_device_is_told_nothing(api, tv):
    age(tv, seconds=61)

    answer = api.post(f"sync/devices/{tv}/commands", {"type": "play"})

    assert (answer.status_code, answer.json()["code"]) == (409, "device_offline")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "seek"}, "/arguments/position_s"),
        ({"type": "play", "arguments": {"volume": 5}}, "/arguments/volume"),
        ({"type": "volume_set", "arguments": {"volume": 101}}, "/arguments/volume"),
        ({"type": "dance"}, "/type"),
        ({"type": "play", "ttl_s": 31}, "/ttl_s"),
    ],
)
def test_a_command_of_no_known_form_is_a_problem(api, tv, body, pointer):
    answer = api.post(f"sync/devices/{tv}/commands", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_handing_off_goes_on_where_the_title_stands(api, tv):
    film = TitleFactory.create()
    body = {"content_id": str(film.id), "position_s": 1234, "duration_s": 6000, "state": "paused"}
    api.post("sync/progress", body)

    handed = api.post("sync/devices/handoff", {"target_device_id": tv, "content_id": str(film.id)})
    unknown = api.post("sync/devices/handoff", {"target_device_id": str(uuid4()), "content_id": str(film.id)})

    assert (handed.status_code, handed.json()["type"]) == (202, "load_content")
    assert handed.json()["arguments"] == {"content_id": str(film.id), "start_position_s": 1234}
    assert unknown.json()["code"] == "device_not_found"


def test_nobody_steers_anothers_devices(api, stranger_api, child_api, tv):
    command = api.post(f"sync/devices/{tv}/commands", {"type": "pause"}).json()["id"]

    for who in (stranger_api, child_api):
        answers = [
            who.get(f"sync/devices/{tv}"),
            who.patch(f"sync/devices/{tv}", {"name": "mine"}),
            who.post(f"sync/devices/{tv}/heartbeat", {}),
            who.get(f"sync/devices/{tv}/commands"),
            who.post(f"sync/devices/{tv}/commands", {"type": "play"}),
            who.get(f"sync/devices/{tv}/commands/{command}"),
            who.post(f"sync/devices/{tv}/commands/{command}", {"status": "completed"}),
            who.post("sync/devices/handoff", {"target_device_id": tv, "content_id": str(TitleFactory.create().id)}),
            who.post("sync/ticket", {"device_id": tv}),
            who.delete(f"sync/devices/{tv}"),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert who.get("sync/devices").json() == {"items": []}
    assert api.get(f"sync/devices/{tv}").json()["name"] == "Living room"


@pytest.mark.parametrize("path", ["/api/v1/sync/events", "/ws"])
def test_other_groups_say_where_the_live_channel_is(client, settings, path):
    settings.LIVE_URL = "https://live.example.com"

    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected_request")
    scheme = "wss" if path == "/ws" else "https"
    assert answer["Link"] == f'<{scheme}://live.example.com{path}>; rel="alternate"'


def test_a_ticket_says_where_to_connect(api, settings, tv):
    settings.LIVE_URL = "https://live.example.com"

    answer = api.post("sync/ticket", {"device_id": tv}).json()

    assert answer["ws_url"] == f"wss://live.example.com/ws?ticket={answer['ticket']}"
    assert answer["events_url"] == f"https://live.example.com/api/v1/sync/events?ticket={answer['ticket']}"
