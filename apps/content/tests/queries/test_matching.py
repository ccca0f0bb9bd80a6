"""What entity resolution looks titles up by."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.content.api import find_by_external_ids, find_match_profiles, get_match_profiles
from apps.content.contracts import Kind, Role
from apps.content.tests.factories import (
    CreditFactory,
    EpisodeFactory,
    ExternalIdFactory,
    TitleAliasFactory,
    TitleFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db


def _full_title(name="Ran"):
    """A film with a row in every table that a profile reads."""
    title = TitleFactory.create(title=name, runtime_minutes=162, countries=["JP"], genres=["drama", "war"])
    TitleNameFactory.create(title=title, language="ja", name=f"乱 {name}")
    ExternalIdFactory.create(title=title, value=f"tt{name}")
    CreditFactory.create(title=title, role=Role.DIRECTOR, person__name=f"Akira Kurosawa {name}")
    CreditFactory.create(title=title, role=Role.ACTOR, person__name=f"Tatsuya Nakadai {name}")
    CreditFactory.create(title=title, role=Role.COMPOSER, person__name=f"Tōru Takemitsu {name}")
    return title


def test_external_ids_are_found_by_scheme_and_value():
    """A value in another scheme is another id, and unknown pairs are left out."""
    film = ExternalIdFactory.create(scheme="tmdb_movie", value="603")
    ExternalIdFactory.create(scheme="tmdb_tv", value="603")

    found = find_by_external_ids([("tmdb_movie", "603"), ("imdb", "603"), ("imdb", "tt0133093")])

    assert found == {("tmdb_movie", "603"): film.title_id}


def test_profiles_are_found_by_any_name():
    """Title and further names lead to the same profile, which knows all keys."""
    title = _full_title()

    by_title, by_name = find_match_profiles(["ran"]), find_match_profiles(["乱 ran", "nothing"])

    assert by_title == by_name
    (profile,) = by_title
    assert (profile.id, profile.kind, profile.title) == (title.id, Kind.MOVIE, "Ran")
    assert profile.title_keys == {"ran", "乱 ran"}
    assert (profile.release_year, profile.runtime_minutes) == (2020, 162)
    assert profile.countries == {"JP"}
    assert profile.genres == {"drama", "war"}
    assert profile.directors == {"akira kurosawa ran"}
    assert profile.actors == {"tatsuya nakadai ran"}
    assert len(profile.external_ids) == 1


def test_namesakes_are_all_found():
    """Telling them apart is the caller's work."""
    titles = TitleFactory.create_batch(2, title="Dune")

    assert {profile.id for profile in find_match_profiles(["dune"])} == {title.id for title in titles}


def test_parts_are_not_matched():
    """Records are matched with titles that stand alone."""
    EpisodeFactory.create(title="Pilot")

    assert find_match_profiles(["pilot"]) == ()


def test_a_creator_counts_as_director():
    """Series have creators where films have directors."""
    credit = CreditFactory.create(role=Role.CREATOR, person__name="Vince Gilligan")

    (profile,) = get_match_profiles([credit.title_id])

    assert profile.directors == {"vince gilligan"}


def test_a_merged_id_gives_its_survivor_once():
    """Asking for both ids gives one profile; unknown ids are left out."""
    alias = TitleAliasFactory.create()

    profiles = get_match_profiles([alias.id, alias.title_id, uuid4()])

    assert [profile.id for profile in profiles] == [alias.title_id]


_LOOKUPS = {
    "ids": lambda titles: get_match_profiles([title.id for title in titles]),
    "keys": lambda titles: find_match_profiles([title.title_key for title in titles]),
    "external ids": lambda titles: find_by_external_ids([("imdb", f"tt{title.title}") for title in titles]),
}


@pytest.mark.parametrize("lookup", _LOOKUPS.values(), ids=_LOOKUPS.keys())
def test_statements_do_not_grow_with_the_titles(lookup):
    """Three titles cost what thirty do."""
    titles = [_full_title(str(n)) for n in range(30)]
    costs = []
    for chosen in (titles[:3], titles):
        with CaptureQueriesContext(connection) as captured:
            assert len(lookup(chosen)) == len(chosen)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 6
