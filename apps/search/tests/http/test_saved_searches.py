"""Searches that people keep, and what they are told of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.content.tests.factories import OfferFactory, TitleFactory
from apps.search import api as search_api
from apps.search import tasks
from apps.search.contracts import Matches
from apps.search.models import SavedSearch
from apps.search.services import documents, saved_searches
from apps.user.api import get_viewer
from apps.user.tests.factories import bearer, make_child, principal_for
from apps.user.tests.households import Api

pytestmark = pytest.mark.django_db

BODY = {"name": "Stars", "query": "star"}


class Clock:
    """Moves on between two looks, so that every saved search is due."""

    def __init__(self):
        self.now = timezone.now()

    def look(self, by=timedelta(minutes=16)):
        """Let time pass, and look at everything that is due, as the worker would."""
        self.now += by
        while saved_searches.look_for_news(now=self.now):
            pass


@pytest.fixture
def clock():
    return Clock()


def add(title="Star", **fields):
    """List a title."""
    made = TitleFactory.create(title=title, **({"min_ages": {"US": 0}} | fields))
    documents.index_titles([made.id])
    return made


def touch(*titles):
    """Index titles that have changed."""
    for title in titles:
        title.version += 1
        title.save()
    documents.index_titles([title.id for title in titles])


def save(api, **members):
    response = api.post("search/saved", BODY | members)
    assert response.status_code == 201, response.content
    return response.json()


def told(api):
    """What somebody was told of saved searches, the newest first: ids of titles."""
    items = api.get("user/notifications").json()["items"]
    return [item["content_ids"] for item in items if item["kind"] == "saved_search_matched"]


def test_a_saved_search_is_kept_changed_and_deleted(api):
    made = save(api, filters={"genres": ["drama"], "my_services": False, "year_from": 1990}, region="GB")
    path = f"search/saved/{made['id']}"

    assert (made["query"], made["region"], made["notify"], made["matches"]) == ("star", "GB", True, None)
    assert made["filters"] == {"genres": ["drama"], "year_from": 1990}
    response = api.get(path)
    assert response.json() == made
    assert api.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert [item["id"] for item in api.get("search/saved").json()["items"]] == [made["id"]]

    changed = api.patch(path, {"name": "New", "filters": {}}, headers={"If-Match": response["ETag"]})
    assert (changed.json()["name"], changed.json()["filters"], changed.json()["version"]) == ("New", {}, 2)
    assert api.patch(path, {"name": "Late"}, headers={"If-Match": response["ETag"]}).status_code == 412

    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == api.delete(path).status_code == api.patch(path, {}).status_code == 404


def test_a_new_match_is_told_once(api, clock):
    add()
    save(api)
    clock.look()
    assert told(api) == []

    new = add("Star Again")
    clock.look()
    clock.look()
    touch(new)
    clock.look()

    assert told(api) == [[str(new.id)]]
    found = api.get("search/saved").json()["items"][0]
    assert found["matches"] == 2
    assert found["last_news_at"] is not None


def test_titles_that_come_together_are_told_together(api, clock):
    save(api)
    clock.look()

    new = {str(add(f"Star {number}").id) for number in range(3)}
    clock.look()

    assert [set(ids) for ids in told(api)] == [new]
    text = api.get("user/notifications").json()["items"][0]["text"]
    assert text == "New for your search “Stars”: 3 titles."


def test_a_title_that_comes_to_a_service_is_new_there(api, clock):
    title = add()
    save(api, filters={"platforms": ["netflix"]})
    clock.look()

    OfferFactory.create(title=title, platform_id="netflix", region="US")
    touch(title)
    clock.look()

    assert told(api) == [[str(title.id)]]


def test_an_offer_that_begins_by_the_clock_is_found_within_a_day(api, clock):
    title = add()
    begins = clock.now + timedelta(hours=3)
    OfferFactory.create(title=title, platform_id="netflix", region="US", window_start=begins)
    touch(title)
    save(api, filters={"platforms": ["netflix"]})
    clock.look()

    clock.look(by=timedelta(hours=25))

    assert [row.matches for row in SavedSearch.objects.all()] == [1]
    assert SavedSearch.objects.get().last_news_at == clock.now


def test_nothing_is_looked_at_while_nothing_changed(api, clock, django_assert_num_queries):
    save(api)
    clock.look()
    clock.now += timedelta(minutes=16)

    # The index's version, those that are put off, and nothing that is due.
    with django_assert_num_queries(3):
        assert saved_searches.look_for_news(now=clock.now) is False


def test_what_gives_way_is_no_match(api, clock):
    save(api, query="star dinosaurs lighthouse")
    clock.look()

    add("Star")
    clock.look()

    assert told(api) == []
    assert SavedSearch.objects.get().matches == 0


def test_a_child_is_told_of_nothing_that_it_may_not_see(child_api, clock):
    save(child_api)
    clock.look()

    add("Star Wars", min_ages={"US": 18})
    clock.look()
    assert told(child_api) == []

    shown = add("Star Kids")
    clock.look()
    assert told(child_api) == [[str(shown.id)]]


def test_another_question_begins_anew(api, clock):
    made = save(api)
    clock.look()
    add("Moon")

    api.patch(f"search/saved/{made['id']}", {"query": "moon"})
    clock.look()
    assert told(api) == []

    new = add("Moon Again")
    clock.look()
    assert told(api) == [[str(new.id)]]


def test_another_name_changes_nothing_that_is_known(api, clock):
    made = save(api)
    clock.look()
    new = add()

    api.patch(f"search/saved/{made['id']}", {"name": "Other"})
    clock.look()

    assert told(api) == [[str(new.id)]]


def test_who_wants_no_word_gets_none(api, clock):
    made = save(api, notify=False)
    clock.look()
    add()
    clock.look()
    assert SavedSearch.objects.get().looked_at is None

    api.patch(f"search/saved/{made['id']}", {"notify": True})
    clock.look()
    assert told(api) == []


def test_a_search_that_finds_too_much_tells_nothing(api, clock, monkeypatch):
    monkeypatch.setattr(saved_searches, "MAX_MATCHES", 1)
    save(api)
    clock.look()
    add("Star One")
    add("Star Two")

    clock.look()

    assert told(api) == []
    assert api.get("search/saved").json()["items"][0]["is_too_broad"] is True


def test_a_closed_account_is_passed_over(api, account, clock):
    save(api)
    account.is_active = False
    account.save()

    clock.look()

    assert SavedSearch.objects.get().looked_at is None


def test_a_look_that_somebody_else_took_tells_nothing(api, clock):
    save(api)
    clock.look()
    add()
    row = SavedSearch.objects.get()
    clock.look()

    matches = Matches((UUID(int=5),), "another", is_degraded=False)
    saved_searches._take_in(row, matches, now=clock.now)

    assert len(told(api)) == 1


def test_a_profile_keeps_so_many(api, monkeypatch):
    monkeypatch.setattr(saved_searches, "MAX_SAVED", 1)
    save(api)

    response = api.post("search/saved", BODY)

    assert response.status_code == 409
    assert response.json()["code"] == "too_many_saved_searches"


def test_people_of_a_household_do_not_see_each_others(api, child_api, stranger_api):
    made = save(api)

    for other in (child_api, stranger_api):
        assert other.get("search/saved").json()["items"] == []
        assert other.get(f"search/saved/{made['id']}").status_code == 404


def test_scopes_are_asked_for(client, api, account):
    reader = Api(client, bearer(account, scopes=frozenset({"read:searches"})))

    assert reader.get("search/saved").status_code == 200
    assert reader.post("search/saved", BODY).status_code == 403


def test_the_same_key_makes_one(api):
    headers = {"Idempotency-Key": "k"}

    first = api.post("search/saved", BODY, headers=headers)
    second = api.post("search/saved", BODY, headers=headers)

    assert first.json()["id"] == second.json()["id"]
    assert SavedSearch.objects.count() == 1
    assert first["Location"] == f"/api/v1/search/saved/{first.json()['id']}"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "<b></b>"}, "/name"),
        ({"name": "x" * 81}, "/name"),
        ({"query": ""}, "/query"),
        ({"query": "x" * 501}, "/query"),
        ({"filters": {"genres": ["nonsense"]}}, "/filters/genres/0"),
        ({"filters": {"max_price": 5}}, "/filters/currency"),
        ({"filters": {"luck": 1}}, "/filters/luck"),
        ({"region": "usa"}, "/region"),
        ({"without": ["a b"]}, "/without/0"),
        ({"notify": "yes"}, "/notify"),
        ({"profile_id": "1"}, "/profile_id"),
    ],
)
def test_bad_saved_searches_are_explained(api, members, pointer):
    response = api.post("search/saved", BODY | members)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_whatever_its_length(api, rows, django_assert_num_queries):
    for number in range(rows):
        save(api, name=f"Stars {number}")
    api.get("search/saved")

    # Whose token it is, and the rows.
    with django_assert_num_queries(2):
        first = api.get("search/saved?limit=2").json()
    rest = api.get(f"search/saved?limit=100&cursor={first['next_cursor']}").json()

    names = [item["name"] for item in first["items"] + rest["items"]]
    assert names == [f"Stars {number}" for number in reversed(range(rows))]


def test_saved_searches_are_exported_and_go_with_the_profile(api, account, clock):
    child = make_child(account)
    viewer = get_viewer(principal_for(account, child))
    saved_searches.create_saved_search(viewer, {"name": "Mine", "query": "star"}, now=clock.now)
    save(api)

    exported = search_api.export_account(account.id)["saved_searches"]
    assert {row["name"] for row in exported} == {"Mine", "Stars"}

    child.delete()
    assert [row.name for row in SavedSearch.objects.all()] == ["Stars"]


def test_the_worker_looks_and_rests(api, monkeypatch):
    monkeypatch.setattr(tasks, "_reporter", tasks._Reporter())
    save(api)

    assert tasks.look_for_news() is True
    assert tasks.look_for_news() is False
    assert SavedSearch.objects.get().looked_at is not None


def test_what_the_vectors_find_when_they_are_back_is_no_news(api, clock, embed_titles):
    """A look by words alone, then one with vectors that would find a title by its meaning."""
    add("Casablanca", synopsis="A café owner in wartime meets the woman who once left him.")
    save(api, query="a bar keeper in the war sees his lost love again")
    clock.look()
    assert SavedSearch.objects.get().was_degraded is True
    embed_titles()
    add("Something Else")

    clock.look()

    assert SavedSearch.objects.get().was_degraded is False
    assert told(api) == []
