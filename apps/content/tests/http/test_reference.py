"""Genres, platforms, people and the state of the catalogue over HTTP."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from apps.content.domain.platforms import PLATFORMS
from apps.content.domain.vocabulary import GENRES
from apps.content.tests.factories import (
    CreditFactory,
    EpisodeFactory,
    OfferFactory,
    OfferSnapshotFactory,
    PersonFactory,
    SeriesFactory,
    TitleFactory,
)

pytestmark = pytest.mark.django_db


def test_all_genres_come_at_once(api):
    """A closed list is short enough not to be turned over."""
    body = api.get("genres").json()

    assert {item["slug"]: item["name"] for item in body["items"]} == GENRES
    assert body["has_more"] is False


@pytest.mark.parametrize("path", ["genres", "platforms"])
def test_short_lists_can_be_paged_all_the_same(api, path):
    """By the same cursors as every list."""
    whole = api.get(path).json()["items"]

    walked = [item for body in api.walk(path, limit=7) for item in body["items"]]

    assert walked == whole


def test_platforms_can_be_asked_for_by_region(api):
    """Those that run there, and those that have not said where they run."""
    everywhere = {item["slug"] for item in api.get("platforms").json()["items"]}
    british = {item["slug"] for item in api.get("platforms", region="GB").json()["items"]}

    assert everywhere == {platform.slug for platform in PLATFORMS}
    assert {"bbc_iplayer", "netflix"} <= british
    assert "hulu" not in british


def test_a_platform_reads_by_slug(api):
    """An unknown one is 404."""
    assert api.get("platforms/hulu").json() == {
        "slug": "hulu",
        "name": "Hulu",
        "homepage": "https://www.hulu.com/",
        "regions": ["US"],
    }
    assert api.get("platforms/nowhere").json()["code"] == "platform_not_found"
    assert api.get("platforms/hulu", region="US").status_code == 400


def test_a_person_reads_with_their_titles(api):
    """Best known first, each with what the person did on it."""
    person = PersonFactory.create(name="Greta Gerwig")
    barbie = TitleFactory.create(title="Barbie", popularity=0.9)
    CreditFactory.create(person=person, title=barbie, role="writer", position=1)
    CreditFactory.create(person=person, title=barbie, role="director")
    CreditFactory.create(person=person, title__title="Frances Ha", title__popularity=0.5, character="Frances")
    CreditFactory.create(title=barbie)

    body = api.get(f"people/{person.id}").json()

    assert (body["id"], body["name"], body["next_cursor"]) == (str(person.id), "Greta Gerwig", None)
    assert [(item["title"], item["credits"]) for item in body["items"]] == [
        ("Barbie", [{"role": "director", "character": None}, {"role": "writer", "character": None}]),
        ("Frances Ha", [{"role": "actor", "character": "Frances"}]),
    ]


def test_a_persons_titles_are_paged(api):
    """Ties in popularity are not lost between pages."""
    person = PersonFactory.create()
    titles = {str(CreditFactory.create(person=person).title_id) for _ in range(5)}

    seen = [item["id"] for body in api.walk(f"people/{person.id}", limit=2) for item in body["items"]]

    assert sorted(seen) == sorted(titles)


@pytest.mark.parametrize("exists", [True, False])
def test_a_person_without_titles_is_404(api, exists):
    """Nobody, or nobody with anything to show."""
    person_id = PersonFactory.create().id if exists else uuid4()

    response = api.get(f"people/{person_id}")

    assert (response.status_code, response.json()["code"]) == (404, "person_not_found")


def test_status_counts_the_catalogue(api, settings):
    """By kind, with the newest listing of each source."""
    EpisodeFactory.create(parent__parent=SeriesFactory.create())
    OfferFactory.create()
    OfferFactory.create(superseded_at=datetime(2026, 2, 1, tzinfo=UTC))
    for day in (1, 3, 2):
        OfferSnapshotFactory.create(source_id="justwatch-csv", as_of=datetime(2026, 3, day, tzinfo=UTC))

    body = api.get("status").json()

    assert (body["api_version"], body["version"]) == ("v1", settings.VERSION)
    catalogue = body["catalogue"]
    assert catalogue["titles"] == {"episode": 1, "movie": 2, "season": 1, "series": 1}
    assert (catalogue["people"], catalogue["current_offers"]) == (0, 1)
    newest = {source["slug"]: source["newest_as_of"] for source in catalogue["sources"]}
    assert newest["justwatch-csv"] == "2026-03-03T00:00:00Z"
    assert newest["wikidata"] is None


def test_status_of_an_empty_catalogue(api):
    """Zeros, not errors."""
    catalogue = api.get("status").json()["catalogue"]

    assert (catalogue["titles"], catalogue["updated_at"]) == ({}, None)


@pytest.mark.parametrize("path", ["genres", "platforms", "status", "platforms/hulu"])
def test_unknown_parameters_are_refused(api, path):
    """Here as everywhere."""
    response = api.get(path, color="red")

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/color"
