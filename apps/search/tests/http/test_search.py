"""Search and autocomplete as a client sees them."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.content.tests.factories import (
    CreditFactory,
    OfferFactory,
    PersonFactory,
    TitleFactory,
    TitleNameFactory,
)
from apps.search.services import documents

pytestmark = pytest.mark.django_db


def index(*titles):
    """Bring the index in step, as the outbox would."""
    documents.index_titles([title.id for title in titles])


def search(client, query, **parameters):
    """Search by GET and give the body of a 200."""
    response = client.get("/api/v1/search", {"q": query, **parameters})
    assert response.status_code == 200, response.content
    return response.json()


def ids(body):
    """Give the ids of the items."""
    return [item["id"] for item in body["items"]]


def test_an_exact_title_is_first(client):
    longer = TitleFactory.create(title="Dune: Part Two", release_year=2024, popularity=1.0)
    exact = TitleFactory.create(title="Dune", release_year=2021)
    mention = TitleFactory.create(title="Jodorowsky's Dune", synopsis="How a dune film was not made.", popularity=1.0)
    index(longer, exact, mention)

    body = search(client, "dune")

    assert ids(body)[0] == str(exact.id)
    assert body["items"][0]["match_reasons"][0] == {"kind": "title_exact", "words": ["dune"]}
    assert body["items"][0]["score"] == 1.0
    assert body["total"] == 3


def test_a_year_in_the_query_picks_the_namesake(client):
    old = TitleFactory.create(title="Dune", release_year=1984, popularity=1.0)
    new = TitleFactory.create(title="Dune", release_year=2021)
    index(old, new)

    assert ids(search(client, "dune 2021"))[0] == str(new.id)
    assert ids(search(client, "Dune (1984)"))[0] == str(old.id)


@pytest.mark.parametrize(
    "query", ["the matrix", "THE MATRIX", "matrix reeves", "hacker simulated", "Die Matrix", "matirx"]
)
def test_a_title_is_found_by(client, query):
    title = TitleFactory.create(title="The Matrix", synopsis="A hacker finds that the world is simulated.")
    TitleNameFactory.create(title=title, name="Die Matrix")
    CreditFactory.create(title=title, person=PersonFactory.create(name="Keanu Reeves"), role="actor")
    index(title, TitleFactory.create(title="Casablanca"))

    assert ids(search(client, query)) == [str(title.id)]


def test_what_gave_way_is_said(client):
    title = TitleFactory.create(title="The Matrix", synopsis="A hacker finds that the world is simulated.")
    index(title)

    exact = search(client, "hacker simulated")
    relaxed = search(client, "hacker simulated dinosaurs")

    assert exact["parsed"]["relaxed"] == []
    assert ids(relaxed) == [str(title.id)]
    assert relaxed["parsed"]["relaxed"][0]["constraint"] == "all_words"


def test_a_slip_of_the_keyboard_is_mended_before_words_are_given_up(client):
    title = TitleFactory.create(title="Stranger Things")
    index(title, TitleFactory.create(title="Things to Come"))

    body = search(client, "strnger things")

    assert ids(body) == [str(title.id)]
    assert body["parsed"]["relaxed"] == []


def test_filters_total_and_facets_speak_of_one_set(client):
    drama = TitleFactory.create(title="Star One", genres=["drama"], release_year=1999)
    comedy = TitleFactory.create(title="Star Two", genres=["comedy"], release_year=2005)
    OfferFactory.create(title=drama, platform_id="netflix", region="US")
    index(drama, comedy)

    body = search(client, "star", genres="drama", year_from=1990, limit=1)

    assert ids(body) == [str(drama.id)]
    assert body["total"] == 1
    assert body["facets"]["genre"] == {"drama": 1}
    assert body["facets"]["decade"] == {"1990s": 1}
    assert body["facets"]["platform"] == {"netflix": 1}
    assert body["parsed"]["hard"] == {"genres": ["drama"], "year_from": 1990}
    assert body["items"][0]["best_offer"]["platform"] == "netflix"
    assert search(client, "star", platforms="netflix", region="GB")["total"] == 0


def test_a_posted_search_is_the_same_search(client):
    title = TitleFactory.create(title="Star One", genres=["drama"])
    index(title, TitleFactory.create(title="Star Two", genres=["comedy"]))

    response = client.post(
        "/api/v1/search", {"query": "star", "filters": {"genres": ["drama"]}}, content_type="application/json"
    )

    assert response.status_code == 200
    assert ids(response.json()) == [str(title.id)]
    UUID(response.json()["query_id"])


def test_an_expired_offer_is_no_offer(client):
    title = TitleFactory.create(title="Star One")
    OfferFactory.create(title=title, platform_id="netflix", region="US", window_end=timezone.now() - timedelta(days=1))
    index(title)

    assert search(client, "star", platforms="netflix")["total"] == 0


def test_an_answer_is_kept_until_the_clock_changes_it(client, django_assert_max_num_queries):
    title = TitleFactory.create(title="Star One")
    OfferFactory.create(title=title, platform_id="netflix", region="US", window_end=timezone.now() + timedelta(hours=1))
    index(title)
    first = search(client, "star", platforms="netflix")

    with django_assert_max_num_queries(1):
        again = search(client, "star", platforms="netflix")

    assert again["query_id"] != first["query_id"]
    assert again["items"] == first["items"] != []
    assert search(client, "star", platforms="netflix", region="GB")["items"] == []


def test_an_offer_that_is_about_to_end_is_not_kept(client):
    title = TitleFactory.create(title="Star One")
    ends = timezone.now() + timedelta(seconds=4)
    OfferFactory.create(title=title, platform_id="netflix", region="US", window_end=ends)
    index(title)
    assert search(client, "star", platforms="netflix")["total"] == 1

    time.sleep(max(0.0, (ends - timezone.now()).total_seconds() + 0.1))

    assert search(client, "star", platforms="netflix")["total"] == 0


def test_pages_cover_the_set_once_and_in_order(client):
    titles = [TitleFactory.create(title=f"Star {number}") for number in range(7)]
    index(*titles)

    whole = ids(search(client, "star", limit=100))
    first = client.get("/api/v1/search", {"q": "star", "limit": 3})
    seen, body = ids(first.json()), first.json()
    while body["has_more"]:
        body = search(client, "star", limit=3, cursor=body["next_cursor"])
        seen += ids(body)

    assert seen == whole
    assert len(set(seen)) == 7
    assert 'rel="next"' in first["Link"]


def test_a_cursor_ends_with_its_index(client):
    index(*[TitleFactory.create(title=f"Star {number}") for number in range(3)])
    cursor = search(client, "star", limit=1)["next_cursor"]
    index(TitleFactory.create(title="Star 4"))

    response = client.get("/api/v1/search", {"q": "star", "limit": 1, "cursor": cursor})

    assert response.status_code == 400
    assert response.json()["code"] == "cursor_expired"


def test_a_cursor_fits_its_own_search_only(client):
    index(*[TitleFactory.create(title=f"Star {number}") for number in range(3)])
    cursor = search(client, "star", limit=1)["next_cursor"]

    response = client.get("/api/v1/search", {"q": "stars", "limit": 1, "cursor": cursor})

    assert response.json()["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        pytest.param({}, "/q", id="no query"),
        pytest.param({"q": ""}, "/q", id="empty query"),
        pytest.param({"q": "x" * 501}, "/q", id="long query"),
        pytest.param({"q": "x", "limit": "101"}, "/limit", id="limit too high"),
        pytest.param({"q": "x", "limit": "ten"}, "/limit", id="limit no number"),
        pytest.param({"q": "x", "region": "usa"}, "/region", id="region"),
        pytest.param({"q": "x", "genres": "drama,nonsense"}, "/genres/1", id="unknown genre"),
        pytest.param({"q": "x", "genres": ""}, "/genres", id="empty genre"),
        pytest.param({"q": "x", "year_from": "2020", "year_to": "2010"}, "/year_to", id="range"),
        pytest.param({"q": "x", "max_price": "100"}, "/currency", id="price without currency"),
        pytest.param({"q": "x", "user_id": "1"}, "/user_id", id="unknown parameter"),
        pytest.param({"q": "x", "sort": "best"}, "/sort", id="unknown sort"),
    ],
)
def test_bad_queries_are_explained(client, parameters, pointer):
    response = client.get("/api/v1/search", parameters)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("filters", "pointer"),
    [
        ({"rating_max": False}, "/filters/rating_max"),
        ({"my_services": 0}, "/filters/my_services"),
        ({"year_from": "1999"}, "/filters/year_from"),
        ({"platforms": [5]}, "/filters/platforms/0"),
        ({"genres": "drama"}, "/filters/genres"),
    ],
)
def test_another_json_type_is_refused(client, filters, pointer):
    response = client.post("/api/v1/search", {"query": "x", "filters": filters}, content_type="application/json")

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_sorting_keeps_the_set(client):
    titles = [
        TitleFactory.create(title="Star A", release_year=1990, popularity=0.1, rating=5.0),
        TitleFactory.create(title="Star B", release_year=2010, popularity=0.9, rating=None),
        TitleFactory.create(title="Star C", release_year=None, popularity=0.5, rating=9.0),
    ]
    index(*titles)
    a, b, c = (str(title.id) for title in titles)

    assert ids(search(client, "star", sort="popularity")) == [b, c, a]
    assert ids(search(client, "star", sort="newest")) == [b, a, c]
    assert ids(search(client, "star", sort="oldest")) == [a, b, c]
    assert ids(search(client, "star", sort="rating")) == [c, a, b]


@pytest.mark.parametrize(
    "text", ['"; DROP TABLE', "' OR 1=1 --", "NEAR(a b)", "<script>alert(1)</script>", "😀", "مرحبا", "%_", "*"]
)
def test_hostile_text_is_just_text(client, text):
    index(TitleFactory.create(title="Casablanca"))

    assert search(client, text)["total"] == 0


@pytest.mark.parametrize("rows", [3, 30])
def test_a_page_costs_the_same_whatever_its_length(client, rows, django_assert_max_num_queries):
    index(*[TitleFactory.create(title=f"Star {number}", genres=["drama"]) for number in range(rows)])
    search(client, "warm up")

    # Up to three of them look for near spellings, because three matches are few; four read cards not seen before.
    with django_assert_max_num_queries(12):
        assert len(search(client, "star", limit=100)["items"]) == rows
    with django_assert_max_num_queries(9):
        assert len(search(client, "star", limit=100)["items"]) == rows


def suggest(client, q, **parameters):
    """Autocomplete and give (kind, text) pairs."""
    response = client.get("/api/v1/search/autocomplete", {"q": q, **parameters})
    assert response.status_code == 200, response.content
    return [(item["kind"], item["text"]) for item in response.json()["items"]]


def test_suggestions_are_titles_people_genres_and_platforms(client):
    title = TitleFactory.create(title="Drama Queen", popularity=0.5)
    CreditFactory.create(title=title, person=PersonFactory.create(name="Netta Drake"), role="actor")
    index(title)

    assert suggest(client, "dra") == [("genre", "Drama"), ("title", "Drama Queen"), ("person", "Netta Drake")]
    assert suggest(client, "netfl") == [("platform", "Netflix")]


@pytest.mark.parametrize("typed", ["améli", "AMELI", "fabuleux", "amelei poulain"])
def test_suggestions_forgive(client, typed):
    title = TitleFactory.create(title="Amélie Poulain")
    TitleNameFactory.create(title=title, name="Le fabuleux destin d'Amélie Poulain", language="fr")
    index(title, TitleFactory.create(title="Casablanca"))

    assert suggest(client, typed) == [("title", "Amélie Poulain")]


def test_suggestions_are_cacheable(client):
    index(TitleFactory.create(title="Casablanca"))
    first = client.get("/api/v1/search/autocomplete", {"q": "casa"})

    second = client.get("/api/v1/search/autocomplete", {"q": "casa"}, headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 304
    assert "public" in first["Cache-Control"]


def test_a_title_that_left_is_gone_from_everything(client):
    title = TitleFactory.create(title="Casablanca")
    index(title)
    title_id = title.id
    assert search(client, "casablanca")["total"] == 1

    title.delete()
    documents.index_titles([title_id])

    assert search(client, "casablanca")["total"] == 0
    assert suggest(client, "casab") == []


def test_titles_without_a_certificate_stay_visible_to_adults(client):
    rated = TitleFactory.create(title="Star Rated", min_ages={"US": 17})
    index(rated, TitleFactory.create(title="Star Unrated"))

    assert search(client, "star")["total"] == 2
    assert search(client, "star", max_maturity=17)["total"] == 1
