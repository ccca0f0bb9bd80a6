"""What each endpoint costs in SQL statements: the same with 3 rows and with 30."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.content.tests.factories import (
    BORN_AT,
    CertificateFactory,
    CreditFactory,
    EpisodeFactory,
    ExternalIdFactory,
    ImageFactory,
    OfferFactory,
    PersonFactory,
    ScoreFactory,
    SeasonFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db

SERIES, EPISODE, PERSON, ALIAS = (UUID(int=number) for number in range(1, 5))


def fill(rows):
    """A series with `rows` of everything, as many films, and a person who made them all."""
    person = PersonFactory.create(id=PERSON)
    series = SeriesFactory.create(id=SERIES, min_ages={"US": 12}, genres=["drama", "comedy"])
    TitleAliasFactory.create(id=ALIAS, title=series)
    season = SeasonFactory.create(parent=series, number=1)
    EpisodeFactory.create(id=EPISODE, parent=season, number=1)
    for number in range(2, rows + 2):
        SeasonFactory.create(parent=series, number=number)
        EpisodeFactory.create(parent=season, number=number)
        OfferFactory.create(
            title=series,
            window_start=BORN_AT + timedelta(days=number),
            window_end=timezone.now() + timedelta(days=number),
        )
        for factory in (CreditFactory, ExternalIdFactory, ImageFactory, TitleNameFactory):
            factory(title=series)
        ScoreFactory.create(title=series, source=f"critic {number}")
        film = TitleFactory.create(genres=["drama"], min_ages={"US": 12})
        CertificateFactory.create(title=film, min_age=12)
        OfferFactory.create(title=film, window_end=timezone.now() + timedelta(days=3))
        CreditFactory.create(title=film, person=person)


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("content", 4),
        ("content?kind=movie&genre=drama&platform=netflix&year_from=1990&sort=newest&limit=100", 4),
        ("content/new?limit=100", 4),
        ("content/expiring?days=90&limit=100", 5),
        ("movies/popular?limit=100", 4),
        ("tv/popular", 4),
        ("platforms/netflix/catalog?limit=100", 5),
        (f"content/{SERIES}", 10),
        (f"content/{SERIES}?include=credits,images,availability,seasons", 13),
        (f"content/{EPISODE}?include=credits,images,availability,seasons", 12),
        (f"content/{SERIES}/availability", 2),
        (f"content/{SERIES}/availability?as_of=2026-06-01", 2),
        (f"content/{SERIES}/credits", 2),
        (f"content/{SERIES}/seasons", 2),
        (f"content/{SERIES}/seasons/1", 2),
        (f"content/{SERIES}/seasons/1/episodes", 3),
        (f"content/{ALIAS}", 3),
        (f"people/{PERSON}?limit=100", 5),
        ("genres", 1),
        ("platforms", 1),
        ("platforms/netflix", 1),
        ("status", 4),
    ],
)
def test_cost_does_not_grow_with_rows(api, django_assert_num_queries, path, statements, rows):
    """Constant, and known."""
    fill(rows)

    with django_assert_num_queries(statements):
        assert api.get(path).status_code in (200, 308)


@pytest.mark.parametrize("path", [f"content/{SERIES}", f"content/{EPISODE}", f"content/{SERIES}/availability"])
def test_a_kept_body_costs_one_statement(api, django_assert_num_queries, path):
    """The one that says which version is current, and whether the viewer may see it."""
    fill(3)
    first = api.get(path)

    with django_assert_num_queries(1):
        assert api.get(path).content == first.content


@pytest.mark.parametrize("rows", [3, 30])
def test_a_batch_costs_the_same_for_many(api, django_assert_num_queries, rows):
    """Merged ids cost two more."""
    films = [str(TitleFactory.create().pk) for _ in range(rows)]
    merged = [str(TitleAliasFactory.create(title_id=film).pk) for film in films]

    with django_assert_num_queries(4):
        assert len(api.post("content/batch", {"ids": films}).json()["items"]) == rows
    with django_assert_num_queries(6):
        assert len(api.post("content/batch", {"ids": merged}).json()["merged"]) == rows
