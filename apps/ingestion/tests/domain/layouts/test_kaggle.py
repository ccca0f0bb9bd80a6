"""Rows of the Kaggle layout, with their dirt."""

import pytest

from apps.content.contracts import CertificateDraft, CreditDraft, Kind, Role
from apps.ingestion.domain.layouts.base import BadRowError, RowContext
from apps.ingestion.domain.layouts.kaggle import KAGGLE_CSV
from apps.ingestion.tests.factories import kaggle_row


def read(platform="netflix", **values):
    return KAGGLE_CSV.read_facts(kaggle_row(**values), RowContext(platform, "US"))


def test_a_film_is_read():
    facts = read(
        director="Kirsten Johnson",
        cast="Robert Downey, Jr., Dwayne Johnson",
        country="United States, , Canada",
        rating="PG-13",
        duration="90 min",
        listed_in="Documentaries, International Movies",
    )

    assert (facts.kind, facts.runtime_minutes, facts.countries) == (Kind.MOVIE, 90, ("US", "CA"))
    assert facts.people == (
        CreditDraft("Kirsten Johnson", Role.DIRECTOR),
        CreditDraft("Robert Downey, Jr.", Role.ACTOR),
        CreditDraft("Dwayne Johnson", Role.ACTOR),
    )
    assert facts.certificates == (CertificateDraft("US", "PG-13"),)
    assert facts.genres == ("documentary",)


def test_a_movie_that_lasts_seasons_is_a_series():
    facts = read(type="Movie", duration="2 Seasons")

    assert (facts.kind, facts.seasons, facts.runtime_minutes) == (Kind.SERIES, (None, None), None)


@pytest.mark.parametrize(
    ("platform", "values", "is_bound"),
    [
        ("netflix", {"type": "TV Show", "duration": "3 Seasons"}, True),
        ("hulu", {"type": "TV Show", "duration": "3 Seasons"}, False),
        ("netflix", {}, False),
        ("prime_video", {}, True),
    ],
    ids=["series of netflix", "series of hulu", "film of netflix", "film of prime video"],
)
def test_a_year_may_be_that_of_the_latest_season_or_edition(platform, values, is_bound):
    assert read(platform, **values).is_year_bound is is_bound


@pytest.mark.parametrize(
    ("printed", "rating"),
    [
        ("TV-MA", "TV-MA"), ("13+", "13+"), ("16", "16+"), ("AGES_18_", "18+"), ("ALL_AGES", "ALL"), ("ALL", "ALL"),
        ("NR", ""), ("TV-NR", ""), ("NOT_RATE", ""), ("UNRATED", ""), ("UR", ""), ("74 min", ""), ("", ""),
    ],
)  # fmt: skip
def test_ratings_are_certificates_or_nothing(printed, rating):
    assert [certificate.rating for certificate in read(rating=printed).certificates] == ([rating] if rating else [])


def test_words_that_name_nobody_are_no_people():
    facts = read(director="1", cast="Interviews with: Pink, Adele, more!")

    assert [person.name for person in facts.people] == ["Pink", "Adele"]


def test_a_damaged_title_says_so():
    assert read(title="27-Sep").is_title_damaged


@pytest.mark.parametrize(("values", "reason"), [({"title": ""}, "no_title"), ({"type": "Song"}, "unknown_type")])
def test_a_row_about_nothing_is_bad(values, reason):
    with pytest.raises(BadRowError, match=reason):
        read(**values)
