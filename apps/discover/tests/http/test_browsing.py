"""Trends, browsing and rows as clients see them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.content.tests.factories import (
    EpisodeFactory,
    OfferFactory,
    SeasonFactory,
    SeriesFactory,
    TitleFactory,
)
from apps.sona.tests.factories import make_offer, make_titles
from mediagateway.events import deliver_pending


def watch(api, title, ratio=1.0):
    body = {"content_id": str(title.id), "duration_s": 6000}
    session = api.post("playback/sessions", body).json()["session"]["id"]
    api.patch(f"playback/sessions/{session}/position", {"position_s": int(6000 * ratio)})
    api.delete(f"playback/sessions/{session}")


def ids(response):
    return [item["id"] for item in response.json()["items"]]


def test_what_is_watched_trends_and_episodes_count_for_their_series(api, stranger_api):
    film, series = TitleFactory.create(), SeriesFactory.create()
    episode = EpisodeFactory.create(parent=SeasonFactory.create(parent=series))
    watch(api, film, 0.5)
    watch(api, episode)
    watch(stranger_api, film, 0.4)
    deliver_pending()

    response = api.get("content/trending")

    assert response.json()["basis"] == "activity"
    assert ids(response) == [str(series.id), str(film.id)]
    assert response.json()["items"][0]["trend_score"] == pytest.approx(1.0, abs=0.01)
    assert ids(api.get("content/trending?kind=movie")) == [str(film.id)]


def test_where_nothing_was_watched_popular_titles_stand_in(api):
    films = [TitleFactory.create(popularity=number / 10) for number in range(5)]

    first = api.get("content/trending?limit=3&region=DE")
    second = api.get(f"content/trending?limit=3&region=DE&cursor={first.json()['next_cursor']}")

    assert (first.json()["basis"], first.json()["items"][0]["trend_score"]) == ("popularity", 0.0)
    assert ids(first) + ids(second) == [str(film.id) for film in films[::-1]]


def test_trends_are_paged(api):
    films = [TitleFactory.create() for _ in range(5)]
    for number, film in enumerate(films):
        watch(api, film, 0.2 + number / 10)
    deliver_pending()

    first = api.get("content/trending?limit=3")
    second = api.get(f"content/trending?limit=3&cursor={first.json()['next_cursor']}")

    assert ids(first) + ids(second) == [str(film.id) for film in films[::-1]]
    assert second.json()["has_more"] is False
    assert api.get(f"content/trending?kind=tv&cursor={first.json()['next_cursor']}").status_code == 400


def test_a_child_sees_nothing_of_what_it_may_not_watch(api, child_api):
    adult, family = TitleFactory.create(min_ages={"US": 18}), TitleFactory.create(min_ages={"US": 0})
    for title in (adult, family):
        OfferFactory.create(title=title, type="free")
        watch(api, title)
    deliver_pending()

    assert ids(child_api.get("content/trending")) == [str(family.id)]
    shown = {item["id"] for row in child_api.get("discover/rows").json()["items"] for item in row["items"]}
    assert str(adult.id) not in shown


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "kind"), [("discover/movies", "movie"), ("discover/tv", "series")])
def test_kinds_are_browsed_by_filters(client, path, kind):
    factory = {"movie": TitleFactory, "series": SeriesFactory}[kind]
    wanted = factory.create(release_year=1999, genres=["drama"])
    factory.create(release_year=1999)
    factory.create(release_year=2010, genres=["drama"])

    response = client.get(f"/api/v1/{path}?genre=drama&year_to=2000&sort=newest")

    assert [item["id"] for item in response.json()["items"]] == [str(wanted.id)]
    assert client.get(f"/api/v1/{path}?genre=gore").status_code == 400


def test_only_ones_own_services_can_be_browsed(api):
    mine, other = TitleFactory.create(), TitleFactory.create()
    OfferFactory.create(title=mine, platform_id="mubi")
    OfferFactory.create(title=other, platform_id="hulu")

    assert ids(api.get("discover/movies?my_services=true")) == []
    api.put("user/subscriptions", {"platforms": ["mubi"]})
    assert ids(api.get("discover/movies?my_services=true")) == [str(mine.id)]
    assert ids(api.get("discover/movies?my_services=true&platform=hulu")) == []


def test_rows_say_why_they_are_there(api):
    now = timezone.now()
    begun, leaving, liked = TitleFactory.create(), TitleFactory.create(), TitleFactory.create(genres=["drama"])
    OfferFactory.create(title=leaving, platform_id="mubi", window_end=now + timedelta(days=3))
    OfferFactory.create(title=liked, type="free")
    api.put("user/subscriptions", {"platforms": ["mubi"]})
    api.patch("user/preferences", {"favorite_genres": ["drama"]})
    watch(api, begun, 0.4)
    deliver_pending()

    rows = {row["id"]: row for row in api.get("discover/rows").json()["items"]}

    found = {name: [item["id"] for item in row["items"]] for name, row in rows.items()}
    assert found["continue"] == found["trending"] == [str(begun.id)]
    assert found["leaving"] == found["new_on_services"] == [str(leaving.id)]
    assert found["genre_drama"] == found["free"] == [str(liked.id)]
    assert all(row["reason"] and row["title"] for row in rows.values())


def test_recommendations_are_a_row_once_something_is_known(api):
    films = make_titles(*[("war",), ("romance",)] * 3)
    for film in films:
        make_offer(film)

    before = {row["id"] for row in api.get("discover/rows").json()["items"]}
    watch(api, films[0])
    (row,) = [row for row in api.get("discover/rows").json()["items"] if row["id"] == "for_you"]

    assert "for_you" not in before
    assert row["items"][0]["id"] in {str(film.id) for film in films[2::2]}
    assert str(films[0].id) not in {item["id"] for item in row["items"]}


@pytest.mark.django_db
def test_nobody_has_no_personal_rows_and_no_empty_ones(client):
    TitleFactory.create()

    response = client.get("/api/v1/discover/rows")

    assert [row["id"] for row in response.json()["items"]] == ["popular_films"]
    assert response["Cache-Control"].startswith("public")


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(("path", "statements"), [("content/trending?limit=100", 6), ("discover/movies?limit=100", 5)])
def test_lists_cost_the_same_for_many(api, stranger_api, django_assert_num_queries, path, statements, rows):
    for number in range(rows):
        watch(api if number % 2 else stranger_api, TitleFactory.create())
    deliver_pending()
    api.get("user/ratings")

    with django_assert_num_queries(statements):
        assert len(ids(api.get(path))) >= 3


@pytest.mark.parametrize("rows", [3, 30])
def test_rows_cost_the_same_for_many(api, django_assert_num_queries, rows):
    api.put("user/subscriptions", {"platforms": ["netflix"]})
    api.patch("user/preferences", {"favorite_genres": ["drama", "comedy"]})
    for title in make_titles(*[("drama", "comedy")] * rows):
        OfferFactory.create(title=title, window_end=timezone.now() + timedelta(days=2))
        api.post("playback/progress", {"content_id": str(title.id), "position_s": 600, "duration_s": 6000})
    # The first answer lays out what recommendations are made from.
    api.get("discover/rows")

    with django_assert_num_queries(30):
        assert api.get("discover/rows").status_code == 200
