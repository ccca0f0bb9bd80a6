"""What becomes of writes that meet: every case of two devices that disagree."""

from uuid import UUID

import pytest

from apps.sync.domain.changes import Add, Hide, Preference, Progress, Remove
from apps.sync.domain.clock import MAX_AHEAD_MS, HybridClock, is_too_far_ahead
from apps.sync.domain.digests import canonical, compute_digest
from apps.sync.domain.versions import Arrival
from apps.sync.tests.replicas import Replica

pytestmark = pytest.mark.once

FILM, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
MINUTE = 60_000


@pytest.fixture
def phone():
    return Replica("a")


@pytest.fixture
def tv():
    return Replica("b")


def exchange(*replicas):
    """Bring everything to everybody, once more than needed."""
    for _ in range(2):
        for one in replicas:
            for other in replicas:
                for operation in one.missing(other.vector):
                    other.receive(operation)


def watchlist(replica):
    return set(replica.state.watchlist())


def remove(replica, title, at):
    """Take off what this replica sees."""
    return replica.write(f"r{at}", at, Remove(title, tuple(replica.state.watchlist()[title])))


def position(replica, title=FILM):
    return replica.state.current()[title][1].position_s


def watch(replica, at, session_id, position_s, state="playing"):
    return replica.write(f"p{at}{replica.clock.who}", at, Progress(FILM, session_id, position_s, 100, state))


def test_concurrent_adds_of_a_title_make_one_item(phone, tv):
    phone.write(1, 1, Add(FILM))
    tv.write(2, 1, Add(FILM))

    exchange(phone, tv)

    assert watchlist(phone) == watchlist(tv) == {FILM}
    assert phone.state.watchlist()[FILM] == [1, 2]


def test_an_add_wins_over_a_concurrent_remove(phone, tv):
    phone.write(1, 1, Add(FILM))
    exchange(phone, tv)
    remove(phone, FILM, 2)
    tv.write(3, 2, Add(FILM))

    exchange(phone, tv)

    assert watchlist(phone) == watchlist(tv) == {FILM}


def test_a_remove_takes_off_what_its_writer_saw(phone, tv):
    phone.write(1, 1, Add(FILM))
    exchange(phone, tv)
    remove(tv, FILM, 2)

    exchange(phone, tv)

    assert watchlist(phone) == watchlist(tv) == set()


def test_an_add_after_a_remove_stays(phone, tv):
    phone.write(1, 1, Add(FILM))
    remove(phone, FILM, 2)
    phone.write(3, 3, Add(FILM))

    exchange(phone, tv)

    assert watchlist(tv) == {FILM}


def test_of_progress_out_of_order_the_newest_is_kept(phone):
    writer = Replica("c")
    late, early = [watch(writer, at, "s", at) for at in (1, 2)][::-1]

    for operation in (late, early):
        phone.state.apply(operation.id, operation.stamp, operation.change)

    assert position(phone) == 2


def test_of_equal_clocks_the_device_decides(phone, tv):
    watch(phone, 5, "s", 10)
    watch(tv, 5, "s", 20)

    exchange(phone, tv)

    assert position(phone) == position(tv) == 20


def test_seeking_backward_counts_and_a_stale_write_does_not(phone, tv):
    watch(phone, 1, "s", 50)
    exchange(phone, tv)
    stale = watch(tv, 2, "s", 60)
    watch(phone, 3, "s", 10)

    exchange(phone, tv)

    assert position(phone) == position(tv) == 10
    assert tv.receive(stale) is Arrival.KNOWN


def test_a_late_write_of_an_older_session_does_not_move_a_rewatch(phone, tv):
    watch(tv, 1, "first", 90)
    exchange(phone, tv)
    watch(phone, 2, "again", 5)
    # The television has not heard of it, and its clock is a day ahead.
    watch(tv, 24 * 60 * MINUTE, "first", 95)

    exchange(phone, tv)

    assert position(phone) == position(tv) == 5


def test_what_is_delivered_twice_happens_once(phone, tv):
    added = phone.write(1, 1, Add(FILM))
    removed = remove(phone, FILM, 2)

    arrivals = [tv.receive(operation) for operation in (added, removed, added, removed)]

    assert arrivals == [Arrival.NEXT, Arrival.NEXT, Arrival.KNOWN, Arrival.KNOWN]
    assert watchlist(tv) == set()


def test_a_lost_message_is_a_gap_and_the_whole_state_closes_it(phone, tv):
    phone.write(1, 1, Add(FILM))
    second = phone.write(2, 2, Add(OTHER))

    arrival = tv.receive(second)
    tv.adopt(phone)

    assert arrival is Arrival.GAP
    assert watchlist(tv) == {FILM, OTHER}
    assert tv.vector == phone.vector


def test_of_two_devices_on_a_title_the_one_that_began_last_counts(phone, tv):
    watch(phone, 1, "on the phone", 40)
    watch(tv, 2, "on the television", 3)

    exchange(phone, tv)

    assert position(phone) == position(tv) == 3


def test_removing_what_is_gone_changes_nothing(phone, tv):
    phone.write(1, 1, Add(FILM))
    exchange(phone, tv)
    remove(phone, FILM, 2)
    remove(tv, FILM, 2)

    exchange(phone, tv)

    assert watchlist(phone) == watchlist(tv) == set()


def test_a_thousand_operations_made_offline_arrive_whole(phone, tv):
    for number in range(1001):
        phone.write(number, number, Add(UUID(int=number)))

    exchange(phone, tv)

    assert len(watchlist(tv)) == 1001
    assert canonical(tv.state) == canonical(phone.state)


def test_a_replica_with_a_damaged_state_sees_it_by_the_digest(phone, tv):
    phone.write(1, 1, Add(FILM))
    exchange(phone, tv)
    damaged = Replica("b")
    damaged.vector = dict(tv.vector)

    digests = [compute_digest(replica.state) for replica in (phone, tv, damaged)]
    damaged.adopt(phone)

    assert digests[0] == digests[1] != digests[2]
    assert compute_digest(damaged.state) == digests[0]


@pytest.mark.parametrize("skew_ms", [-24 * 60 * MINUTE, -MINUTE - 1, MINUTE + 1, 24 * 60 * MINUTE])
def test_clocks_that_disagree_order_what_was_seen(phone, tv, skew_ms):
    base = 48 * 60 * MINUTE
    watch(phone, base + skew_ms, "s", 10)
    exchange(phone, tv)
    watch(tv, base, "s", 20)

    exchange(phone, tv)

    assert position(phone) == position(tv) == 20


def test_a_stamp_further_ahead_than_clocks_may_be_wrong_is_refused():
    ahead, too_far = HybridClock("a").tick(MAX_AHEAD_MS), HybridClock("a").tick(MAX_AHEAD_MS + 1)

    assert not is_too_far_ahead(ahead, 0)
    assert is_too_far_ahead(too_far, 0)


def test_one_adds_and_one_removes_while_both_are_offline(phone, tv):
    phone.write(1, 1, Add(FILM))
    phone.write(2, 2, Add(OTHER))
    exchange(phone, tv)
    phone.write(3, 3, Add(THIRD))
    remove(tv, OTHER, 4)

    exchange(phone, tv)

    assert watchlist(phone) == watchlist(tv) == {FILM, THIRD}


def test_what_is_hidden_stays_so_for_writes_from_before(phone, tv):
    watch(phone, 1, "s", 40)
    exchange(phone, tv)
    watch(tv, 2, "s", 41)
    phone.write("h", 3, Hide(FILM))

    exchange(phone, tv)
    hidden = phone.state.is_hidden(FILM, phone.state.current()[FILM][1])
    watch(tv, 4, "s", 42)

    assert hidden
    assert not tv.state.is_hidden(FILM, tv.state.current()[FILM][1])


def test_of_preferences_the_newest_of_each_key_holds(phone, tv):
    phone.write(1, 1, Preference("video_quality", "sd"))
    tv.write(2, 2, Preference("video_quality", "uhd"))
    phone.write(3, 3, Preference("subtitles_enabled", True))

    exchange(phone, tv)

    values = {key: value for key, (_, value) in tv.state.preferences.items()}
    assert values == {"video_quality": "uhd", "subtitles_enabled": True}
    assert phone.state.preferences == tv.state.preferences
