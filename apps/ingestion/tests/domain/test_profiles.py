"""What resolution sees of a record."""

import pytest

from apps.content.contracts import Kind
from apps.ingestion.domain.profiles import join_profiles, match_keys, name_key, numbers_in
from apps.ingestion.tests.factories import PLOT, make_facts, make_key, make_profile


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spider-Man II", "The Spiderman 2"),
        ("WHAT / IF", "What If?"),
        ("Swallows & Amazons", "Swallows and Amazons"),
        ("Les Misérables", "les miserables"),
        ("Here Comes Miss Modern Pt. 1", "Here Comes Miss Modern Part 1"),
        ("Seven Psychopaths", "7 Psychopaths"),
        ("Disney Avalon High", "Avalon High"),
        ("R.K.Nagar", "RK Nagar"),
        ("Boyfriend School, The", "The Boyfriend School"),
    ],
)
def test_spellings_of_one_name_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("F2", "F3"), ("X", "V"), ("千と千尋", "もののけ姫"), ("???", "!!!"), ("It", "If")]
)
def test_names_that_differ_keep_different_keys(one, other):
    assert name_key(one) != name_key(other)


def test_numbers_are_found_in_words_and_figures():
    assert numbers_in("F2: Rocky IV, Part Two") == {"2", "4"}


def test_a_record_is_found_by_names_spellings_and_synopsis():
    facts = make_facts(title="Star Wars: The Bad Batch", spellings=("The Bad Batch",), synopsis=PLOT)

    keys = match_keys(facts)

    assert {"starwarsbadbatch", "badbatch"} < keys
    assert len(keys) == 3


def test_a_short_synopsis_is_no_key():
    assert match_keys(make_facts(synopsis="Season 1.")) == {"harbourlights"}


def test_a_title_is_the_sum_of_its_records():
    film = make_profile(year=1999, runtime_minutes=100, countries=("US",))
    listing = make_profile(make_key("s1", source="kaggle-csv"), title="Lights", year=2001, is_year_bound=True)

    joined = join_profiles([film, listing])

    assert joined.names == {"harbourlights", "lights"}
    assert joined.years == {1999}
    assert joined.year_bounds == {2001}
    assert joined.shelves == {("justwatch-csv", "netflix"), ("kaggle-csv", "netflix")}


def test_the_first_record_says_whether_it_is_a_series():
    series, film = make_profile(kind=Kind.SERIES), make_profile(kind=Kind.SHORT)

    assert join_profiles([series, film]).is_series
    assert not join_profiles([film, series]).is_series
