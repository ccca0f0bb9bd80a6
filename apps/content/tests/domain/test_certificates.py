"""Where printed ratings stand."""

import pytest

from apps.content.domain.certificates import Placement, place_certificate


@pytest.mark.parametrize(
    ("region", "rating", "system", "min_age"),
    [
        ("US", "G", "MPAA", 0),
        ("US", "PG", "MPAA", 0),
        ("US", "PG-13", "MPAA", 13),
        ("US", "R", "MPAA", 17),
        ("US", "NC-17", "MPAA", 18),
        ("US", "TV-Y", "TVPG", 0),
        ("US", "TV-Y7", "TVPG", 7),
        ("US", "TV-Y7-FV", "TVPG", 7),
        ("US", "TV-G", "TVPG", 0),
        ("US", "TV-PG", "TVPG", 10),
        ("US", "TV-14", "TVPG", 14),
        ("US", "TV-MA", "TVPG", 17),
        ("GB", "U", "BBFC", 0),
        ("GB", "PG", "BBFC", 8),
        ("GB", "12A", "BBFC", 12),
        ("GB", "15", "BBFC", 15),
        ("GB", "18", "BBFC", 18),
        ("DE", "0", "FSK", 0),
        ("DE", "FSK 6", "FSK", 6),
        ("DE", "12", "FSK", 12),
        ("DE", "FSK-16", "FSK", 16),
        ("DE", "18", "FSK", 18),
        ("FR", "U", "CNC", 0),
        ("FR", "Tous publics", "CNC", 0),
        ("FR", "-12", "CNC", 12),
        ("FR", "16", "CNC", 16),
        ("CA", "G", "CHVRS", 0),
        ("CA", "PG", "CHVRS", 8),
        ("CA", "14A", "CHVRS", 14),
        ("CA", "18A", "CHVRS", 18),
        ("AU", "PG", "ACB", 8),
        ("AU", "M", "ACB", 15),
        ("AU", "MA 15+", "ACB", 15),
        ("AU", "R18+", "ACB", 18),
        ("JP", "G", "EIRIN", 0),
        ("JP", "PG12", "EIRIN", 12),
        ("JP", "R15+", "EIRIN", 15),
        ("JP", "R18+", "EIRIN", 18),
    ],
)
def test_a_region_s_own_system_places_its_ratings(region, rating, system, min_age):
    """The tables of the module, class by class."""
    assert place_certificate(rating, region=region) == Placement(system, min_age)


@pytest.mark.parametrize(
    ("rating", "min_age"),
    [
        ("ALL", 0),
        ("ALL_AGES", 0),
        ("7+", 7),
        ("13+", 13),
        ("16", 16),
        ("16+", 16),
        ("18+", 18),
        ("AGES_16_", 16),
        ("AGES_18_", 18),
        ("PEGI 12", 12),
    ],
)
def test_a_bare_age_is_an_age_everywhere(rating, min_age):
    """Services print ages of their own, in any region."""
    assert place_certificate(rating, region="US") == Placement("AGE", min_age)
    assert place_certificate(rating, region="SE") == Placement("AGE", min_age)


@pytest.mark.parametrize(("rating", "system", "min_age"), [("TV-MA", "TVPG", 17), ("PG-13", "MPAA", 13)])
def test_an_unmistakable_rating_keeps_its_system_abroad(rating, system, min_age):
    """What only one board prints is placed in any region."""
    assert place_certificate(rating, region="SE") == Placement(system, min_age)


@pytest.mark.parametrize(
    "rating", ["NR", "UR", "NOT RATED", "NOT_RATE", "UNRATED", "TV-NR", "74 min", "84", "", "Passed", "1 Season"]
)
def test_what_is_no_certificate_is_not_guessed(rating):
    """Dirt and "not rated" have no age, so that they count as adult."""
    assert place_certificate(rating, region="US") == Placement("", None)


@pytest.mark.parametrize("rating", ["PG", "R", "G", "M"])
def test_a_rating_of_several_boards_is_not_guessed_abroad(rating):
    """In a region without a table "R" could be anybody's."""
    assert place_certificate(rating, region="SE").min_age is None


@pytest.mark.parametrize("spelling", ["tv-ma", "TV MA", "TV_MA", " TVMA "])
def test_spelling_does_not_count(spelling):
    """Case, blanks and hyphens vary from feed to feed."""
    assert place_certificate(spelling, region="US") == Placement("TVPG", 17)
