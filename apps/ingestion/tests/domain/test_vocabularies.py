"""Words of the feeds in the catalogue's terms."""

import pytest

from apps.ingestion.domain.countries import map_countries
from apps.ingestion.domain.genres import JUSTWATCH, LISTED_IN, map_genres


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["scifi", "documentation", "european"], ("science_fiction", "documentary")),
        (["drama", "drama", "unheard of"], ("drama",)),
    ],
)
def test_justwatch_genres_are_translated(words, slugs):
    assert map_genres(words, JUSTWATCH) == slugs


@pytest.mark.parametrize(
    ("listed_in", "slugs"),
    [
        ("International TV Shows, TV Dramas, TV Mysteries", ("drama", "mystery")),
        ("Stand-Up Comedy & Talk Shows", ("comedy", "talk")),
        ("Kids' TV", ("family",)),
        ("Action-Adventure, Superhero", ("action", "adventure")),
        ("Arts, Entertainment, and Culture", ()),
        ("", ()),
    ],
)
def test_words_of_kaggle_lists_are_translated(listed_in, slugs):
    assert map_genres(listed_in.split(","), LISTED_IN) == slugs


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (["United States", "South Korea"], ("US", "KR")),
        (["GB", "XX", "SU", "GB"], ("GB", "RU")),
        (["West Germany", "Germany"], ("DE",)),
        (["United States of America", "Lebanon"], ("US", "LB")),
        (["", " Atlantis "], ()),
    ],
)
def test_countries_become_codes(values, codes):
    assert map_countries(values) == codes
