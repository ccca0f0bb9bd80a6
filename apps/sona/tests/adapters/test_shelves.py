"""The shelf follows the catalogue by the revisions of its changes."""

import pytest

from apps.sona.adapters import shelves
from apps.sona.adapters.shelves import EngineStore
from apps.sona.services.changes import follow_catalogue, follow_titles
from apps.sona.tests.factories import make_titles

pytestmark = pytest.mark.django_db


def genres_of(shelf, title):
    return {genre for genre, mask in shelf.genres.items() if mask[shelf.slots[title.id]]}


@pytest.mark.parametrize("many", [0, 5000], ids=["all again", "changed ones"])
def test_a_change_is_taken_in_once_it_was_told(many, monkeypatch):
    """One film changes and one leaves; both show after their event, and not before."""
    monkeypatch.setattr(shelves, "_MANY", many)
    stays, changes, leaves = make_titles(("war",), ("war",), ("war",))
    store = EngineStore()
    before = store.current().shelf
    changes.title_genres.update(genre_id="romance")
    left_id = leaves.id
    leaves.delete()

    untold = store.current().shelf
    follow_titles([changes.id, left_id])
    told = store.current().shelf

    assert untold is before
    assert genres_of(told, changes) == {"romance"}
    assert genres_of(told, stays) == {"war"}
    assert left_id not in told.slots


def test_the_whole_catalogue_is_read_again_when_told_so():
    """As after a restore, of which no event tells."""
    (film,) = make_titles(("war",))
    store = EngineStore()
    store.current()
    film.title_genres.update(genre_id="romance")

    follow_catalogue()

    assert genres_of(store.current().shelf, film) == {"romance"}


def test_following_is_four_statements_however_many_titles(django_assert_num_queries):
    """Two of them, before and after, are the savepoint's."""
    few, many = make_titles(*[("war",)] * 3), make_titles(*[("war",)] * 30)

    for titles in (few, many):
        with django_assert_num_queries(6):
            follow_titles([title.id for title in titles])
