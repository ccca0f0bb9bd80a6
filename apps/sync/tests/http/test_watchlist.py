"""The watchlist as a client sees it, by either of its paths."""

from uuid import uuid4

import pytest

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.content.tests.factories import TitleFactory
from apps.sync.models import WatchlistTag
from apps.user.tests.factories import bearer

pytestmark = pytest.mark.django_db


def test_a_title_is_put_on_the_list_once(api):
    film = TitleFactory.create()

    first = api.post("user/watchlist", {"content_id": str(film.id)})
    again = api.post("user/watchlist", {"content_id": str(film.id)})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["title"]["id"] == str(film.id)
    assert first["Location"] == f"/api/v1/user/watchlist/{film.id}"
    assert first.json()["added_at"] == again.json()["added_at"]


def test_both_paths_are_one_list(api):
    film = TitleFactory.create()
    changed = api.post("sync/watchlist", {"operation": "add", "content_id": str(film.id)}).json()

    listed = api.get("user/watchlist").json()
    gone = api.delete(f"user/watchlist/{film.id}")
    missing = api.post("sync/watchlist", {"operation": "remove", "content_id": str(film.id)})

    assert changed["is_on_watchlist"] is True
    assert [item["title"]["id"] for item in listed["items"]] == [str(film.id)]
    assert gone.status_code == 204
    assert (missing.status_code, missing.json()["code"]) == (404, "not_on_watchlist")
    assert api.get("user/watchlist").json() == {"items": [], "next_cursor": None, "has_more": False}


def test_pages_hold_everything_once_newest_first(api):
    films = [TitleFactory.create() for _ in range(5)]
    for film in films:
        api.post("user/watchlist", {"content_id": str(film.id)})
    seen, path = [], "user/watchlist?limit=2"

    while path:
        answer = api.get(path)
        seen += [item["title"]["id"] for item in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        path = f"user/watchlist?limit=2&cursor={cursor}" if cursor else ""

    assert seen == [str(film.id) for film in reversed(films)]


def test_a_cursor_fits_its_persons_list_only(api, child_api):
    for _ in range(3):
        api.post("user/watchlist", {"content_id": str(TitleFactory.create().id)})
    cursor = api.get("user/watchlist?limit=1").json()["next_cursor"]

    assert child_api.get(f"user/watchlist?cursor={cursor}").json()["code"] == "invalid_cursor"


def test_a_title_that_is_not_or_may_not_be_seen_is_not_found(api, child_api):
    adult = TitleFactory.create(min_ages={"US": 18})

    for who, title_id in ((api, uuid4()), (child_api, adult.id)):
        assert who.post("user/watchlist", {"content_id": str(title_id)}).json()["code"] == "title_not_found"
        body = {"operation": "add", "content_id": str(title_id)}
        assert who.post("sync/watchlist", body).json()["code"] == "title_not_found"
    assert WatchlistTag.objects.count() == 0


def test_what_became_hidden_is_not_shown_and_stays(child_api):
    film = TitleFactory.create(min_ages={"US": 6})
    child_api.post("user/watchlist", {"content_id": str(film.id)})
    film.min_ages = {"US": 18}
    film.save()

    assert child_api.get("user/watchlist").json()["items"] == []
    assert WatchlistTag.objects.filter(removed_at=None).count() == 1


def test_a_merged_title_is_listed_by_its_survivor(api):
    gone, survivor = TitleFactory.create(), TitleFactory.create()
    api.post("user/watchlist", {"content_id": str(gone.id)})
    content.merge_titles(TitleId(survivor.id), TitleId(gone.id), at=gone.updated_at)

    listed = api.get("user/watchlist").json()["items"]
    again = api.post("user/watchlist", {"content_id": str(survivor.id)})

    assert [item["title"]["id"] for item in listed] == [str(survivor.id)]
    assert again.status_code == 200
    assert api.delete(f"user/watchlist/{survivor.id}").status_code == 204


def test_a_full_watchlist_takes_no_more(api, monkeypatch):
    monkeypatch.setattr("apps.sync.services.lists.MAX_WATCHLIST", 1)
    api.post("user/watchlist", {"content_id": str(TitleFactory.create().id)})

    answer = api.post("user/watchlist", {"content_id": str(TitleFactory.create().id)})

    assert (answer.status_code, answer.json()["code"]) == (409, "watchlist_full")


def test_nobody_changes_anothers_list(api, stranger_api, child_api):
    film = TitleFactory.create(min_ages={"US": 0})
    api.post("user/watchlist", {"content_id": str(film.id)})

    for who in (stranger_api, child_api):
        assert who.delete(f"user/watchlist/{film.id}").status_code == 404
        assert who.get("user/watchlist").json()["items"] == []
    assert len(api.get("user/watchlist").json()["items"]) == 1


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_costs_the_same_whatever_its_length(api, django_assert_num_queries, count):
    for _ in range(count):
        api.post("user/watchlist", {"content_id": str(TitleFactory.create().id)})

    # Viewer; tags, titles; summaries take four.
    with django_assert_num_queries(7):
        listed = api.get("user/watchlist?limit=100").json()["items"]

    assert len(listed) == count


def test_reading_needs_a_token_with_the_scope(client, account, api):
    assert client.get("/api/v1/user/watchlist").status_code == 401
    headers = bearer(account, scopes=frozenset({"read:history"}))
    assert client.get("/api/v1/user/watchlist", headers=headers).json()["code"] == "insufficient_scope"


def test_progress_goes_on_in_the_newest_session(api):
    film, session_id = TitleFactory.create(), str(uuid4())
    common = {"content_id": str(film.id), "duration_s": 6000, "state": "playing"}
    api.post("sync/progress", {**common, "session_id": session_id, "position_s": 30})

    without = api.post("sync/progress", {**common, "position_s": 40}).json()
    beyond = api.post("sync/progress", {**common, "position_s": 6001})

    assert (without["session_id"], without["position_s"]) == (session_id, 40)
    assert (beyond.status_code, beyond.json()["errors"][0]["pointer"]) == (400, "/position_s")


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [("video_quality", "uhd", 200), ("video_quality", "great", 400), ("unheard_of", True, 400)],
)
def test_a_preference_is_set_if_it_can_be(api, key, value, status):
    answer = api.post("sync/preferences", {"key": key, "value": value})

    assert answer.status_code == status
    assert (api.get("user/preferences").json().get(key) == value) is (status == 200)
