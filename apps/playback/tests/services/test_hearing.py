"""The history hears from sync what devices have told it, of many people at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.content.tests.factories import EpisodeFactory, SeasonFactory, SeriesFactory, TitleFactory
from apps.playback.models import Watch
from apps.playback.services.progress import hear_progress
from apps.sync import api as sync
from apps.sync.contracts import PlayState, ProgressDraft
from apps.user.api import get_viewer
from apps.user.tests.factories import make_account, principal_for
from mediagateway.events import deliver_pending

pytestmark = pytest.mark.django_db


def tell(api, title, position_s):
    answer = api.post(
        "sync/progress", {"content_id": str(title.id), "position_s": position_s, "duration_s": 6000, "state": "playing"}
    )
    assert answer.status_code == 200
    return answer.json()


def record(account, title, position_s, *, at, session_id):
    """Tell sync what a device of an account's owner has told it at a time."""
    draft = ProgressDraft(title.id, session_id, position_s, 6000, PlayState.PLAYING, None)
    sync.record_progress(get_viewer(principal_for(account)), draft, at)


def seen():
    return {row.content_id: row.position_s for row in Watch.objects.all()}


def test_what_devices_tell_is_in_the_history(api):
    film, barely = TitleFactory.create(), TitleFactory.create()
    series = SeriesFactory.create()
    episode = EpisodeFactory.create(parent=SeasonFactory.create(parent=series))
    for title, position_s in ((film, 600), (barely, 10), (episode, 5900), (film, 900)):
        tell(api, title, position_s)

    assert deliver_pending(limit=1) == 4

    assert seen() == {film.id: 900, episode.id: 5900}
    row = Watch.objects.get(content_id=episode.id)
    assert (row.series_id, row.completed_at is not None) == (series.id, True)


def test_hearing_again_changes_nothing_and_what_is_newer_moves_the_row(api):
    film = TitleFactory.create()
    tell(api, film, 600)
    deliver_pending()
    before = Watch.objects.values().get()
    tell(api, film, 600)
    deliver_pending()
    after = Watch.objects.values().get()
    assert {**after, "last_watched_at": None} == {**before, "last_watched_at": None}

    tell(api, film, 5900)
    deliver_pending()

    row = Watch.objects.get()
    assert (row.id, row.position_s, row.play_count) == (before["id"], 5900, 1)
    assert row.first_watched_at == before["first_watched_at"] < row.last_watched_at
    assert row.completed_at == row.last_watched_at


def test_who_refused_a_history_has_none(api):
    film = TitleFactory.create()
    api.put("user/consents", {"text_version": "2026-11", "answers": {"watch_history": False}})
    tell(api, film, 600)

    deliver_pending()

    assert seen() == {}


@pytest.mark.parametrize("count", [3, 30])
def test_many_people_cost_as_many_statements_as_few(count, django_assert_num_queries):
    film = TitleFactory.create()
    accounts = [make_account() for _ in range(count)]
    people = {account.profiles.get(is_owner=True).id: [film.id] for account in accounts}
    for account in accounts:
        record(account, film, 600, at=timezone.now() - timedelta(hours=1), session_id=account.id)
    hear_progress(people)
    for account in accounts:
        record(account, film, 1200, at=timezone.now(), session_id=account.id)

    with django_assert_num_queries(11):
        hear_progress(people)

    assert [row.position_s for row in Watch.objects.all()] == [1200] * count
