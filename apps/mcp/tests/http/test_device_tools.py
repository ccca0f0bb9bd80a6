"""Steering a registered device that is online: what the agent is told, what reaches the device, and taking it back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.content.tests.factories import OfferFactory, TitleFactory
from apps.mcp.tests.agents import call, send
from apps.sync.tests.devices import change_row, list_sent
from apps.user.tests.factories import bearer, make_account

TV = {"kind": "tv", "platform": "tizen", "name": "Living room", "capabilities": {"remote_controllable": True}}
NEEDED = frozenset({"read:devices", "playback:control"})


@pytest.fixture
def tv(api):
    return api.post("sync/devices", TV).json()["id"]


@pytest.fixture
def me(account):
    """A token of the owner's that may steer devices and nothing else."""
    return bearer(account, scopes=NEEDED)


@pytest.fixture
def film():
    film = TitleFactory.create(title="Star One")
    OfferFactory.create(title=film, platform_id="netflix", region="US")
    return str(film.id)


@pytest.fixture
def asked(tv):
    """Tell what the device was asked."""
    return lambda: list_sent(tv)


def watch(api, tv, film, position_s):
    """Have the device show the film at a position."""
    body = {"content_id": film, "position_s": position_s, "duration_s": 6000, "state": "playing", "device_id": tv}
    assert api.post("sync/progress", body).status_code == 200


def undo(client, answer, headers):
    token = answer["structuredContent"]["undo_token"]
    assert call(client, "undo", {"undo_token": token}, headers)["isError"] is False


def test_a_registered_device_is_listed_with_what_it_does(client, api, me, tv, film):
    api.post(f"sync/devices/{tv}/heartbeat", {"activity": "watching", "content_id": film})

    (device,) = call(client, "list_devices", {}, me)["structuredContent"]["items"]

    assert device == {**device, "id": tv, **TV, "is_online": True, "activity": "watching", "content_id": film}


def test_a_title_starts_on_the_device_where_it_was_left(client, api, me, tv, film, asked):
    watch(api, tv, film, 1234)

    answer = call(client, "initiate_playback", {"title_id": film, "device_id": tv}, me)

    playing = answer["structuredContent"]
    assert playing["link"]["best"]["platform"] == "netflix"
    assert (playing["command"]["target_device_id"], playing["command"]["status"]) == (tv, "sent")
    assert asked() == [("load_content", {"content_id": film, "start_position_s": 1234})]
    undo(client, answer, me)
    assert asked()[1:] == [("stop", {})]


@pytest.mark.parametrize(
    ("asking", "command", "opposite"),
    [
        ({"action": "pause"}, ("pause", {}), ("play", {})),
        ({"action": "resume"}, ("play", {}), ("pause", {})),
        ({"action": "seek", "position_s": 90}, ("seek", {"position_s": 90}), ("seek", {"position_s": 1234})),
        ({"action": "stop"}, ("stop", {}), ("load_content", {"start_position_s": 1234})),
    ],
    ids=["pause", "resume", "seek", "stop"],
)
def test_a_device_is_steered_and_brought_back(client, api, me, tv, film, asked, asking, command, opposite):
    watch(api, tv, film, 1234)

    answer = call(client, "control_playback", {"device_id": tv, **asking}, me)

    assert answer["structuredContent"]["command"]["type"] == command[0]
    assert asked() == [command]
    undo(client, answer, me)
    kind, arguments = asked()[-1]
    assert (kind, {name: value for name, value in arguments.items() if name != "content_id"}) == opposite
    assert arguments.get("content_id", film) == film


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("control_playback", {"action": "pause"}), ("initiate_playback", {})],
    ids=["control", "initiate"],
)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"last_seen_at": timezone.now() - timedelta(minutes=5)}, "device_offline"),
        ({"capabilities": {}}, "command_not_supported"),
    ],
    ids=["silent", "not to be steered"],
)
def test_a_device_that_cannot_be_told_says_why(client, me, tv, film, asked, tool, arguments, change, code):
    change_row(tv, **change)
    title = {"title_id": film} if tool == "initiate_playback" else {}

    result = call(client, tool, {"device_id": tv, **title, **arguments}, me)

    assert (result["isError"], result["structuredContent"]["code"]) == (True, code)
    assert asked() == []


def test_nobody_steers_anothers_device(client, account, child, tv, film, asked):
    for headers in (bearer(make_account(), scopes=NEEDED), bearer(account, child, scopes=NEEDED)):
        assert call(client, "list_devices", {}, headers)["structuredContent"] == {"items": []}
        steered = call(client, "control_playback", {"device_id": tv, "action": "pause"}, headers)
        started = call(client, "initiate_playback", {"title_id": film, "device_id": tv}, headers)
        assert {result["structuredContent"]["code"] for result in (steered, started)} == {"device_not_found"}
    assert asked() == []


@pytest.mark.parametrize(
    ("tool", "scope"),
    [
        ("list_devices", "read:devices"),
        ("initiate_playback", "playback:control"),
        ("control_playback", "playback:control"),
    ],
)
def test_each_device_tool_asks_for_its_scope(client, account, api, tool, scope):
    anonymous = send(client, "tools/call", {"name": tool, "arguments": {}})
    weak = send(client, "tools/call", {"name": tool, "arguments": {}}, bearer(account, scopes=NEEDED - {scope}))

    assert (anonymous.status_code, weak.status_code) == (401, 403)
    assert f'scope="{scope}"' in weak["WWW-Authenticate"]
