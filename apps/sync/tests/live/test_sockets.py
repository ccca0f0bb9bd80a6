"""The live channel: what one device writes, another hears at once."""

import asyncio
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.sync.http.live import hub
from apps.sync.http.live.connections import Connection
from apps.sync.http.live.feed import Entry, pack_operations
from apps.sync.http.live.hub import MAX_CONNECTIONS
from apps.sync.tests.client import SyncClient
from apps.sync.tests.live.conversations import converse
from apps.user import api as user
from apps.user.tests.factories import principal_for
from mediagateway import lifecycle
from mediagateway.limits.table import LIMITS
from mediagateway.limits.windows import MemoryWindows

# SQLite in memory, as tests have it, refuses a second thread at once instead of letting it wait.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

TV = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True}}


@pytest.fixture
def register(api):
    return lambda: api.post("sync/devices", TV).json()["id"]


@pytest.fixture
def ticket(api):
    """Get the address of a connection."""

    def issue(device_id=None, kind="ws_url"):
        body = {"device_id": device_id} if device_id else {}
        return api.post("sync/ticket", body).json()[kind]

    return issue


@pytest.fixture
def ask(api):
    """Call the API from an event loop."""

    def call(method, *arguments):
        def send():
            try:
                return getattr(api, method)(*arguments)
            finally:
                connections.close_all()

        return asyncio.to_thread(send)

    return call


def device(device_id):
    return SyncClient(device_id, post=None, get=None, wall_ms=lambda: int(timezone.now().timestamp() * 1000))


def test_what_is_written_by_http_is_heard_at_once(ticket, ask):
    film, url = TitleFactory.create().id, ticket()

    async def scenario(live):
        talk, hello = await live.socket(url)
        await ask("post", "sync/watchlist", {"operation": "add", "content_id": str(film)})
        heard = await talk.hear("operations")
        assert (hello["position"], heard["position"], heard["version"]) == (0, 1, {"server": 1})
        assert heard["operations"][0]["content_id"] == str(film)

    converse(scenario)


def test_devices_write_and_hear_each_other(ticket, register):
    film, ids = TitleFactory.create().id, [register(), register()]
    urls = [ticket(device_id) for device_id in ids]
    phone, tv = map(device, ids)

    async def scenario(live):
        (one, _), (other, _) = [await live.socket(url) for url in urls]
        operation = phone.add(film)
        one.say("operations", operations=[phone._body(operation)], ref=7)
        answers = await one.hear("answers")
        tv.hear(await other.hear("operations"))
        assert (answers["ref"], answers["answers"][0]["status"]) == (7, "accepted")
        assert tv.watchlist() == {film}

    converse(scenario)


def test_who_was_away_hears_what_came_meanwhile(ticket, ask):
    films, url = [TitleFactory.create().id for _ in range(3)], ticket()

    async def scenario(live):
        for film in films:
            await ask("post", "sync/watchlist", {"operation": "add", "content_id": str(film)})
        talk, _ = await live.socket(f"{url}&position=1")
        heard = await talk.hear("operations")
        assert [each["content_id"] for each in heard["operations"]] == [str(film) for film in films[1:]]

    converse(scenario)


def test_who_knows_more_than_the_log_is_told_to_begin_anew(ticket):
    url = ticket()

    async def scenario(live):
        talk, _ = await live.socket(f"{url}&position=99")
        assert (await talk.hear("reset"))["position"] == 0

    converse(scenario)


def test_a_command_reaches_its_device_and_the_answer_its_sender(ticket, register, ask):
    tv, phone = register(), register()
    urls = ticket(tv), ticket(phone)

    async def scenario(live):
        (target, _), (sender, _) = [await live.socket(url) for url in urls]
        await ask("post", f"sync/devices/{tv}/commands", {"type": "pause", "source_device_id": phone})
        command = (await target.hear("command"))["command"]
        target.say("acknowledge", command_id=command["id"], status="completed")
        assert (await target.hear("acknowledged"))["command"]["status"] == "completed"
        assert (await sender.hear("command_status"))["command"]["id"] == command["id"]

    converse(scenario)


def test_devices_are_told_who_is_there(ticket, register, ask):
    tv, url = register(), ticket()

    async def scenario(live):
        talk, _ = await live.socket(url)
        await talk.hear("devices")
        await ask("post", f"sync/devices/{tv}/heartbeat", {"activity": "browsing"})
        assert (await talk.hear("devices"))["items"][0]["activity"] == "browsing"

    converse(scenario)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "malformed_body"),
        ("[]", "malformed_body"),
        ('{"type":"dance"}', "validation_error"),
        ('{"type":"operations","operations":[{}]}', "validation_error"),
        ('{"type":"acknowledge","command_id":"x","status":"completed"}', "validation_error"),
        ('{"type":"heartbeat","activity":"sleeping"}', "validation_error"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_problem(ticket, register, message, code):
    url = ticket(register())

    async def scenario(live):
        talk, _ = await live.socket(url)
        talk.put(type="websocket.receive", text=message)
        assert (await talk.hear("problem"))["code"] == code

    converse(scenario)


def test_a_connection_that_is_no_devices_writes_nothing(ticket):
    url = ticket()

    async def scenario(live):
        talk, _ = await live.socket(url)
        talk.say("operations", operations=[])
        assert (await talk.hear("problem"))["code"] == "validation_error"

    converse(scenario)


def test_too_many_messages_in_a_second_are_refused(ticket):
    url = ticket()

    async def scenario(live):
        talk, _ = await live.socket(url)
        for _ in range(25):
            talk.say("dance")
        codes = {(await talk.hear("problem"))["code"] for _ in range(25)}
        assert codes == {"validation_error", "rate_limited"}

    converse(scenario)


@pytest.mark.parametrize(
    ("event", "code"),
    [({"text": "x" * (32 * 1024 + 1)}, 1009), ({"bytes": b"{}"}, 1003)],
    ids=["too big", "binary"],
)
def test_a_message_of_no_allowed_form_ends_the_connection(ticket, event, code):
    url = ticket()

    async def scenario(live):
        talk, _ = await live.socket(url)
        talk.put(type="websocket.receive", **event)
        assert (await talk.hear("close"))["code"] == code

    converse(scenario)


def test_a_ticket_opens_one_connection(ticket):
    url = ticket()

    async def scenario(live):
        await live.socket(url)
        _, refused = await live.socket(url)
        _, unknown = await live.socket("/ws?ticket=made-up")
        assert (refused["code"], unknown["code"]) == (4401, 4401)

    converse(scenario)


def test_a_ticket_may_come_as_a_subprotocol(ticket):
    secret = ticket().partition("ticket=")[2]

    async def scenario(live):
        _, hello = await live.socket("/ws", subprotocols=["mediagateway.sync.v1", f"ticket.{secret}"])
        assert hello["type"] == "hello"

    converse(scenario)


def test_pages_of_other_origins_do_not_connect(ticket):
    url = ticket()

    async def scenario(live):
        _, refused = await live.socket(url, headers=[("origin", "https://evil.example")])
        assert refused["code"] == 4403

    converse(scenario)


def test_a_person_has_so_many_connections(ticket):
    urls = [ticket() for _ in range(MAX_CONNECTIONS + 1)]

    async def scenario(live):
        for url in urls[:-1]:
            await live.socket(url)
        one_more = live.open("websocket", urls[-1])
        one_more.put(type="websocket.connect")
        assert (await one_more.hear("close"))["code"] == 4429

    converse(scenario)


def test_attempts_to_connect_are_limited_by_address(settings, monkeypatch):
    settings.LIMITS = LIMITS

    async def scenario(live):
        refusals = [(await live.socket("/ws?ticket=made-up"))[1]["code"] for _ in range(25)]
        assert refusals == [*[4401] * 20, *[4429] * 5]

    # However long an attempt takes here, and wherever windows are kept, all fall into one second.
    monkeypatch.setattr(hub, "open_windows", lambda: MemoryWindows(lambda: 1000.0))
    converse(scenario)


def test_at_a_stop_everybody_is_told_to_move(ticket, monkeypatch):
    url, stream_url = ticket(), ticket(kind="events_url")

    async def scenario(live):
        talk, _ = await live.socket(url)
        stream = live.open("http", stream_url)
        await stream.hear_event("hello")
        monkeypatch.setattr(lifecycle, "is_draining", lambda: True)
        await talk.hear("moved")
        assert (await talk.hear("close"))["code"] == 1012
        assert (await stream.hear_event("moved"))["retry"] == "1000"

    converse(scenario)


def test_a_stream_goes_on_from_its_last_event(ticket, ask):
    films, url = [TitleFactory.create().id for _ in range(2)], ticket(kind="events_url")

    async def scenario(live):
        for film in films:
            await ask("post", "sync/watchlist", {"operation": "add", "content_id": str(film)})
        stream = live.open("http", url, headers=[("last-event-id", "1")])
        start = await stream.event()
        event = await stream.hear_event("operations")
        headers = dict(start["headers"])
        assert (start["status"], headers[b"Content-Type"]) == (200, b"text/event-stream")
        assert headers[b"X-Content-Type-Options"] == b"nosniff"
        assert event["id"] == "2"
        assert str(films[1]) in event["data"]
        assert str(films[0]) not in event["data"]

    converse(scenario)


@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [((), "GET", 401), ((("authorization", "Basic x"),), "GET", 401), ((), "POST", 405)],
)
def test_a_stream_that_may_not_be_is_a_problem(headers, method, status):
    async def scenario(live):
        stream = live.open("http", "/api/v1/sync/events", headers=headers, method=method)
        start = await stream.event()
        assert start["status"] == status
        assert dict(start["headers"])[b"Content-Type"] == b"application/problem+json"

    converse(scenario)


def test_a_client_that_does_not_read_is_told_to_come_again(account):
    connection = Connection(user.get_viewer(principal_for(account)), device_id=None, position=0)

    for _ in range(100):
        connection.tell(b"{}")

    assert connection.ending is not None
    assert connection.ending.code == 1013


def test_messages_stay_below_their_limit():
    entries = tuple(Entry(place, "a", place, b"x" * 3000, 0.0) for place in range(1, 101))

    messages = pack_operations(entries, without="")

    assert max(len(body) for body, _ in messages) <= 32 * 1024
    assert [position for _, position in messages][-1] == 100
    assert sum(body.count(b"x" * 3000) for body, _ in messages) == 100


def test_what_a_device_wrote_itself_only_moves_its_version():
    own = str(uuid4())
    entries = (Entry(1, own, 1, b"{}", 0.0), Entry(2, "server", 1, None, 0.0))

    ((body, position),) = pack_operations(entries, without=own)

    assert position == 2
    assert b'"operations":[]' in body
