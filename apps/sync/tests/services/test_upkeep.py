"""Thinning out, compacting, export and erasure."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.content.tests.factories import TitleFactory
from apps.sync import api as door
from apps.sync.contracts import PlayState, ProgressDraft
from apps.sync.domain.digests import compute_digest
from apps.sync.errors import HistoryGoneError
from apps.sync.models import Head, LogEntry, ProgressRegister, Ticket, WatchlistTag
from apps.sync.queries.log import get_missing, get_state_at
from apps.sync.queries.state import get_state
from apps.sync.services.exports import TABLES
from apps.sync.services.tickets import issue_ticket, redeem_ticket
from apps.sync.services.upkeep import HORIZON
from apps.user import api as user
from apps.user.tests.factories import make_account, principal_for
from mediagateway.errors import UnauthenticatedError
from mediagateway.ownership import PersonalModel

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AGO = NOW - HORIZON - timedelta(days=1)


@pytest.fixture
def viewer(account):
    return user.get_viewer(principal_for(account))


def watch(viewer, title, session_id, position_s, at):
    draft = ProgressDraft(title.id, session_id, position_s, 6000, PlayState.PLAYING)
    return door.record_progress(viewer, draft, at)


def test_of_an_hour_of_watching_the_last_position_is_kept(viewer):
    title, session_id = TitleFactory.create(), uuid4()
    for minute in range(0, 120, 5):
        watch(viewer, title, session_id, minute, NOW - timedelta(hours=26) + timedelta(minutes=minute))
    before = compute_digest(get_state(viewer))

    door.sweep(now=NOW)

    kept = LogEntry.objects.order_by("position").values_list("details__position_s", flat=True)
    assert list(kept) == [55, 115]
    assert compute_digest(get_state(viewer)) == before


def test_watching_of_today_is_kept_whole(viewer):
    title, session_id = TitleFactory.create(), uuid4()
    for minute in range(5):
        watch(viewer, title, session_id, minute, NOW - timedelta(minutes=10 - minute))

    door.sweep(now=NOW)

    assert LogEntry.objects.count() == 5


def test_what_is_older_than_the_horizon_is_compacted_without_changing_anything(viewer):
    kept, gone = TitleFactory.create(), TitleFactory.create()
    for title in (kept, gone):
        door.add_to_watchlist(viewer, title.id, LONG_AGO)
    watch(viewer, kept, uuid4(), 10, LONG_AGO)
    watch(viewer, kept, uuid4(), 20, LONG_AGO + timedelta(minutes=1))
    door.remove_from_watchlist(viewer, gone.id, LONG_AGO)
    door.add_to_watchlist(viewer, gone.id, NOW)
    before = compute_digest(get_state(viewer))

    door.sweep(now=NOW)

    assert compute_digest(get_state(viewer)) == before
    assert (LogEntry.objects.count(), WatchlistTag.objects.count(), ProgressRegister.objects.count()) == (1, 2, 1)
    assert set(get_state_at(viewer, NOW).watchlist()) == {kept.id, gone.id}
    assert set(get_state_at(viewer, LONG_AGO + timedelta(days=1)).watchlist()) == {kept.id}
    with pytest.raises(HistoryGoneError):
        get_state_at(viewer, LONG_AGO - timedelta(days=1))


def test_who_missed_what_was_compacted_is_given_the_state(viewer):
    door.add_to_watchlist(viewer, TitleFactory.create().id, LONG_AGO)
    door.sweep(now=NOW)
    door.add_to_watchlist(viewer, TitleFactory.create().id, NOW)

    assert Head.objects.get().compacted_vector == {"server": 1}
    assert get_missing(viewer, {}).operations is None
    assert len(get_missing(viewer, {"server": 1}).operations or ()) == 1


def test_compacting_goes_on_from_where_it_was(viewer):
    for day in (2, 1, 0):
        door.add_to_watchlist(viewer, TitleFactory.create().id, LONG_AGO + timedelta(days=2 - day))
    before = compute_digest(get_state(viewer))

    for day in (0, 1, 2):
        door.sweep(now=NOW + timedelta(days=day))

    assert LogEntry.objects.count() == 0
    assert compute_digest(get_state_at(viewer, NOW)) == compute_digest(get_state(viewer)) == before


def test_a_ticket_lets_one_in_once_and_soon(viewer, account):
    first, second = (issue_ticket(viewer, None, NOW) for _ in range(2))

    whose, device_id = redeem_ticket(first, NOW + timedelta(seconds=29))

    assert (whose.profile_id, whose.principal.scopes, device_id) == (
        viewer.profile_id,
        viewer.principal.scopes,
        None,
    )
    for secret, later_s in ((first, 1), (second, 30), ("made up", 0)):
        with pytest.raises(UnauthenticatedError):
            redeem_ticket(secret, NOW + timedelta(seconds=later_s))
    assert not Ticket.objects.filter(secret_hash=second).exists()


def test_an_account_is_given_and_loses_what_is_its_own_only(viewer, account):
    other = make_account()
    for each in (viewer, user.get_viewer(principal_for(other))):
        title = TitleFactory.create()
        door.add_to_watchlist(each, title.id, NOW)
        watch(each, title, uuid4(), 10, NOW)
        issue_ticket(each, None, NOW)

    given = door.export_account(account.id)
    door.erase_account(account.id)

    assert {name: len(rows) for name, rows in given.items()} == {
        "watchlist": 1,
        "progress": 1,
        "hidden_titles": 0,
        "devices": 0,
        "operations": 2,
    }
    for model in (Head, LogEntry, WatchlistTag, ProgressRegister, Ticket):
        assert set(model.objects.values_list("profile__account", flat=True)) == {other.id}


def test_no_table_of_a_person_is_forgotten():
    assert {model for model in PersonalModel.__subclasses__() if model._meta.app_label == "sync"} == set(TABLES)
