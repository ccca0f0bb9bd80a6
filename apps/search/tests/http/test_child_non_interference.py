"""
What a child may not see leaves no trace.

Whatever an operation of the OpenAPI document reads (its example in `tests/matrix.py` says what a child asks), a
catalogue with blocked titles answers a child as the same catalogue without them does.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from apps.auth.tests.factories import make_signing_key
from apps.auth.tests.household import Household
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
from apps.sona import api as sona
from mediagateway.testing.matrix import collect_examples

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
_VOLATILE = frozenset({"query_id", "took_ms", "server_time", "next_cursor"})


def named(name):
    """Give the same id to the same name in both catalogues."""
    return uuid5(_ROOT, name)


SHARED, SERIES, KNOWN, UNKNOWN = named("film 0"), named("series"), named("known person"), named("unknown person")
HIDDEN, HIDDEN_SERIES, ALIAS = named("too old"), named("hidden series"), named("alias")
#: What examples call them.
IDS = {
    "shown": SHARED,
    "series": SERIES,
    "person": KNOWN,
    "hidden": HIDDEN,
    "hidden_series": HIDDEN_SERIES,
    "alias": ALIAS,
    "hidden_person": UNKNOWN,
}


def reads():
    """What is read of each operation that reads: its own example, or what that says of reads."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    examples = collect_examples()
    for path, methods in paths.items():
        for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
            operation = methods[method]
            scopes = [scope for each in operation["security"] for scope in each.get("bearer", ())]
            takes_token = any("bearer" in each for each in operation["security"])
            example = examples.get(operation["operationId"])
            is_read = method == "get" or (example and example.reads)
            if example and is_read and takes_token and not any(scope.startswith("admin:") for scope in scopes):
                yield path, example


def calls_of(path, example, home):
    """Method, address and body of what is asked; ids stand in place of their names."""
    if example.reads is None:
        values = example.path(home) if callable(example.path) else example.path or {}
        yield "GET", f"{path.format(**values)}?{example.query}", None
    for read in example.reads or ():
        line, body = (read, None) if isinstance(read, str) else read
        method, _, address = line.rpartition(" ")
        written = json.dumps(body)
        for name, value in IDS.items():
            written = written.replace(f"{{{name}}}", str(value))
        yield method or ("POST" if body else "GET"), f"/api/v1/{address.format(**IDS)}", json.loads(written)


@pytest.fixture
def ask(client):
    """Ask as a child: blocked genre horror, age 10, nothing unrated."""
    make_signing_key()
    home = Household(client)
    home.account.controls.max_age, home.account.controls.blocked_genres = 10, ["horror"]
    home.account.controls.save()
    calls = []
    for path, example in reads():
        if example.seed:
            example.seed(home, IDS)
        calls += calls_of(path, example, home)
    token = home.token(home.child)

    def answers():
        """Ask everything there is, with nothing cached."""
        cache.clear()
        return {
            f"{method} {address} {body}": seen(home.send(method, address, body, token=token))
            for method, address, body in calls
        }

    return answers


def seen(response):
    """Reduce an answer to what must be equal."""
    body = response.content
    if response.get("Content-Type", "").endswith("json"):
        body = without_volatile(json.loads(body)) if body else None
    is_stable = isinstance(body, dict) and not response.get("Link")
    headers = {name: value for name, value in response.items() if name not in ("Link", "Content-Length", "ETag")}
    # A cursor is signed with its time, so the hash of a body that holds one is never the same twice.
    etag = response.get("ETag") if is_stable else bool(response.get("ETag"))
    return response.status_code, body, headers, etag, bool(response.get("Link"))


def without_volatile(value):
    """Take out what is never the same twice, however deep it stands."""
    if isinstance(value, dict):
        return {name: without_volatile(each) for name, each in value.items() if name not in _VOLATILE}
    return [without_volatile(each) for each in value] if isinstance(value, list) else value


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
    sona.follow_catalogue()
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


def test_every_operation_on_titles_is_asked():
    """Reads or not, whatever the catalogue and search have says what a child asks of it; or that it asks nothing."""
    asked = {path for path, _ in reads()}
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    about_titles = {
        path
        for path, methods in paths.items()
        for operation in methods.values()
        if operation["tags"][0] in ("content", "search", "discover")
        and operation["responses"].keys() & {"200"}
        # A child's token has no scope of an admin's.
        and "/admin/" not in path
    }

    assert about_titles <= asked
    assert "/api/v1/user/ratings" in asked


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("apps.search.queries.searching.permitted", "/api/v1/search?"),
        ("apps.content.queries.browsing.visible", "/api/v1/content?"),
    ],
    ids=["search", "browsing"],
)
def test_a_breach_is_caught(ask, monkeypatch, target, path):
    """With the policy left out in one place, its answers differ, and the proof names them."""
    monkeypatch.setattr(target, {"permitted": everything_live, "visible": lambda *_, **__: Q()}[target.split(".")[-1]])
    add_shared()
    without = ask()
    add_blocked()

    with_them = ask()

    assert [call for call in without if path in call and without[call] != with_them[call]]


def everything_live(columns, policy):
    """The policy of search, left out."""
    return columns.live.copy()
