"""Looking back, and going back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.sync.models import LogEntry
from apps.user.tests.factories import bearer

pytestmark = pytest.mark.django_db


def written_ago(minutes):
    """Let the newest operation have been received some minutes ago."""
    newest = LogEntry.objects.latest("position")
    LogEntry.objects.filter(pk=newest.pk).update(received_at=timezone.now() - timedelta(minutes=minutes))


def ago(minutes):
    return (timezone.now() - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def listed(api):
    return {item["title"]["id"] for item in api.get("user/watchlist").json()["items"]}


def progress(api, film, position_s, **fields):
    body = {"content_id": film, "position_s": position_s, "duration_s": 6000, "state": "playing", **fields}
    return api.post("sync/progress", body).json()


@pytest.fixture
def film():
    return str(TitleFactory.create().id)


def test_lists_are_seen_as_they_stood(api, film):
    api.post("user/watchlist", {"content_id": film})
    written_ago(30)
    progress(api, film, 10)
    written_ago(20)
    api.delete(f"user/watchlist/{film}")
    written_ago(10)

    then, now = (api.get("sync/history", {"at": at}).json() for at in (ago(15), ago(0)))
    before = api.get("sync/history", {"at": ago(60)}).json()

    assert ([item["content_id"] for item in then["watchlist"]], now["watchlist"]) == ([film], [])
    assert [item["position_s"] for item in then["progress"]] == [10]
    assert [each["type"] for each in now["operations"]] == ["watchlist_remove", "progress", "watchlist_add"]
    assert (before["watchlist"], before["progress"], before["operations"]) == ([], [], [])


def test_lists_go_back_to_a_time(api, film):
    other = str(TitleFactory.create().id)
    api.post("user/watchlist", {"content_id": film})
    written_ago(30)
    api.delete(f"user/watchlist/{film}")
    api.post("user/watchlist", {"content_id": other})

    restored = api.post("sync/restore", {"at": ago(15)}).json()["operations"]
    again = api.post("sync/restore", {"at": ago(15)}).json()["operations"]

    assert listed(api) == {film}
    assert [each["type"] for each in restored] == ["watchlist_remove", "watchlist_add"]
    assert again == []


def test_every_list_goes_back_that_is_named(api, film):
    api.post("sync/preferences", {"key": "video_quality", "value": "sd"})
    written_ago(30)
    progress(api, film, 100)
    written_ago(25)
    api.post("sync/preferences", {"key": "video_quality", "value": "uhd"})
    api.post("sync/preferences", {"key": "subtitles_enabled", "value": True})
    progress(api, film, 200)

    api.post("sync/restore", {"at": ago(15), "lists": ["progress", "preferences"]})

    shown = api.get("user/preferences").json()
    assert (shown["video_quality"], shown["subtitles_enabled"]) == ("sd", False)
    assert api.get("sync/state").json()["state"]["progress"][0]["position_s"] == 100


def test_an_addition_is_undone_and_redone(api, film):
    added = api.post("sync/watchlist", {"operation": "add", "content_id": film}).json()["operation_id"]

    (undone,) = api.post("sync/restore", {"operation_id": added}).json()["operations"]
    without = listed(api)
    api.post("sync/restore", {"operation_id": undone["id"]})

    assert (undone["type"], without, listed(api)) == ("watchlist_remove", set(), {film})
    assert api.post("sync/restore", {"operation_id": added}).json()["operations"] == []


def test_progress_is_undone_to_where_it_stood(api, film):
    first = progress(api, film, 100)
    second = progress(api, film, 200)

    api.post("sync/restore", {"operation_id": second["operation_id"]})
    back = api.get("sync/state").json()["state"]["progress"][0]
    superseded = api.post("sync/restore", {"operation_id": first["operation_id"]}).json()["operations"]

    assert back["position_s"] == 100
    assert superseded == []


def test_a_rewatch_is_undone_to_the_session_before(api, film):
    progress(api, film, 5000, session_id=str(uuid4()), state="stopped")
    rewatch = progress(api, film, 10, session_id=str(uuid4()))

    api.post("sync/restore", {"operation_id": rewatch["operation_id"]})

    assert api.get("sync/state").json()["state"]["progress"][0]["position_s"] == 5000


def test_the_first_progress_is_undone_by_hiding_the_title(api, film):
    first = progress(api, film, 10)

    (undone,) = api.post("sync/restore", {"operation_id": first["operation_id"]}).json()["operations"]

    assert undone["type"] == "progress_hide"
    assert api.get("sync/history").json()["progress"][0]["is_hidden"] is True


def test_a_preference_is_undone_to_its_default(api):
    done = api.post("sync/preferences", {"key": "video_quality", "value": "uhd"}).json()["operation_id"]

    api.post("sync/restore", {"operation_id": done})

    assert api.get("user/preferences").json()["video_quality"] == "hd"


def test_nobody_undoes_what_another_did(api, stranger_api, child_api, film):
    done = api.post("sync/watchlist", {"operation": "add", "content_id": film}).json()["operation_id"]

    for who in (stranger_api, child_api):
        assert who.post("sync/restore", {"operation_id": done}).json()["code"] == "operation_not_found"
    assert listed(api) == {film}


def test_undoing_needs_the_scope_that_doing_needs(client, account, api, film):
    done = api.post("sync/watchlist", {"operation": "add", "content_id": film}).json()["operation_id"]
    scopes = frozenset({"read:watchlist", "read:history", "read:preferences"})

    answer = client.post(
        "/api/v1/sync/restore",
        {"operation_id": done},
        content_type="application/json",
        headers=bearer(account, scopes=scopes),
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("body", [{}, {"at": "2026-01-01T00:00:00Z", "operation_id": str(uuid4())}, {"at": "soon"}])
def test_one_thing_is_taken_back(api, body):
    assert api.post("sync/restore", body).status_code == 400
