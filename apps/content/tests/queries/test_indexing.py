"""What search reads of the catalogue."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.content.api import iter_listed_ids, iter_outlines, list_index_entries, list_works
from apps.content.contracts import Kind, NameDraft, Role
from apps.content.tests.factories import (
    BORN_AT,
    CreditFactory,
    EpisodeFactory,
    OfferFactory,
    SeriesFactory,
    TitleFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db


def _full_title():
    """A film with a row in every table that an entry reads."""
    title = TitleFactory.create(
        title="Playtime", moods=["playful"], themes=["city"], languages=["fr"], genres=["comedy"], min_ages={"US": 0}
    )
    TitleNameFactory.create(title=title, language="de", name="Herrliche Zeiten")
    CreditFactory.create(title=title, position=1)
    CreditFactory.create(title=title, position=0, person__name=f"Jacques Tati {title.id}")
    OfferFactory.create(title=title)
    return title


def test_an_entry_holds_all_that_search_needs():
    """Rows of every table, in the order in which they are shown."""
    title = _full_title()

    (entry,) = list_index_entries([title.id])

    assert (entry.id, entry.version, entry.kind, entry.title) == (title.id, 1, Kind.MOVIE, "Playtime")
    assert entry.names == (NameDraft("Herrliche Zeiten", "de"),)
    assert (entry.genres, entry.moods, entry.themes, entry.languages) == (("comedy",), ("playful",), ("city",), ("fr",))
    assert entry.min_ages == {"US": 0}
    assert [person.role for person in entry.people] == [Role.ACTOR, Role.ACTOR]
    assert entry.people[0].name == f"Jacques Tati {title.id}"
    assert [(offer.platform, offer.region, offer.window_end) for offer in entry.offers] == [("netflix", "US", None)]


def test_only_current_offers_are_indexed():
    """What the catalogue no longer believes is not searched."""
    offer = OfferFactory.create(superseded_at=BORN_AT + timedelta(days=1))

    (entry,) = list_index_entries([offer.title_id])

    assert entry.offers == ()


def test_what_is_not_listed_is_absent():
    """Episodes are reached through their series, and unknown ids are nobody."""
    assert list_index_entries([EpisodeFactory.create().id, uuid4()]) == ()


def test_every_listed_id_comes_once_in_order():
    """Walking in small steps neither repeats nor skips."""
    titles = [*TitleFactory.create_batch(4), SeriesFactory.create()]
    EpisodeFactory.create(parent__parent=titles[-1])

    assert list(iter_listed_ids(chunk_size=2)) == sorted(title.id for title in titles)


def test_statements_do_not_grow_with_the_titles():
    """Three titles cost what thirty do."""
    titles = [_full_title().id for _ in range(30)]
    costs = []
    for ids in (titles[:3], titles):
        with CaptureQueriesContext(connection) as captured:
            assert len(list_index_entries(ids)) == len(ids)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 5


def test_an_outline_is_what_a_title_is_chosen_by():
    """Of one title, and of all."""
    title = _full_title()
    other = TitleFactory.create()

    (outline,) = iter_outlines([title.id])
    everything = {each.id: each for each in iter_outlines()}

    assert (outline.kind, outline.genres, outline.min_ages) == (Kind.MOVIE, ("comedy",), {"US": 0})
    assert [(platform, region, end) for platform, region, _, end in outline.offers] == [("netflix", "US", None)]
    assert everything.keys() == {title.id, other.id}
    assert everything[title.id] == outline


def test_outlines_leave_out_what_is_not_listed_and_superseded():
    """An episode has no outline; an offer that ended is none; of no ids nothing is read."""
    episode = EpisodeFactory.create()
    offer = OfferFactory.create(superseded_at=BORN_AT + timedelta(days=1))

    (outline,) = iter_outlines([episode.id, offer.title_id])

    assert (outline.id, outline.offers) == (offer.title_id, ())
    assert list(iter_outlines([])) == []


@pytest.mark.parametrize("count", [3, 30])
def test_outlines_are_three_statements(count, django_assert_num_queries):
    """However many titles there are."""
    ids = [TitleFactory.create(genres=["war"]).id for _ in range(count)]

    with django_assert_num_queries(3):
        assert len(list(iter_outlines(ids))) == count


def test_works_are_what_somebody_made_or_played_in():
    """Each title once, whatever they did on it; composing is no reason to be disliked."""
    title = TitleFactory.create()
    actor = CreditFactory.create(title=title, role="actor").person
    CreditFactory.create(title=title, role="director", person=actor)
    composer = CreditFactory.create(title=title, role="composer").person

    assert list_works([actor.id, composer.id]) == ((actor.id, title.id),)
    assert list_works([]) == ()
