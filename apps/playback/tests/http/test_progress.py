"""Where somebody stopped, on whatever device."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import (
    CertificateFactory,
    EpisodeFactory,
    SeasonFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
)
from apps.playback.models import Watch
from apps.sync import api as sync
from apps.sync.contracts import PlayState, ProgressDraft
from apps.sync.tests.devices import make_device
from apps.user.api import get_viewer
from apps.user.tests.factories import principal_for
from mediagateway.events import deliver_pending


def make_episodes(*counts, **fields):
    """Make a series with so many episodes in each season, and give the series and all episodes in order."""
    series = SeriesFactory.create(**fields)
    seasons = [SeasonFactory.create(parent=series, number=number) for number in range(1, len(counts) + 1)]
    episodes = [
        EpisodeFactory.create(parent=season, number=number, runtime_minutes=50)
        for season, count in zip(seasons, counts, strict=True)
        for number in range(1, count + 1)
    ]
    return series, episodes


def left(api, title, position_s, duration_s=6000, **body):
    body = {"content_id": str(title.id), "position_s": position_s, "duration_s": duration_s, **body}
    return api.post("playback/progress", body)


def going_on(api):
    return [(item["title"]["id"], item["reason"]) for item in api.get("playback/continue-watching").json()["items"]]


def test_what_a_session_left_on_one_device_goes_on_on_another(api):
    film = TitleFactory.create()
    session = api.post("playback/sessions", {"content_id": str(film.id), "duration_s": 6000}).json()["session"]["id"]
    api.patch(f"playback/sessions/{session}/position", {"position_s": 2400})
    api.delete(f"playback/sessions/{session}")

    (item,) = api.get("playback/continue-watching").json()["items"]
    again = api.post("playback/sessions", {"content_id": str(film.id)}).json()

    assert (item["title"]["id"], item["resume_position_s"], item["completion_ratio"]) == (str(film.id), 2400, 0.4)
    assert again["resume_position_s"] == 2400


@pytest.mark.parametrize(
    ("position_s", "is_there"), [(29, False), (30, True), (5699, True), (5700, False), (6000, False)]
)
def test_a_film_is_gone_on_with_from_30_s_to_95_percent(api, position_s, is_there):
    film = TitleFactory.create()
    left(api, film, position_s)

    assert bool(going_on(api)) is is_there


def test_a_series_is_one_entry_the_episode_left_last(api):
    _, (first, second, _) = make_episodes(3)
    left(api, first, 2000, 3000)
    left(api, second, 1000, 3000)

    assert going_on(api) == [(str(second.id), "unfinished")]


def test_an_episode_watched_to_the_end_leads_to_the_next_over_the_end_of_a_season(api):
    _, (_, last, first_of_next) = make_episodes(2, 1)
    left(api, last, 2950, 3000)

    (item,) = api.get("playback/continue-watching").json()["items"]

    assert (item["title"]["id"], item["reason"]) == (str(first_of_next.id), "next_episode")
    assert (item["resume_position_s"], item["duration_s"]) == (0, 3000)


def test_a_series_watched_to_the_end_is_over(api):
    _, (only,) = make_episodes(1)
    left(api, only, 3000, 3000)

    assert going_on(api) == []


def test_an_entry_is_taken_off_until_more_of_it_is_watched(api):
    series, (first, second) = make_episodes(2)
    film = TitleFactory.create()
    left(api, first, 3000, 3000)
    left(api, film, 600)

    # By the episode that is shown, by the film itself.
    assert api.delete(f"playback/continue-watching/{second.id}").status_code == 204
    assert api.delete(f"playback/continue-watching/{film.id}").status_code == 204
    assert going_on(api) == []
    left(api, second, 1000, 3000)
    assert going_on(api) == [(str(second.id), "unfinished")]
    assert api.delete(f"playback/continue-watching/{series.id}").status_code == 204
    assert going_on(api) == []
    assert len(api.get("user/history").json()["items"]) == 3


def test_what_was_never_watched_cannot_be_taken_off(api, stranger_api):
    film = TitleFactory.create()
    left(api, film, 600)

    assert api.delete(f"playback/continue-watching/{TitleFactory.create().id}").json()["code"] == "not_being_watched"
    assert api.delete(f"playback/continue-watching/{uuid4()}").json()["code"] == "title_not_found"
    assert stranger_api.delete(f"playback/continue-watching/{film.id}").status_code == 404
    assert going_on(api) == [(str(film.id), "unfinished")]


def test_entries_are_paged_the_last_watched_first(api, child_api, stranger_api):
    films = [TitleFactory.create() for _ in range(5)]
    for film in films:
        left(api, film, 600)

    first = api.get("playback/continue-watching?limit=3").json()
    second = api.get(f"playback/continue-watching?limit=3&cursor={first['next_cursor']}").json()

    assert [item["title"]["id"] for item in first["items"] + second["items"]] == [str(film.id) for film in films[::-1]]
    assert second["has_more"] is False
    assert going_on(child_api) == going_on(stranger_api) == []
    assert child_api.get(f"playback/continue-watching?cursor={first['next_cursor']}").status_code == 400


def test_what_a_child_may_no_longer_see_is_hidden(child_api):
    film = TitleFactory.create(min_ages={"US": 0})
    left(child_api, film, 600)
    CertificateFactory.create(title=film, rating="R", min_age=17)
    film.min_ages = {"US": 17}
    film.save()

    assert going_on(child_api) == []
    assert left(child_api, film, 700).json()["code"] == "title_not_found"


def test_a_report_says_where_the_title_stands(api):
    film = TitleFactory.create()
    alias = TitleAliasFactory.create(title=film)

    body = left(api, alias, 5800).json()

    assert (body["outcome"], body["content_id"], body["is_completed"]) == ("applied", str(film.id), True)
    assert body["resume_position_s"] == 0


def test_a_late_report_is_stale(api):
    film = TitleFactory.create()
    left(api, film, 1200)
    hour_ago = (timezone.now() - timedelta(hours=1)).isoformat()

    body = left(api, film, 60, observed_at=hour_ago).json()

    assert (body["outcome"], body["position_s"]) == ("stale", 1200)


def test_a_first_report_counts_whatever_its_clock(api):
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()

    assert left(api, TitleFactory.create(), 60, observed_at=tomorrow).json()["outcome"] == "applied"


@pytest.mark.parametrize(
    "body",
    [
        {"position_s": 1},
        {"content_id": str(uuid4()), "position_s": -1, "duration_s": 10},
        {"content_id": str(uuid4()), "position_s": 1, "duration_s": 0},
        {"content_id": str(uuid4()), "position_s": 1, "duration_s": 10, "state": "dancing"},
    ],
)
def test_a_wrong_report_is_refused(api, body):
    assert api.post("playback/progress", body).status_code == 400


def test_a_position_beyond_the_end_is_refused(api):
    response = left(api, TitleFactory.create(), 106, 100)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/position_s")


def test_the_history_hears_what_devices_tell_sync(api, account):
    film = TitleFactory.create()
    viewer = get_viewer(principal_for(account))
    sync.record_progress(viewer, ProgressDraft(film.id, uuid4(), 5900, 6000, PlayState.STOPPED), timezone.now())

    deliver_pending()
    deliver_pending()

    (item,) = api.get("user/history").json()["items"]
    assert (item["title"]["id"], item["is_completed"], item["play_count"]) == (str(film.id), True, 1)


def test_a_session_is_heard_once(api):
    film = TitleFactory.create()
    session = api.post("playback/sessions", {"content_id": str(film.id), "duration_s": 6000}).json()["session"]["id"]
    for position_s in (60, 120):
        api.patch(f"playback/sessions/{session}/position", {"position_s": position_s})
    deliver_pending()

    assert Watch.objects.get().play_count == 1


def test_another_device_is_steered(api, account):
    device = make_device(account)
    sent = api.post("playback/control", {"device_id": str(device), "command": "seek", "arguments": {"position_s": 60}})

    assert (sent.status_code, sent.json()["type"], sent.json()["status"]) == (202, "seek", "sent")


def test_only_ones_own_devices_are_steered(api, child_api, stranger_api, account):
    device = str(make_device(account))

    for other in (child_api, stranger_api):
        response = other.post("playback/control", {"device_id": device, "command": "pause"})
        assert (response.status_code, response.json()["code"]) == (404, "device_not_found")
    assert api.post("playback/control", {"device_id": device, "command": "explode"}).status_code == 400
    assert api.post("playback/control", {"device_id": device, "command": "seek"}).json()["code"] == "invalid_command"


def test_a_link_is_written_for_a_registered_device(api, account):
    device = make_device(account)
    body = {"content_id": str(uuid4()), "device_id": str(uuid4())}

    assert api.post("playback/deep-link", body).json()["code"] == "device_not_found"
    body["device_id"] = str(device)
    assert api.post("playback/deep-link", body).json()["code"] == "title_not_found"


@pytest.mark.parametrize("rows", [3, 30])
def test_cost_does_not_grow_with_titles(api, django_assert_num_queries, rows):
    for _ in range(rows):
        _, (first, _) = make_episodes(2)
        left(api, first, 3000, 3000)
    api.get("user/ratings")

    with django_assert_num_queries(16):
        assert len(api.get("playback/continue-watching?limit=100").json()["items"]) == rows
