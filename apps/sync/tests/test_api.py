"""The door: watchlists, progress and devices as other apps see them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.content.errors import TitleNotFoundError
from apps.content.tests.factories import TitleFactory
from apps.sync import api as door
from apps.sync.contracts import CommandDraft, CommandType, PlayState, ProgressDraft
from apps.sync.errors import (
    CommandNotSupportedError,
    DeviceNotFoundError,
    DeviceOfflineError,
    InvalidCommandError,
    InvalidProgressError,
    NotOnWatchlistError,
    ProgressNotFoundError,
)
from apps.sync.models import Device, Head, LogEntry
from apps.user import api as user
from apps.user.tests.factories import make_account, principal_for
from mediagateway import events
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def at(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def viewer(account):
    return user.get_viewer(principal_for(account))


def draft(title, session_id, position_s, state=PlayState.PLAYING, **fields):
    return ProgressDraft(title.id, session_id, position_s, 6000, state, **fields)


def make_device(viewer, **fields):
    fields = {"capabilities": {"remote_controllable": True}, "last_seen_at": NOW} | fields
    return Device.objects.create(profile_id=viewer.profile_id, kind="tv", platform="tizen", **fields)


def test_what_is_added_is_listed_newest_first_until_it_is_removed(viewer):
    first, second = TitleFactory.create(), TitleFactory.create()
    door.add_to_watchlist(viewer, first.id, at(0))
    door.add_to_watchlist(viewer, second.id, at(1))

    listed = door.list_watchlist(viewer)
    door.remove_from_watchlist(viewer, second.id, at(2))

    assert [(item.content_id, item.added_at) for item in listed] == [(second.id, at(1)), (first.id, at(0))]
    assert [item.content_id for item in door.list_watchlist(viewer)] == [first.id]
    with pytest.raises(NotOnWatchlistError):
        door.remove_from_watchlist(viewer, second.id, at(3))


def test_adding_twice_writes_once(viewer):
    title = TitleFactory.create()

    added = door.add_to_watchlist(viewer, title.id, at(0))
    again = door.add_to_watchlist(viewer, title.id, at(1))

    assert (added.added_at, again.added_at, again.operation_id) == (at(0), at(0), None)
    assert LogEntry.objects.count() == 1


def test_what_is_added_again_after_its_removal_stays(viewer):
    title = TitleFactory.create()
    door.add_to_watchlist(viewer, title.id, at(0))
    door.remove_from_watchlist(viewer, title.id, at(1))

    door.add_to_watchlist(viewer, title.id, at(2))

    assert [item.added_at for item in door.list_watchlist(viewer)] == [at(2)]


def test_a_merged_title_is_on_the_list_once_and_goes_at_once(viewer):
    gone, survivor = TitleFactory.create(), TitleFactory.create()
    for minute, title in enumerate((gone, survivor)):
        door.add_to_watchlist(viewer, title.id, at(minute))
        door.record_progress(viewer, draft(title, uuid4(), 60 + minute), at(minute))
    content.merge_titles(TitleId(survivor.id), TitleId(gone.id), at=NOW)

    listed, progress = door.list_watchlist(viewer), door.list_progress(viewer)
    asked = door.get_progress(viewer, [gone.id, survivor.id])
    door.remove_from_watchlist(viewer, gone.id, at(2))

    assert [(item.content_id, item.added_at) for item in listed] == [(survivor.id, at(1))]
    assert [(record.content_id, record.position_s) for record in progress] == [(survivor.id, 61)]
    assert asked[gone.id] == asked[survivor.id] == progress[0]
    assert door.list_watchlist(viewer) == ()


def test_a_child_adds_and_sees_nothing_that_is_hidden_from_it(viewer, account, child):
    title = TitleFactory.create(min_ages={"US": 18})
    small = user.get_viewer(principal_for(account, child))

    door.add_to_watchlist(viewer, title.id, NOW)

    for write in (
        lambda: door.add_to_watchlist(small, title.id, NOW),
        lambda: door.record_progress(small, draft(title, uuid4(), 1), NOW),
    ):
        with pytest.raises(TitleNotFoundError):
            write()
    assert door.list_watchlist(small) == ()
    assert len(door.list_watchlist(viewer)) == 1


def test_the_session_that_began_last_speaks_for_the_title(viewer):
    title, first, second = TitleFactory.create(), uuid4(), uuid4()
    door.record_progress(viewer, draft(title, first, 5900, PlayState.STOPPED), at(0))
    door.record_progress(viewer, draft(title, second, 30), at(60))

    late = door.record_progress(viewer, draft(title, first, 5950), at(61))
    back = door.record_progress(viewer, draft(title, second, 10), at(62))

    assert (late.session_id, late.position_s) == (second, 30)
    assert (back.session_id, back.position_s) == (second, 10)
    assert door.list_progress(viewer)[0].position_s == 10


def test_what_is_hidden_shows_again_when_it_is_watched_again(viewer):
    title, session_id = TitleFactory.create(), uuid4()
    door.record_progress(viewer, draft(title, session_id, 30), at(0))
    door.hide_progress(viewer, title.id, at(1))

    hidden = door.list_progress(viewer)[0].is_hidden
    door.record_progress(viewer, draft(title, session_id, 40), at(2))

    assert hidden
    assert not door.list_progress(viewer)[0].is_hidden
    with pytest.raises(ProgressNotFoundError):
        door.hide_progress(viewer, TitleFactory.create().id, at(3))


def test_a_position_lies_within_its_duration(viewer):
    title = TitleFactory.create()

    with pytest.raises(InvalidProgressError):
        door.record_progress(viewer, draft(title, uuid4(), 6001), NOW)

    assert door.list_progress(viewer) == ()


def test_nobody_sees_what_is_anothers(viewer):
    title, stranger = TitleFactory.create(), user.get_viewer(principal_for(make_account()))
    device = make_device(viewer)
    door.add_to_watchlist(viewer, title.id, NOW)
    door.record_progress(viewer, draft(title, uuid4(), 30), NOW)

    assert door.list_watchlist(stranger) == ()
    assert door.list_progress(stranger) == ()
    assert door.get_progress(stranger, [title.id]) == {}
    assert door.list_devices(stranger, NOW) == ()
    with pytest.raises(NotOnWatchlistError):
        door.remove_from_watchlist(stranger, title.id, NOW)
    with pytest.raises(DeviceNotFoundError):
        door.get_device(stranger, device.id, NOW)
    with pytest.raises(DeviceNotFoundError):
        door.send_command(stranger, device.id, CommandDraft(CommandType.PLAY, {}), NOW)


def test_changes_are_published_with_the_titles_they_concern(viewer):
    title = TitleFactory.create()
    door.add_to_watchlist(viewer, title.id, at(0))
    door.record_progress(viewer, draft(title, uuid4(), 30), at(1))
    door.remove_from_watchlist(viewer, title.id, at(2))

    published = list(OutboxEvent.objects.filter(topic__startswith="sync.").order_by("id"))

    who = str(viewer.profile_id)
    assert [(event.topic, event.payload) for event in published] == [
        (
            "sync.watchlist_changed",
            {"profile_id": who, "at": at(0).isoformat(), "added": [str(title.id)], "removed": []},
        ),
        ("sync.progress_recorded", {"profile_id": who, "at": at(1).isoformat(), "content_ids": [str(title.id)]}),
        (
            "sync.watchlist_changed",
            {"profile_id": who, "at": at(2).isoformat(), "added": [], "removed": [str(title.id)]},
        ),
    ]


def test_progress_on_a_device_shows_what_it_is_watching(viewer):
    title, device = TitleFactory.create(), make_device(viewer, last_seen_at=at(-60))

    door.record_progress(viewer, draft(title, uuid4(), 30, device_id=device.id), NOW)

    shown = door.get_device(viewer, device.id, NOW)
    assert (shown.is_online, shown.activity, shown.content_id) == (True, "watching", title.id)


def test_a_device_counts_as_gone_after_a_minute(viewer):
    device = make_device(viewer)

    seen = [door.get_device(viewer, device.id, NOW + timedelta(seconds=s)).is_online for s in (60, 61)]

    assert seen == [True, False]


def test_a_command_waits_five_seconds_for_its_device(viewer):
    device = make_device(viewer)

    sent = door.send_command(viewer, device.id, CommandDraft(CommandType.SEEK, {"position_s": 30}), NOW)

    assert sent.expires_at == NOW + timedelta(seconds=5)
    assert door.get_command(viewer, device.id, sent.id).status == "sent"


@pytest.mark.parametrize(
    ("fields", "command", "arguments", "error"),
    [
        ({"last_seen_at": at(-2)}, CommandType.PLAY, {}, DeviceOfflineError),
        ({"capabilities": {}}, CommandType.PLAY, {}, CommandNotSupportedError),
        (
            {},
            CommandType.CAST_TO,
            {"target_device_id": str(uuid4()), "content_id": str(uuid4())},
            CommandNotSupportedError,
        ),
        ({}, CommandType.SEEK, {}, InvalidCommandError),
        ({}, CommandType.PLAY, {"position_s": 1}, InvalidCommandError),
        ({}, CommandType.LOAD_CONTENT, {"content_id": str(uuid4())}, TitleNotFoundError),
    ],
    ids=["offline", "not steerable", "does not cast", "argument missing", "argument unknown", "no such title"],
)
def test_a_command_that_cannot_be_is_refused(viewer, fields, command, arguments, error):
    device = make_device(viewer, **fields)

    with pytest.raises(error):
        door.send_command(viewer, device.id, CommandDraft(command, arguments), NOW)


def test_preferences_changed_elsewhere_reach_the_log_once(api, viewer):
    api.patch("user/preferences", {"video_quality": "uhd"})
    events.deliver_pending()
    OutboxEvent.objects.update(delivered_at=None, leased_until=None)
    events.deliver_pending()

    entries = LogEntry.objects.filter(kind="preference")

    assert [entry.details for entry in entries] == [{"key": "video_quality", "value": "uhd"}]
    assert Head.objects.get().vector == {"server": 1}


@pytest.mark.parametrize("count", [3, 30])
def test_lists_cost_the_same_whatever_their_length(viewer, django_assert_num_queries, count):
    for minute in range(count):
        title = TitleFactory.create()
        door.add_to_watchlist(viewer, title.id, at(minute))
        door.record_progress(viewer, draft(title, uuid4(), 30), at(minute))

    with django_assert_num_queries(2):
        watchlist = door.list_watchlist(viewer)
    with django_assert_num_queries(4):
        progress = door.list_progress(viewer)

    assert (len(watchlist), len(progress)) == (count, count)


def test_recording_progress_takes_few_statements(viewer, django_assert_max_num_queries):
    title, session_id = TitleFactory.create(), uuid4()
    door.record_progress(viewer, draft(title, session_id, 30), at(0))

    # Title, savepoint and its release, head, register read twice and written, entry, head, event.
    with django_assert_max_num_queries(10):
        door.record_progress(viewer, draft(title, session_id, 40), at(1))
