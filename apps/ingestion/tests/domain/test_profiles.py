"""What resolution sees of a record."""

import pytest

from apps.content.contracts import Kind
from apps.ingestion.domain.profiles import join_profiles, match_keys, name_key, numbers_in, subtitle_key, words_key
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ice Age 4: Continental Drift", "Ice Age: Continental Drift"),
        ("Star Wars: The Last Jedi (Episode VIII)", "Star Wars: Episode VIII - The Last Jedi"),
        ("Star Trek II: The Wrath of Khan", "Star Trek - The Wrath of Khan"),
        ("Fairy Tail the Movie: Phoenix Priestess", "Fairy Tail: Phoenix Priestess"),
    ],
)
def test_a_subtitle_stands_for_the_number(one, other):
    assert subtitle_key(one) == subtitle_key(other) != ""


@pytest.mark.parametrize("title", ["Kill Bill: Volume 2", "Rocky II", "Star Wars: Episode V", "Dune: Two", "2: Legacy"])
def test_what_is_but_a_number_is_no_subtitle(title):
    assert subtitle_key(title) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fat Ballerina - David A. Arnold", "David A. Arnold Fat Ballerina"),
        ("Star Wars: The Empire Strikes Back (Episode V)", "Star Wars: Episode V – The Empire Strikes Back"),
    ],
)
def test_words_count_without_their_order(one, other):
    assert words_key(one) == words_key(other) != ""


@pytest.mark.parametrize("title", ["Point Break", "The Break Point", "Act 6 - Series 2", "???"])
def test_the_order_of_few_words_and_of_numbers_counts(title):
    assert words_key(title) == ""


def test_a_letter_behind_a_place_is_a_number():
    assert numbers_in("Star Wars: Episode V – The Empire Strikes Back") == {"5"}
    assert numbers_in("V for Vendetta") == numbers_in("I, Robot") == frozenset()


def test_numbers_are_found_in_words_and_figures():
    assert numbers_in("F2: Rocky IV, Part Two") == {"2", "4"}


def test_a_record_is_found_by_names_spellings_and_synopsis():
    facts = make_facts(title="Star Wars: The Bad Batch", spellings=("The Bad Batch",), synopsis=PLOT)

    keys = match_keys(facts)

    assert {"starwarsbadbatch", "badbatch", "words:bad batch star wars"} < keys
    assert len(keys) == 4


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
