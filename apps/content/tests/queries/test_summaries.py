"""Summaries as other apps get them through the door."""

from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content import api
from apps.content.contracts import BestOffer, Money, OfferType
from apps.content.tests.factories import (
    CertificateFactory,
    EpisodeFactory,
    OfferFactory,
    SeasonFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
)
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db


def summaries(*titles, **policy):
    return api.get_summaries(
        [title.pk for title in titles], policy=Policy(**{"region": "US", **policy}), now=timezone.now()
    )


def test_an_id_that_is_no_title_is_absent():
    """As is one that may not be seen: the caller cannot tell, and need not."""
    title = TitleFactory.create()

    found = api.get_summaries([title.pk, uuid4()], policy=Policy(region="US"), now=timezone.now())

    assert list(found) == [title.pk]


def test_a_merged_id_answers_with_its_survivor():
    """Under the id that was asked for, so that the caller finds what they look for."""
    title = TitleFactory.create()
    alias = TitleAliasFactory.create(title=title)

    found = summaries(alias, title)

    assert {title_id: summary.id for title_id, summary in found.items()} == {alias.pk: title.pk, title.pk: title.pk}


def test_a_part_shows_what_its_series_has():
    """And where it stands in it."""
    series = SeriesFactory.create(title="Dark", genres=["mystery"], min_ages={"US": 17})
    CertificateFactory.create(title=series, rating="TV-MA", min_age=17)
    season = SeasonFactory.create(parent=series, number=2)
    episode = EpisodeFactory.create(parent=season, number=3)

    found = summaries(season, episode)

    assert {(each.genres, each.certificate, each.min_age) for each in found.values()} == {(("mystery",), "TV-MA", 17)}
    places = [found[part.pk].part_of for part in (season, episode)]
    assert [(place.series_id, place.season_number, place.episode_number) for place in places] == [
        (series.pk, 2, None),
        (series.pk, 2, 3),
    ]


def test_the_best_offer_is_the_households():
    """What they pay for already beats what is free, which beats what they would have to take out."""
    title = TitleFactory.create()
    OfferFactory.create(title=title, platform_id="hulu")
    OfferFactory.create(title=title, platform_id="tubi", type="ads")
    OfferFactory.create(title=title, platform_id="apple_tv_plus", type="rent", price_minor=399, currency="USD")

    def best(*services):
        return summaries(title, services=frozenset(services))[title.pk].best_offer

    assert [best().platform, best("hulu").platform, best("max").platform] == ["hulu", "hulu", "tubi"]


def test_a_rented_title_shows_its_price():
    """In minor units with the currency."""
    title = TitleFactory.create()
    OfferFactory.create(title=title, platform_id="apple_tv_plus", type="rent", price_minor=399, currency="USD")

    assert summaries(title)[title.pk].best_offer == BestOffer(
        platform="apple_tv_plus", platform_name="Apple TV+", type=OfferType.RENT, price=Money(399, "USD")
    )


def test_nothing_asked_is_nothing_answered(django_assert_num_queries):
    """An empty list costs the one statement that finds it empty, at most."""
    with django_assert_num_queries(0):
        assert summaries() == {}


def test_ids_resolve_to_titles_that_may_be_seen(django_assert_num_queries):
    film, adult = (TitleFactory.create(min_ages={"US": age}) for age in (6, 18))
    alias = TitleAliasFactory.create(title=film).pk
    ids = [film.pk, alias, adult.pk, uuid4()]

    with django_assert_num_queries(2):
        found = api.resolve_titles(ids, policy=Policy(region="US"))
    with django_assert_num_queries(4):
        permitted = api.resolve_titles(ids, policy=Policy(region="US", max_age=12))

    assert found == {film.pk: film.pk, alias: film.pk, adult.pk: adult.pk}
    assert permitted == {film.pk: film.pk, alias: film.pk}
    assert api.find_aliases([film.pk, adult.pk]) == {alias: film.pk}
