"""Remote control of one's own devices, as a telephone app sees it."""

import pytest

from apps.content.tests.factories import TitleFactory
from apps.sync.tests.devices import list_sent

pytestmark = pytest.mark.django_db

TV = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True, "can_cast": True}}


@pytest.fixture
def tv(api):
    return api.post("sync/devices", TV).json()["id"]


def test_a_device_is_asked_and_what_became_of_it_can_be_followed(api, tv):
    asked = {"device_id": tv, "command": "seek", "arguments": {"position_s": 90}, "ttl_s": 30}

    sent = api.post("playback/control", asked)

    command = sent.json()
    assert (sent.status_code, command["type"], command["status"]) == (202, "seek", "sent")
    assert sent["Location"] == f"/api/v1/sync/devices/{tv}/commands/{command['id']}"
    assert api.get(sent["Location"].removeprefix("/api/v1/")).json() == command


@pytest.mark.parametrize("path", ["playback/control", "sync/devices/handoff"])
def test_a_request_sent_again_under_its_key_asks_once(api, tv, path):
    film = str(TitleFactory.create().id)
    body = {
        "playback/control": {"device_id": tv, "command": "pause"},
        "sync/devices/handoff": {"target_device_id": tv, "content_id": film},
    }[path]

    answers = [api.post(path, body, {"Idempotency-Key": "once"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert len(list_sent(tv)) == 1


@pytest.mark.parametrize(
    ("command", "arguments", "pointer"),
    [
        ("seek", {"position_s": "soon"}, "/arguments/position_s"),
        ("seek", {"position_s": -5}, "/arguments/position_s"),
        ("volume_set", {"volume": 9999}, "/arguments/volume"),
        ("load_content", {"content_id": "the matrix"}, "/arguments/content_id"),
        ("cast_to", {"content_id": "1" * 32, "target_device_id": []}, "/arguments/target_device_id"),
        ("pause", {"position_s": 3}, "/arguments/position_s"),
    ],
)
def test_arguments_that_no_device_can_follow_are_refused(api, tv, command, arguments, pointer):
    answer = api.post("playback/control", {"device_id": tv, "command": command, "arguments": arguments})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_command")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert list_sent(tv) == []
