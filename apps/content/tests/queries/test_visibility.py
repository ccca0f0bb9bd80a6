"""A policy hides the same titles in SQL, in Python, and behind every door."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.contracts import Sort, TitleFilter, TitleId
from apps.content.errors import PersonNotFoundError, TitleMergedError, TitleNotFoundError
from apps.content.models import Title
from apps.content.queries.browsing import list_new_titles, list_titles
from apps.content.queries.handles import get_handle
from apps.content.queries.offers import list_expiring
from apps.content.queries.people import get_person
from apps.content.queries.summaries import get_summaries
from apps.content.queries.visibility import visible
from apps.content.tests.factories import (
    CertificateFactory,
    CreditFactory,
    EpisodeFactory,
    OfferFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
)
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db

CHILD = Policy(region="US", max_age=12)
OPEN = Policy(region="US")


def certified(factory=TitleFactory, genres=(), **ages):
    """Make a title with certificates by region."""
    title = factory(min_ages=ages, genres=genres)
    for region, age in ages.items():
        CertificateFactory.create(title=title, region=region, min_age=age)
    return title


@pytest.mark.parametrize(
    ("ages", "genres", "policy", "is_shown"),
    [
        ({"US": 12}, (), CHILD, True),
        ({"US": 13}, (), CHILD, False),
        ({"US": 12, "DE": 16}, (), CHILD, True),
        ({"US": 13, "DE": 0}, (), CHILD, False),
        ({"DE": 6, "GB": 12}, (), CHILD, True),
        ({"DE": 6, "GB": 15}, (), CHILD, False),
        ({}, (), CHILD, False),
        ({"US": None}, (), CHILD, False),
        ({"US": None, "DE": 6}, (), CHILD, False),
        ({"DE": None, "GB": 6}, (), CHILD, True),
        ({}, (), Policy(region="US", max_age=12, allow_unrated=True), True),
        ({"US": None}, (), Policy(region="US", max_age=12, allow_unrated=True), True),
        ({"US": 18}, (), Policy(region="US", max_age=12, allow_unrated=True), False),
        ({"DE": 18}, (), Policy(region="US", max_age=12, allow_unrated=True), False),
        ({"US": 18}, ("horror",), OPEN, True),
        ({"US": 0}, ("comedy", "horror"), Policy(region="US", blocked_genres=frozenset({"horror"})), False),
        ({"US": 0}, ("comedy",), Policy(region="US", blocked_genres=frozenset({"horror"})), True),
        ({"US": 16}, ("comedy",), Policy(region="US", max_age=12, blocked_genres=frozenset({"horror"})), False),
    ],
)
def test_what_a_viewer_may_see(ages, genres, policy, is_shown):
    """The region's own certificate decides, else the strictest known, else whether unrated is allowed."""
    title = certified(genres=genres, **ages)

    assert Title.objects.filter(visible(policy), pk=title.pk).exists() is is_shown
    assert (TitleId(title.pk) in get_summaries([title.pk], policy=policy, now=timezone.now())) is is_shown


@given(
    titles=st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["US", "DE", "GB"]), st.none() | st.integers(0, 18)),
            st.frozensets(st.sampled_from(["drama", "horror", "comedy"])),
        ),
        max_size=5,
    ),
    max_age=st.none() | st.integers(0, 18),
    allow_unrated=st.booleans(),
    blocked=st.frozensets(st.sampled_from(["drama", "horror"])),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree(titles, max_age, allow_unrated, blocked):
    """Lists hide exactly what a look at a single title hides."""
    policy = Policy(region="US", max_age=max_age, allow_unrated=allow_unrated, blocked_genres=blocked)
    Title.objects.all().delete()
    made = {certified(genres=genres, **ages).pk: (ages, genres) for ages, genres in titles}

    permitted = {pk for pk, (ages, genres) in made.items() if policy.permits(min_ages=ages, genres=genres)}

    assert set(Title.objects.filter(visible(policy)).values_list("pk", flat=True)) == permitted


def handle_is_refused(title_id: UUID) -> bool:
    try:
        get_handle(title_id, CHILD)
    except TitleNotFoundError:
        return True
    return False


def test_a_hidden_title_is_behind_no_door():
    """Not by its id, an id merged into it, its parts, lists, batches, ends of offers or people."""
    now = timezone.now()
    series = certified(SeriesFactory, US=18)
    episode = EpisodeFactory.create(parent__parent=series)
    alias = TitleAliasFactory.create(title=series)
    person = CreditFactory.create(title=series).person
    OfferFactory.create(title=series, window_end=now + timedelta(days=1))
    lists: dict[str, Any] = {"now": now, "after": None, "limit": 20}

    ids = [series.pk, episode.parent_id, episode.pk, alias.pk]
    assert all(handle_is_refused(title_id) for title_id in ids)
    assert get_summaries(ids, policy=CHILD, now=now) == {}
    for sort in Sort:
        assert list_titles(TitleFilter(), CHILD, sort=sort, **lists).items == ()
    assert list_new_titles(TitleFilter(), CHILD, **lists).items == ()
    assert list_expiring(CHILD, days=7, platforms=(), **lists).items == ()
    with pytest.raises(PersonNotFoundError):
        get_person(person.pk, CHILD, **lists)
    assert len(get_summaries(ids, policy=OPEN, now=now)) == len(ids)


def test_a_person_is_shown_with_the_titles_that_may_be():
    """The others leave no trace."""
    person = CreditFactory.create(title=certified(US=18)).person
    harmless = CreditFactory.create(title=certified(US=0), person=person).title

    record = get_person(person.pk, CHILD, now=timezone.now(), after=None, limit=20)

    assert [entry.title.id for entry in record.titles.items] == [harmless.pk]


def test_a_hidden_survivor_is_not_given_away():
    """A redirect would say that there is something."""
    alias = TitleAliasFactory.create(title=certified(US=18))

    with pytest.raises(TitleNotFoundError):
        get_handle(alias.pk, CHILD)
    with pytest.raises(TitleMergedError):
        get_handle(alias.pk, OPEN)
