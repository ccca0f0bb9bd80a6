"""Lists of titles and offers over HTTP: filters, orders, pages that neither lose nor repeat a row."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import (
    BORN_AT,
    EpisodeFactory,
    OfferFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
)

pytestmark = pytest.mark.django_db

LISTS = (
    *("content", "content?sort=newest", "content?sort=oldest", "content?sort=rating", "content?sort=title"),
    *("content/new", "movies/popular", "platforms/netflix/catalog"),
)


def names(body):
    return [item["title"] for item in body["items"]]


def add_films(count, **fields):
    """Films that tie in everything, half of them without year and rating, on Netflix in the US."""
    films = [
        TitleFactory.create(
            popularity=0.5,
            release_year=None if number % 2 else 2000,
            rating=None if number % 2 else 5.0,
            title_key="same",
            **fields,
        )
        for number in range(count)
    ]
    for film in films:
        OfferFactory.create(title=film)
    return {str(film.id) for film in films}


@pytest.mark.parametrize("path", LISTS)
def test_a_walk_sees_every_row_once_while_others_come_in(api, path):
    """Rows that were there stay where they were; pages hold no row twice, ties included."""
    there = add_films(7)

    seen = []
    for body in api.walk(path, limit=2):
        seen += [item["id"] for item in body["items"]]
        add_films(1, created_at=BORN_AT + timedelta(days=len(seen)))
        TitleFactory.create(popularity=0.9, release_year=2010, rating=9.0, title_key="aaa")
        assert body["has_more"] == (body["next_cursor"] is not None)

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_full_last_page_has_no_next(api):
    """The end is known without an empty page."""
    add_films(4)

    first, second = list(api.walk("content", limit=2))

    assert (len(first["items"]), len(second["items"])) == (2, 2)
    assert (second["next_cursor"], second["has_more"]) == (None, False)


def test_next_is_also_a_link(api):
    """RFC 8288, with the filters of this page."""
    add_films(3)

    response = api.get("content", limit=2, kind="movie,short")

    url, _, rel = response["Link"].partition(">; ")
    assert rel == 'rel="next"'
    query = parse_qs(urlsplit(url[1:]).query)
    assert query == {"limit": ["2"], "kind": ["movie,short"], "cursor": [response.json()["next_cursor"]]}
    assert "Link" not in api.get("content", cursor=response.json()["next_cursor"], kind="movie,short", limit=2)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "content?genre=drama",
        "content?sort=title",
        "content?region=DE",
        "content/new",
        "movies/popular",
        "platforms/netflix/catalog",
    ],
)
def test_a_cursor_fits_no_other_list(api, elsewhere):
    """Another filter, order, region or list refuses it."""
    add_films(3)
    cursor = api.get("content", limit=2).json()["next_cursor"]

    response = api.get(elsewhere, cursor=cursor)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("cursor", ["x", "WzFd:x:y", "W10", "🎬", "a" * 1000])
@pytest.mark.parametrize("path", ["content", "content/expiring", "genres", "platforms"])
def test_a_forged_cursor_is_refused(api, path, cursor):
    """Only what the list signed opens it."""
    response = api.get(path, cursor=cursor)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Old", "Dark", "New"]),
        ("kind=series", ["Dark"]),
        ("kind=movie,series", ["Old", "Dark", "New"]),
        ("kind=short", []),
        ("genre=comedy", ["New"]),
        ("genre=comedy&genre=drama", ["Old", "New"]),
        ("platform=netflix", ["Dark"]),
        ("platform=netflix,hulu", ["Old", "Dark"]),
        ("platform=netflix&region=DE", ["New"]),
        ("platform=nowhere", []),
        ("year_from=2017", ["Dark", "New"]),
        ("year_to=2017", ["Old", "Dark"]),
        ("year_from=2017&year_to=2017", ["Dark"]),
        ("kind=movie&genre=drama&year_to=1990&platform=hulu", ["Old"]),
    ],
)
def test_filters_keep_what_they_say(api, query, expected):
    """Words within a filter are alternatives, filters together are all met."""
    old = TitleFactory.create(title="Old", popularity=0.9, release_year=1980, genres=["drama"])
    dark = SeriesFactory.create(title="Dark", popularity=0.8, release_year=2017, genres=["mystery"])
    new = TitleFactory.create(title="New", popularity=0.7, release_year=2024, genres=["comedy", "family"])
    OfferFactory.create(title=old, platform_id="hulu")
    OfferFactory.create(title=dark)
    OfferFactory.create(title=new, region="DE")
    OfferFactory.create(title=new, superseded_at=timezone.now())

    assert names(api.get(f"content?{query}").json()) == expected


def test_parts_of_series_are_in_no_list(api):
    """Seasons and episodes are reached through their series."""
    EpisodeFactory.create(title="Pilot", parent__parent__title="Dark")

    assert [names(api.get(path).json()) for path in ("content", "content/new", "tv/popular")] == [["Dark"]] * 3


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("popular", ["B", "A", "C"]),
        ("newest", ["C", "A", "B"]),
        ("oldest", ["A", "C", "B"]),
        ("rating", ["A", "B", "C"]),
        ("title", ["A", "B", "C"]),
    ],
)
def test_orders(api, sort, expected):
    """What has no year or rating comes last, whatever the direction."""
    TitleFactory.create(title="A", popularity=0.5, release_year=1990, rating=9.0)
    TitleFactory.create(title="B", popularity=0.9, release_year=None, rating=7.0)
    TitleFactory.create(title="C", popularity=0.1, release_year=2020, rating=None)

    assert names(api.get("content", sort=sort).json()) == expected


def test_popular_lists_are_of_one_kind(api):
    """Films here, series there, most popular first."""
    TitleFactory.create(title="Film", popularity=0.1)
    TitleFactory.create(title="Hit", popularity=0.2)
    SeriesFactory.create(title="Dark")
    TitleFactory.create(title="Short", kind="short")

    assert names(api.get("movies/popular").json()) == ["Hit", "Film"]
    assert names(api.get("tv/popular").json()) == ["Dark"]


def test_new_is_what_came_into_the_catalogue_last(api):
    """Whatever its year."""
    TitleFactory.create(title="First", created_at=datetime(2026, 1, 1, tzinfo=UTC), release_year=2026)
    TitleFactory.create(title="Last", created_at=datetime(2026, 2, 1, tzinfo=UTC), release_year=1926)

    assert names(api.get("content/new").json()) == ["Last", "First"]


def test_a_platforms_catalogue_is_what_it_offers_now(api):
    """In the region asked for; an unknown platform is 404."""
    OfferFactory.create(title__title="Here")
    OfferFactory.create(title__title="There", region="DE")
    OfferFactory.create(title__title="Elsewhere", platform_id="hulu")

    assert names(api.get("platforms/netflix/catalog").json()) == ["Here"]
    assert names(api.get("platforms/netflix/catalog", region="DE").json()) == ["There"]
    assert api.get("platforms/nowhere/catalog").json()["code"] == "platform_not_found"


def test_expiring_lists_offers_by_their_end(api):
    """Soonest first, a begun day counts whole; no other region, nothing past, open-ended or no longer believed."""
    now = timezone.now()

    def offer(title, hours, **fields):
        return OfferFactory.create(title__title=title, window_end=now + timedelta(hours=hours), **fields)

    offer("Later", 71)
    offer("Soon", 1, platform_id="hulu")
    offer("Too late", 24 * 8)
    offer("Past", -1)
    offer("Abroad", 5, region="DE")
    offer("Disbelieved", 5, superseded_at=now)
    offer("Not yet", 5, window_start=now + timedelta(hours=4))
    OfferFactory.create(title__title="Open")

    body = api.get("content/expiring").json()

    assert [(item["title"]["title"], item["days_left"]) for item in body["items"]] == [("Soon", 1), ("Later", 3)]
    assert body["items"][0]["offer"]["platform"] == "hulu"
    assert len(api.get("content/expiring", days=1).json()["items"]) == 1
    assert len(api.get("content/expiring", days=9).json()["items"]) == 3
    assert len(api.get("content/expiring", platform="netflix").json()["items"]) == 1
    assert len(api.get("content/expiring", region="DE").json()["items"]) == 1


def test_expiring_walks_over_ties(api):
    """Offers that end at one moment are all listed, once."""
    end = timezone.now() + timedelta(days=2)
    offers = {str(OfferFactory.create(window_end=end).id) for _ in range(5)}

    seen = [item["offer"]["id"] for body in api.walk("content/expiring", limit=2) for item in body["items"]]

    assert sorted(seen) == sorted(offers)


def test_a_batch_answers_for_every_id(api):
    """In the order asked for, missing ids named, merged ids led to their survivor, repeats once."""
    film, series, missing = TitleFactory.create(title="Film"), SeriesFactory.create(title="Dark"), uuid4()
    alias = TitleAliasFactory.create(title=series)
    ids = [str(each) for each in (alias.id, missing, film.id, film.id, series.id)]

    response = api.post("content/batch", {"ids": ids})

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    body = response.json()
    assert names(body) == ["Dark", "Film"]
    assert body["missing"] == [str(missing)]
    assert body["merged"] == {str(alias.id): str(series.id)}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/ids", "required"),
        ({"ids": []}, "/ids", "min_length"),
        ({"ids": [str(uuid4()) for _ in range(101)]}, "/ids", "max_length"),
        ({"ids": ["x"]}, "/ids/0", "invalid"),
        ({"ids": [None]}, "/ids/0", "null"),
        ({"ids": [False]}, "/ids/0", "invalid"),
        ({"ids": [7]}, "/ids/0", "invalid"),
        ({"ids": ["{00000000-0000-0000-0000-000000000001}"]}, "/ids/0", "invalid"),
        ({"ids": ["000000000-000-0000-0000-000000000001"]}, "/ids/0", "invalid"),
        ({"ids": "x"}, "/ids", "not_a_list"),
        ({"ids": None}, "/ids", "null"),
        ({"ids": [str(uuid4())], "region": "US"}, "/region", "unknown"),
        ([], "", "invalid"),
    ],
)
def test_a_wrong_batch_is_named(api, body, pointer, code):
    """With a pointer into the body."""
    response = api.post("content/batch", body)

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"], error["in"]) == (pointer, code, "body")


@pytest.mark.parametrize("body", ["{", "", '{"ids": ["\\u0000"]}', "\xff"])
def test_a_broken_body_is_a_problem(client, body):
    """Not a crash."""
    response = client.post("/api/v1/content/batch", body, content_type="application/json")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "pointer", "code"),
    [
        ("content?kind=season", "/kind/0", "invalid_choice"),
        ("content?genre=drama,nonsense", "/genre/1", "invalid_choice"),
        ("content?platform=Net%20flix", "/platform/0", "invalid"),
        ("content?kind=", "/kind", "min_length"),
        ("content?year_from=1800", "/year_from", "min_value"),
        ("content?year_from=2020&year_to=2010", "/year_to", "range"),
        ("content?sort=random", "/sort", "invalid_choice"),
        ("content?page=2", "/page", "unknown"),
        ("content?limit=1000", "/limit", "max_value"),
        ("movies/popular?kind=series", "/kind", "unknown"),
        ("platforms/netflix/catalog?platform=hulu", "/platform", "unknown"),
        ("content/expiring?days=91", "/days", "max_value"),
        ("content/expiring?days=0", "/days", "min_value"),
        ("content/new?sort=title", "/sort", "unknown"),
    ],
)
def test_a_wrong_parameter_is_named(api, path, pointer, code):
    """Strict, with a pointer to the parameter, or to its word in a list."""
    response = api.get(path)

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"], error["in"]) == (pointer, code, "query")


@pytest.mark.parametrize("path", LISTS)
def test_an_unchanged_list_is_304(api, path):
    """Lists have strong ETags too."""
    add_films(2)
    first = api.get(path)

    second = api.get(path, headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("method", "path"), [("post", "content"), ("delete", "movies/popular"), ("get", "content/batch")]
)
def test_other_methods_are_405(client, method, path):
    """With the methods that there are."""
    response = getattr(client, method)(f"/api/v1/{path}")

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"]
