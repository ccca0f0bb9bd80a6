"""
What a child may not see leaves no trace.

On every public endpoint a catalogue with blocked titles answers a child as the same catalogue without them does.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.core.cache import cache
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from apps.content.contracts import Kind
from apps.content.tests.factories import (
    CertificateFactory,
    CreditFactory,
    EpisodeFactory,
    OfferFactory,
    PersonFactory,
    SeasonFactory,
    TitleAliasFactory,
    TitleFactory,
    TitleNameFactory,
)
from apps.search.services import documents, vectors
from apps.user.tests.factories import bearer, make_account, make_child

pytestmark = pytest.mark.django_db

_ROOT = UUID("6a1f5c3e-0000-4000-8000-000000000000")
#: Each way in which a title can be kept from this child.
BLOCKED: dict[str, dict[str, Any]] = {
    "too old": {"min_ages": {"US": 17}, "genres": ["drama"]},
    "blocked genre": {"min_ages": {"US": 0}, "genres": ["horror", "comedy"]},
    "unrated": {"min_ages": {}, "genres": ["drama"]},
    "not placed": {"min_ages": {"US": None}, "genres": ["drama"]},
    "old abroad": {"min_ages": {"DE": 16, "FR": 0}, "genres": ["drama"]},
}
#: What changes from one answer to the next in any catalogue: names of this search, clocks, signatures of cursors.
_VOLATILE = frozenset({"query_id", "took_ms", "next_cursor"})


def named(name):
    """Give the same id to the same name in both catalogues."""
    return uuid5(_ROOT, name)


SHARED, SERIES, KNOWN, UNKNOWN = named("film 0"), named("series"), named("known person"), named("unknown person")
HIDDEN, HIDDEN_SERIES, ALIAS = named("too old"), named("hidden series"), named("alias")

#: Path of the document -> what is asked of it.
READS = {
    "/api/v1/content": [
        "content?limit=3",
        "content?limit=100",
        "content?genre=drama",
        "content?kind=series",
        "content?platform=netflix&sort=title",
        "content?year_from=2020&region=DE",
        "content?genre=horror",
    ],
    "/api/v1/content/new": ["content/new", "content/new?limit=2"],
    "/api/v1/content/expiring": ["content/expiring", "content/expiring?days=30&platform=netflix&limit=1"],
    "/api/v1/content/{title_id}": [
        f"content/{each}?include=credits,availability,seasons"
        for each in (SHARED, SERIES, HIDDEN, HIDDEN_SERIES, ALIAS)
    ],
    "/api/v1/content/{title_id}/availability": [f"content/{each}/availability" for each in (SHARED, HIDDEN, ALIAS)],
    "/api/v1/content/{title_id}/credits": [f"content/{each}/credits" for each in (SHARED, HIDDEN)],
    "/api/v1/content/{title_id}/seasons": [f"content/{each}/seasons" for each in (SERIES, HIDDEN_SERIES)],
    "/api/v1/content/{title_id}/seasons/{number}": [f"content/{each}/seasons/1" for each in (SERIES, HIDDEN_SERIES)],
    "/api/v1/content/{title_id}/seasons/{number}/episodes": [
        f"content/{each}/seasons/1/episodes" for each in (SERIES, HIDDEN_SERIES)
    ],
    "/api/v1/movies/popular": ["movies/popular", "movies/popular?limit=2"],
    "/api/v1/tv/popular": ["tv/popular"],
    "/api/v1/genres": ["genres"],
    "/api/v1/platforms": ["platforms"],
    "/api/v1/platforms/{slug}": ["platforms/netflix"],
    "/api/v1/platforms/{slug}/catalog": ["platforms/netflix/catalog", "platforms/mubi/catalog"],
    "/api/v1/people/{person_id}": [f"people/{KNOWN}", f"people/{UNKNOWN}"],
    "/api/v1/search": [
        "search?q=garden",
        "search?q=secret garden",
        "search?q=midnight",
        "search?q=the garden of midnight&explain=true",
        "search?q=gardn",
        "search?q=known person",
        "search?q=garden&genres=horror",
        "search?q=garden&sort=popularity&limit=2",
        "search?q=garden&max_maturity=18",
        "search?q=garden&platforms=mubi&region=DE",
        "search?q=drama movies with known person on netflix",
        "search?q=series like garden",
        "search?q=a girl who finds a gardn behind the wall of midnigth",
    ],
    "/api/v1/search/similar/{title_id}": [f"search/similar/{each}" for each in (SHARED, SERIES, HIDDEN)],
    "/api/v1/search/autocomplete": [
        "search/autocomplete?q=ga",
        "search/autocomplete?q=midnight",
        "search/autocomplete?q=gardne",
        "search/autocomplete?q=unknown per",
        "search/autocomplete?q=known",
    ],
    "/api/v1/user/ratings/{content_id}": [f"user/ratings/{HIDDEN}", f"user/ratings/{SHARED}"],
}
POSTS = {
    "/api/v1/content/batch": ("content/batch", {"ids": [str(SHARED), str(HIDDEN), str(SERIES), str(ALIAS)]}),
    "/api/v1/search": ("search", {"query": "garden of midnight", "filters": {"genres": ["drama", "horror"]}}),
    "/api/v1/search/semantic": ("search/semantic", {"query": "people who meet in a garden at midnight"}),
}
#: Public, and not about titles that a viewer may or may not see: counts of the whole catalogue, for operators.
EXEMPT = frozenset({"/api/v1/status"})


@pytest.fixture
def ask(client, settings):
    """Ask as a child: blocked genre horror, age 10, nothing unrated."""
    settings.TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"
    account = make_account()
    account.controls.max_age, account.controls.blocked_genres = 10, ["horror"]
    account.controls.save()
    headers = {**bearer(account, make_child(account)), "X-Request-ID": "same"}

    def answers():
        """Ask everything there is, with nothing cached."""
        cache.clear()
        given = {path: client.get(f"/api/v1/{path}", headers=headers) for paths in READS.values() for path in paths}
        for path, body in POSTS.values():
            given[f"POST {path}"] = client.post(f"/api/v1/{path}", body, "application/json", headers=headers)
        rating = f"user/ratings/{HIDDEN}"
        given[f"PUT {rating}"] = client.put(f"/api/v1/{rating}", {"score": 5}, "application/json", headers=headers)
        return {path: seen(response) for path, response in given.items()}

    return answers


def seen(response):
    """Reduce an answer to what must be equal."""
    body = json.loads(response.content) if response.content else None
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _VOLATILE}
    is_stable = isinstance(body, dict) and not response.get("Link")
    headers = {name: value for name, value in response.items() if name not in ("Link", "Content-Length", "ETag")}
    # A cursor is signed with its time, so the hash of a body that holds one is never the same twice.
    etag = response.get("ETag") if is_stable else bool(response.get("ETag"))
    return response.status_code, body, headers, etag, bool(response.get("Link"))


def add_shared():
    """Write what the child may see."""
    person = PersonFactory.create(id=KNOWN, name="Known Person")
    for number in range(5):
        film = TitleFactory.create(
            id=named(f"film {number}"),
            title=f"The Secret Garden {number}" if number else "Garden",
            synopsis="A girl finds a garden behind a wall.",
            min_ages={"US": number},
            popularity=number / 10,
            genres=["drama", "family"],
        )
        CertificateFactory.create(title=film, region="US", rating="G", min_age=number)
        CreditFactory.create(title=film, person=person)
        OfferFactory.create(title=film, window_end=timezone.now() + timedelta(days=5))
    series = TitleFactory.create(
        id=SERIES, title="Garden Tales", kind=Kind.SERIES, min_ages={"US": 0}, genres=["comedy"]
    )
    CertificateFactory.create(title=series, region="US", rating="TV-Y", min_age=0)
    season = SeasonFactory.create(id=named("season"), parent=series, number=1)
    EpisodeFactory.create(id=named("episode"), parent=season, number=1)
    index()


def add_blocked():
    """Write what the child may not see, close to what it may see in every respect."""
    known, unknown = (
        PersonFactory._meta.model.objects.get(pk=KNOWN),
        PersonFactory.create(id=UNKNOWN, name="Unknown Person"),
    )
    for name, fields in BLOCKED.items():
        film = TitleFactory.create(
            id=named(name),
            title=f"Garden of Midnight {name}",
            synopsis="A girl finds a garden behind a wall, at midnight, in the garden.",
            popularity=1.0,
            **fields,
        )
        TitleNameFactory.create(title=film, name=f"The Secret Garden {name}")
        for region, min_age in fields["min_ages"].items():
            CertificateFactory.create(title=film, region=region, rating="?", min_age=min_age)
        CreditFactory.create(title=film, person=known)
        CreditFactory.create(title=film, person=unknown, position=1)
        for platform in ("netflix", "mubi"):
            OfferFactory.create(title=film, platform_id=platform, window_end=timezone.now() + timedelta(days=3))
    series = TitleFactory.create(
        id=HIDDEN_SERIES, title="Garden Nights", kind=Kind.SERIES, min_ages={"US": 17}, genres=["drama"]
    )
    CertificateFactory.create(title=series, region="US", rating="TV-MA", min_age=17)
    EpisodeFactory.create(parent=SeasonFactory.create(parent=series, number=1), number=1)
    TitleAliasFactory.create(id=ALIAS, title_id=HIDDEN, merged_at=datetime(2026, 1, 1, tzinfo=UTC))
    index()


def index():
    """Bring the search index and the vectors in step."""
    list(documents.rebuild_index())
    while vectors.follow_titles():
        pass


@pytest.fixture(autouse=True)
def _own_vectors(vector_index):
    """Each catalogue has vectors of its own."""


def test_blocked_titles_leave_no_trace(ask):
    add_shared()
    without = ask()
    add_blocked()

    with_them = ask()

    assert with_them.keys() == without.keys()
    different = {path: (without[path], with_them[path]) for path in without if without[path] != with_them[path]}
    assert different == {}


def test_an_adult_sees_them(ask, client):
    """The blocked titles are there: it is the policy that hides them."""
    add_shared()
    add_blocked()

    assert client.get(f"/api/v1/content/{HIDDEN}").status_code == 200
    assert client.get("/api/v1/search?q=midnight").json()["total"] > 0


def test_every_public_endpoint_is_asked():
    """A new endpoint of the catalogue or of search has to be added here."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    public = {
        (path, method)
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/api/v1/") and methods[method]["tags"][0] in ("content", "search", "discover")
    }

    asked = {(path, "get") for path in READS} | {(path, "post") for path in POSTS}

    assert {(path, method) for path, method in public if path not in EXEMPT} <= asked
