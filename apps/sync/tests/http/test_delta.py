"""Exchanging operations, as devices do that work offline."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.sync.domain.clock import MAX_AHEAD_MS
from apps.sync.models import Head, LogEntry
from apps.sync.tests.client import SyncClient
from apps.user.tests.factories import bearer
from mediagateway.events import deliver_pending

pytestmark = pytest.mark.django_db


def register(api, **fields):
    answer = api.post("sync/devices", {"kind": "phone", "platform": "ios", **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def now_ms():
    return int(timezone.now().timestamp() * 1000)


def checked(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def connect(api):
    """Make devices of the owner."""

    def make(skew_ms=0, device_id=None):
        return SyncClient(
            device_id or register(api),
            post=lambda path, body: checked(api.post(path, body)),
            get=lambda path: checked(api.get(path)),
            wall_ms=lambda: now_ms() + skew_ms,
        )

    return make


@pytest.fixture
def phone(connect):
    return connect()


@pytest.fixture
def tv(connect):
    return connect()


def test_what_one_writes_offline_the_other_gets(phone, tv):
    film, series, session_id = TitleFactory.create().id, TitleFactory.create().id, uuid4()
    phone.add(film)
    phone.add(series)
    phone.watch(film, session_id, 30)
    phone.remove(series)
    phone.prefer("video_quality", "uhd")

    phone.sync()
    tv.sync()

    assert tv.watchlist() == {film}
    assert tv.state.current()[film][1].position_s == 30
    assert tv.state.preferences["video_quality"][1] == "uhd"
    assert phone.digest() == tv.digest()
    assert (phone.resets, tv.resets) == (0, 0)


def test_concurrent_writes_meet_as_the_rules_say(phone, tv):
    first, second, third = (TitleFactory.create().id for _ in range(3))
    phone.add(first)
    phone.add(second)
    phone.sync()
    tv.sync()
    phone.add(third)
    phone.remove(first)
    tv.add(first)
    tv.remove(second)

    for device in (phone, tv, phone):
        device.sync()

    assert phone.watchlist() == tv.watchlist() == {first, third}
    assert phone.digest() == tv.digest()


def test_a_batch_sent_again_changes_nothing(api, phone):
    film = TitleFactory.create().id
    phone.add(film)
    body = {"device_id": phone.device_id, "version": {}, "operations": [phone._body(phone.queue[0])]}

    answers = [checked(api.post("sync/delta", body)) for _ in range(2)]

    assert [answer["answers"][0]["status"] for answer in answers] == ["accepted", "duplicate"]
    assert LogEntry.objects.count() == 1
    assert answers[0]["digest"] == answers[1]["digest"]
    # A device is not sent what it has just sent.
    assert [answer["operations"] for answer in answers] == [[], []]


def test_an_operation_twice_in_a_batch_counts_once(api, phone):
    phone.add(TitleFactory.create().id)
    operation = phone._body(phone.queue[0])
    body = {"device_id": phone.device_id, "version": {}, "operations": [operation, operation]}

    answer = checked(api.post("sync/delta", body))

    assert [each["status"] for each in answer["answers"]] == ["accepted", "duplicate"]


def test_a_gap_is_refused_and_filled_by_sending_what_is_missing(api, phone):
    film, series = TitleFactory.create().id, TitleFactory.create().id
    phone.add(film)
    phone.add(series)
    lost, late = (phone._body(operation) for operation in phone.queue)

    def send(*operations):
        body = {"device_id": phone.device_id, "version": {}, "operations": operations}
        return [(each["status"], each["reason"]) for each in checked(api.post("sync/delta", body))["answers"]]

    assert send(late) == [("rejected", "gap")]
    assert send(lost, late) == [("accepted", None), ("accepted", None)]


def test_a_number_or_an_id_that_is_taken_is_refused(api, phone):
    phone.add(TitleFactory.create().id)
    phone.sync()
    phone.add(TitleFactory.create().id)
    (operation,) = [phone._body(each) for each in phone.queue]
    first = LogEntry.objects.get().operation_id

    def send(**changes):
        body = {"device_id": phone.device_id, "version": {}, "operations": [{**operation, **changes}]}
        return checked(api.post("sync/delta", body))["answers"][0]["reason"]

    assert send(seq=1) == "sequence_reused"
    assert send(id=str(first)) == "id_reused"
    assert send() is None


def test_a_device_that_lost_its_numbers_goes_on_behind_the_log(connect, phone):
    film, series = TitleFactory.create().id, TitleFactory.create().id
    phone.add(film)
    phone.sync()
    again = connect(device_id=phone.device_id)
    again.add(series)

    again.sync()

    assert again.watchlist() == {film, series}
    assert (again.seq, Head.objects.get().vector[phone.device_id]) == (2, 2)


def test_what_cannot_be_is_rejected_once_and_for_all(phone, tv):
    gone = uuid4()
    phone.add(gone)
    phone.watch(TitleFactory.create().id, uuid4(), 61, 60)
    phone.prefer("video_quality", "great")
    film = TitleFactory.create().id
    phone.add(film)

    phone.sync()
    tv.sync()

    assert [reason for _, reason in phone.refused] == ["title_not_found", "invalid_progress", "invalid_value"]
    assert phone.watchlist() == tv.watchlist() == {film}
    assert LogEntry.objects.exclude(refusal="").count() == 3
    assert phone.digest() == tv.digest()


def test_a_clock_that_is_a_day_off_is_taken_and_one_further_ahead_is_not(connect):
    day_ms = 24 * 3600 * 1000
    fast, slow, lost = connect(day_ms), connect(-day_ms), connect(MAX_AHEAD_MS + 60_000)
    film = TitleFactory.create().id
    for device in (fast, slow, lost):
        device.watch(film, uuid4(), 1)

        device.sync()

    assert (fast.refused, slow.refused) == ([], [])
    assert [reason for _, reason in lost.refused] == ["clock_ahead"]


@pytest.mark.parametrize(("skew_ms", "is_wrong"), [(0, False), (24 * 3600 * 1000, True), (-24 * 3600 * 1000, True)])
def test_a_device_sees_by_the_answer_that_its_clock_is_wrong(connect, skew_ms, is_wrong):
    device = connect(skew_ms)

    device.sync()

    assert device.has_wrong_clock is is_wrong


def test_an_operation_on_a_title_that_is_gone_is_kept_without_effect(phone, tv):
    film = TitleFactory.create()
    film_id = film.id
    phone.add(film_id)
    phone.sync()
    film.delete()
    tv.watch(film_id, uuid4(), 10)

    tv.sync()
    phone.sync()

    assert [reason for _, reason in tv.refused] == ["title_not_found"]
    assert LogEntry.objects.get(refusal="title_not_found").content_id == film_id
    assert phone.digest() == tv.digest()


def test_a_write_after_what_was_seen_wins_whatever_the_clocks_say(connect):
    day_ms = 24 * 3600 * 1000
    fast, slow = connect(day_ms), connect(-day_ms)
    film, session_id = TitleFactory.create().id, uuid4()
    fast.watch(film, session_id, 50)
    fast.sync()
    slow.sync()
    slow.watch(film, session_id, 10)

    slow.sync()
    fast.sync()

    assert fast.state.current()[film][1].position_s == 10


def test_what_the_server_wrote_for_others_comes_too(api, tv):
    film = TitleFactory.create().id
    api.post("sync/watchlist", {"operation": "add", "content_id": str(film)})
    api.post("sync/progress", {"content_id": str(film), "position_s": 5, "duration_s": 9, "state": "paused"})
    api.post("sync/preferences", {"key": "subtitles_enabled", "value": True})
    api.patch("user/preferences", {"video_quality": "sd"})
    deliver_pending()

    tv.sync()

    assert tv.watchlist() == {film}
    assert tv.state.current()[film][1].position_s == 5
    assert {key: value for key, (_, value) in tv.state.preferences.items()} == {
        "subtitles_enabled": True,
        "video_quality": "sd",
    }
    assert tv.resets == 0


def test_who_lacks_more_than_a_thousand_operations_is_given_the_state(phone, tv):
    film = TitleFactory.create().id
    for _ in range(501):
        phone.add(film)
        phone.remove(film)

    phone.sync()
    tv.sync()

    assert (phone.resets, tv.resets) == (0, 1)
    assert tv.digest() == phone.digest()
    assert LogEntry.objects.count() == 1002


def test_a_damaged_copy_is_replaced_by_the_servers(phone, tv):
    film = TitleFactory.create().id
    phone.add(film)
    phone.sync()
    tv.sync()
    tv.confirmed.additions.clear()
    assert tv.watchlist() == set()

    tv.sync()

    assert (tv.watchlist(), tv.resets) == ({film}, 1)


def test_who_knows_more_than_the_log_is_given_the_state(api, phone):
    answer = checked(api.post("sync/delta", {"version": {phone.device_id: 7}}))

    assert answer["operations"] is None
    assert answer["state"]["watchlist"] == []


def test_a_watchlist_has_a_limit_that_removals_make_room_under(phone, monkeypatch):
    monkeypatch.setattr("apps.sync.services.delta.MAX_WATCHLIST", 2)
    titles = [TitleFactory.create().id for _ in range(4)]
    for title_id in titles[:3]:
        phone.add(title_id)
    phone.remove(titles[0])
    phone.add(titles[3])

    phone.sync()

    assert [reason for _, reason in phone.refused] == ["watchlist_full"]
    assert phone.watchlist() == {titles[1], titles[3]}


def test_operations_need_a_device_of_ones_own(api, stranger_api, phone):
    operation = {"id": str(uuid4()), "seq": 1, "type": "watchlist_add", "content_id": str(uuid4())}
    stamp = f"{now_ms():013d}-0000-"
    foreign = register(stranger_api)

    def send(device_id, origin):
        body = {"version": {}, "operations": [{**operation, "stamp": f"{stamp}{origin}"}]}
        return api.post("sync/delta", body if device_id is None else {**body, "device_id": device_id})

    assert send(None, phone.device_id).json()["errors"][0]["pointer"] == "/device_id"
    assert send(phone.device_id, uuid4()).json()["errors"][0]["pointer"] == "/operations/0/stamp"
    assert send(foreign, foreign).json()["code"] == "device_not_found"


@pytest.mark.parametrize(
    ("operation", "pointer"),
    [
        ({"type": "watchlist_add"}, "/operations/0/content_id"),
        ({"type": "watchlist_add", "content_id": str(uuid4()), "key": "x"}, "/operations/0/key"),
        ({"type": "watchlist_remove", "content_id": str(uuid4())}, "/operations/0/tags"),
        ({"type": "nothing"}, "/operations/0/type"),
        ({"type": "preference", "key": "x", "value": 1, "seq": 0}, "/operations/0/seq"),
        ({"type": "preference", "key": "x", "value": 1, "stamp": "yesterday"}, "/operations/0/stamp"),
        ({"type": "preference", "key": "x", "value": 1, "origin": "server"}, "/operations/0/origin"),
    ],
)
def test_an_operation_of_no_known_form_is_a_problem(api, phone, operation, pointer):
    common = {"id": str(uuid4()), "seq": 1, "stamp": f"{now_ms():013d}-0000-{phone.device_id}"}

    answer = api.post(
        "sync/delta", {"device_id": phone.device_id, "version": {}, "operations": [{**common, **operation}]}
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert LogEntry.objects.count() == 0


def test_a_batch_holds_a_thousand_operations(api, phone):
    film = TitleFactory.create().id
    for _ in range(1001):
        phone.watch(film, film, 1)
    body = {
        "device_id": phone.device_id,
        "version": {},
        "operations": [phone._body(each) for each in phone.queue],
    }

    assert api.post("sync/delta", body).status_code == 400
    phone.sync()
    assert LogEntry.objects.count() == 1001


def test_each_kind_of_operation_needs_its_scope(client, account, phone):
    phone.add(TitleFactory.create().id)
    body = {"device_id": phone.device_id, "version": {}, "operations": [phone._body(phone.queue[0])]}
    reading = frozenset({"read:watchlist", "read:history", "read:preferences"})

    def send(scopes):
        return client.post(
            "/api/v1/sync/delta", body, content_type="application/json", headers=bearer(account, scopes=scopes)
        )

    assert send(reading).json()["code"] == "insufficient_scope"
    assert send(frozenset({"write:watchlist"})).status_code == 403
    assert send(reading | {"write:watchlist"}).status_code == 200


def test_the_state_has_its_digest_as_etag(api, phone):
    phone.add(TitleFactory.create().id)
    phone.sync()

    answer = api.get("sync/state")
    again = api.get("sync/state", headers={"If-None-Match": answer["ETag"]})

    assert answer["ETag"] == f'"{phone.digest()}"'
    assert again.status_code == 304


def test_an_exchange_costs_the_same_however_much_is_sent(connect, django_assert_max_num_queries):
    for count in (3, 30):
        device = connect()
        for number in range(count):
            device.watch(TitleFactory.create().id, uuid4(), number)
            device.add(TitleFactory.create().id)
            device.prefer("video_quality", "uhd" if number % 2 else "hd")

        with django_assert_max_num_queries(40):
            device.sync()


def test_the_worker_delivers_what_is_changed_elsewhere_after_a_day_too(api, tv):
    api.patch("user/preferences", {"video_quality": "sd"})
    deliver_pending()
    tv.wall_ms = lambda: now_ms() - timedelta(days=1) // timedelta(milliseconds=1)
    tv.sync()
    tv.prefer("video_quality", "uhd")

    tv.sync()

    assert api.get("user/preferences").json()["video_quality"] == "uhd"
