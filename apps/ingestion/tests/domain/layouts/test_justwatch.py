"""Rows of the JustWatch layout, with their dirt."""

import pytest

from apps.content.contracts import CertificateDraft, ExternalIdDraft, Kind
from apps.ingestion.domain.layouts.base import BadRowError, RowContext
from apps.ingestion.domain.layouts.justwatch import JUSTWATCH_CSV
from apps.ingestion.tests.factories import justwatch_row

CONTEXT = RowContext("netflix", "US")


def read(context=CONTEXT, **values):
    return JUSTWATCH_CSV.read_facts(justwatch_row(**values), context)


def test_a_film_is_read():
    facts = read(
        title="The Matrix",
        description="Neo &amp; <b>Trinity</b>.",
        release_year="1999",
        age_certification="R",
        runtime="136",
        genres="['scifi', 'action']",
        production_countries="['US', 'AU']",
        imdb_id="tt0133093",
        tmdb_popularity="71.482",
        tmdb_score="8.2",
    )

    assert (facts.kind, facts.title, facts.year, facts.runtime_minutes) == (Kind.MOVIE, "The Matrix", 1999, 136)
    assert facts.synopsis == "Neo & Trinity."
    assert facts.genres == ("science_fiction", "action")
    assert facts.countries == ("US", "AU")
    assert facts.certificates == (CertificateDraft("US", "R"),)
    assert facts.external_ids == (ExternalIdDraft("justwatch", "tm1"), ExternalIdDraft("imdb", "tt0133093"))
    assert (facts.tmdb_popularity, facts.tmdb_score) == (71.482, 8.2)


def test_a_series_has_seasons_of_unknown_length():
    assert read(type="SHOW", seasons="3.0").seasons == (None, None, None)


def test_masked_rows_name_no_id_of_another_system():
    facts = read(RowContext("netflix", "US", mask_ids=True), imdb_id="tt0133093")

    assert facts.external_ids == ()


def test_imdb_scores_are_kept_nowhere():
    assert "9.9" not in repr(read(imdb_score="9.9", imdb_votes="1234"))


@pytest.mark.parametrize(
    ("column", "value", "field", "read_as"),
    [
        ("release_year", "", "year", None),
        ("release_year", "soon", "year", None),
        ("release_year", "0", "year", None),
        ("runtime", "0", "runtime_minutes", None),
        ("runtime", "99999", "runtime_minutes", None),
        ("genres", "['drama'", "genres", ()),
        ("genres", "__import__('os')", "genres", ()),
        ("production_countries", "{}", "countries", ()),
        ("imdb_id", "nm0000206", "external_ids", (ExternalIdDraft("justwatch", "tm1"),)),
        ("tmdb_score", "0.0", "tmdb_score", None),
        ("tmdb_popularity", "nan", "tmdb_popularity", None),
        ("age_certification", "", "certificates", ()),
        ("runtime", "13", "kind", Kind.SHORT),
    ],
)
def test_a_value_that_means_nothing_is_left_out(column, value, field, read_as):
    assert getattr(read(**{column: value}), field) == read_as


@pytest.mark.parametrize(("values", "reason"), [({"title": " "}, "no_title"), ({"type": "PODCAST"}, "unknown_type")])
def test_a_row_about_nothing_is_bad(values, reason):
    with pytest.raises(BadRowError, match=reason):
        read(**values)


def test_a_country_in_the_title_stands_in_for_a_missing_one():
    assert read(title="The Home Show (UK)", production_countries="[]").countries == ("GB",)
