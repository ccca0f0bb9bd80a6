"""The history as its owner sees it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import EpisodeFactory, SeasonFactory, SeriesFactory, TitleFactory
from apps.playback.models import Session, Watch
from apps.playback.services.sweeping import sweep
from mediagateway.events import deliver_pending
from mediagateway.models import OutboxEvent

CONSENT = {"text_version": "2026-11", "answers": {"watch_history": False}}


def watch(api, title, *, position_s=600, duration_s=6000):
    body = {"content_id": str(title.id), "duration_s": duration_s}
    session = api.post("playback/sessions", body).json()["session"]["id"]
    api.patch(f"playback/sessions/{session}/position", {"position_s": position_s})
    api.delete(f"playback/sessions/{session}")


def remember(account, titles, **fields):
    profile = account.profiles.get(is_owner=True)
    now = timezone.now()
    values = {"position_s": 60, "duration_s": 6000, "first_watched_at": now, "last_watched_at": now, **fields}
    return Watch.objects.bulk_create(
        Watch(profile=profile, content_id=title.id, series_id=title.id, **values) for title in titles
    )


def test_what_was_watched_stands_in_the_history_newest_first(api):
    film, series = TitleFactory.create(), SeriesFactory.create()
    episode = EpisodeFactory.create(parent=SeasonFactory.create(parent=series))
    watch(api, film)
    watch(api, episode, position_s=5800)

    newest, older = api.get("user/history").json()["items"]

    assert (newest["title"]["id"], newest["is_completed"]) == (str(episode.id), True)
    assert newest["title"]["part_of"]["series_id"] == str(series.id)
    assert (older["position_s"], older["completion_ratio"], older["is_completed"]) == (600, 0.1, False)
    assert api.get(f"user/history/{film.id}").json() == older


def test_watched_again_a_title_stands_there_once(api):
    film = TitleFactory.create()
    watch(api, film, position_s=6000)
    watch(api, film, position_s=1200)

    (item,) = api.get("user/history").json()["items"]

    assert (item["play_count"], item["position_s"], item["is_completed"]) == (2, 1200, False)
    assert item["completed_at"] is not None


def test_a_history_is_paged(api, account):
    titles = [TitleFactory.create() for _ in range(5)]
    for title in titles:
        watch(api, title)

    first = api.get("user/history?limit=3").json()
    second = api.get(f"user/history?limit=3&cursor={first['next_cursor']}").json()

    assert [item["title"]["id"] for item in first["items"] + second["items"]] == [str(t.id) for t in titles[::-1]]
    assert second["has_more"] is False


def test_a_history_belongs_to_the_profile(api, child_api, stranger_api):
    film = TitleFactory.create(min_ages={"US": 0})
    watch(api, film)
    for other in (child_api, stranger_api):
        assert other.get("user/history").json()["items"] == []
        assert other.get(f"user/history/{film.id}").status_code == 404
        assert other.delete(f"user/history/{film.id}").status_code == 404
        assert other.delete("user/history").status_code == 204
    assert len(api.get("user/history").json()["items"]) == 1


def test_one_title_and_everything_can_be_forgotten(api):
    films = [TitleFactory.create() for _ in range(3)]
    for film in films:
        watch(api, film)

    assert api.delete(f"user/history/{films[0].id}").status_code == 204
    assert api.delete(f"user/history/{films[0].id}").json()["code"] == "watch_not_found"
    assert len(api.get("user/history").json()["items"]) == 2
    assert api.delete("user/history").status_code == 204
    assert api.get("user/history").json()["items"] == []
    assert api.get(f"user/history/{uuid4()}").status_code == 404


def test_a_household_that_refuses_a_history_has_none(api):
    api.put("user/consents", CONSENT)
    watch(api, TitleFactory.create())

    assert api.get("user/history").json()["items"] == []
    assert not OutboxEvent.objects.filter(topic="playback.watched").exists()


def test_what_a_child_may_no_longer_see_is_hidden_from_it(child_api, account, child):
    film = TitleFactory.create(min_ages={"US": 0})
    watch(child_api, film)
    film.min_ages = {"US": 18}
    film.save()

    assert child_api.get("user/history").json()["items"] == []
    assert child_api.get(f"user/history/{film.id}").status_code == 404


def test_what_is_old_is_neither_shown_nor_kept(api, account, settings):
    settings.HISTORY_DAYS = 30
    long_ago = timezone.now() - timedelta(days=31)
    remember(account, [TitleFactory.create()], first_watched_at=long_ago, last_watched_at=long_ago)
    (kept,) = remember(account, [TitleFactory.create()])

    assert [item["title"]["id"] for item in api.get("user/history").json()["items"]] == [str(kept.content_id)]
    sweep(now=timezone.now())
    assert Watch.objects.get().content_id == kept.content_id


def test_a_session_that_was_silent_for_a_day_is_over(api):
    film = TitleFactory.create()
    body = {"content_id": str(film.id), "duration_s": 6000}
    session = api.post("playback/sessions", body).json()["session"]["id"]
    api.patch(f"playback/sessions/{session}/position", {"position_s": 900})
    Session.objects.update(heard_at=timezone.now() - timedelta(hours=25))

    sweep(now=timezone.now())

    assert not Session.objects.exists()
    assert OutboxEvent.objects.get(topic="playback.watched").payload["position_s"] == 900


def test_an_export_holds_the_history_and_a_purge_takes_it(api, account):
    film = TitleFactory.create()
    watch(api, film)
    path = f"user/export/{api.post('user/export').json()['id']}"
    deliver_pending()

    section = api.get(path).json()["document"]["playback"]
    account.delete()

    assert [row["content_id"] for row in section["history"]] == [str(film.id)]
    assert (Watch.objects.count(), Session.objects.count()) == (0, 0)


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_for_many(api, account, django_assert_num_queries, rows):
    remember(account, [TitleFactory.create() for _ in range(rows)])
    api.get("user/ratings")

    with django_assert_num_queries(6):
        assert len(api.get("user/history?limit=100").json()["items"]) == rows


def test_times_are_the_players(api):
    film = TitleFactory.create()
    session = api.post("playback/sessions", {"content_id": str(film.id)}).json()["session"]["id"]
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    api.patch(f"playback/sessions/{session}/position", {"position_s": 90, "observed_at": moment.isoformat()})

    (item,) = api.get("user/history").json()["items"]

    assert item["last_watched_at"] == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
