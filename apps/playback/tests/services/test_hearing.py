"""The history hears from sync what devices have told it, of many people at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.content.tests.factories import EpisodeFactory, SeasonFactory, SeriesFactory, TitleFactory
from apps.playback.models import Watch
from apps.playback.services.progress import hear_progress
from apps.sync.models import ProgressRegister
from apps.user.tests.factories import make_account
from mediagateway.events import deliver_pending

pytestmark = pytest.mark.django_db


def tell(api, title, position_s):
    answer = api.post(
        "sync/progress", {"content_id": str(title.id), "position_s": position_s, "duration_s": 6000, "state": "playing"}
    )
    assert answer.status_code == 200
    return answer.json()


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
    session = tell(api, film, 600)["session_id"]
    deliver_pending()
    before = Watch.objects.values().get()
    ProgressRegister.objects.filter(session_id=session).update(written_at=timezone.now() - timedelta(hours=1))
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
    profiles = [make_account().profiles.get(is_owner=True) for _ in range(count)]
    for round_ in (1, 2):
        ProgressRegister.objects.all().delete()
        ProgressRegister.objects.bulk_create(
            ProgressRegister(
                profile=profile,
                content_id=film.id,
                session_id=profile.id,
                started=f"{round_}",
                stamp=f"{round_}",
                position_s=600 * round_,
                duration_s=6000,
                state="playing",
                written_at=timezone.now(),
            )
            for profile in profiles
        )
        people = {profile.id: [film.id] for profile in profiles}
        if round_ == 1:
            hear_progress(people)
            continue
        with django_assert_num_queries(11):
            hear_progress(people)

    assert [row.position_s for row in Watch.objects.all()] == [1200] * count
