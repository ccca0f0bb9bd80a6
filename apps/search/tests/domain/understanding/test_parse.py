"""What is read from a query, and what is not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.analysis import fold
from apps.search.domain.understanding.chips import Reference, Strength
from apps.search.domain.understanding.lexicon import build_lexicon
from apps.search.domain.understanding.parse import understand

pytestmark = pytest.mark.once

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = UUID(int=1)
LEXICON = build_lexicon(
    {"netflix": "netflix", "max": "hbo max", "disney_plus": "disney", "hulu": "hulu", "tubi": "tubi", "mubi": "mubi"}
)
TITLES = (
    *(
        "free guy",
        "it",
        "new girl",
        "frozen",
        "kids",
        "1917",
        "under the skin",
        "the matrix",
        "scary movie",
        "up",
        "her",
    ),
    *("catch me if you can", "leaving las vegas", "the french dispatch", "blade runner 2049", "big little lies"),
    *(
        "american pie",
        "american horror story",
        "short term 12",
        "under the silver lake",
        "paprika",
        "no country for old men",
    ),
)
PEOPLE = ("tom hanks", "meryl streep", "quentin tarantino", "adam sandler", "christopher nolan", "bong joon ho")


@dataclass(frozen=True)
class Names:
    """A small catalogue."""

    titles: tuple[str, ...] = TITLES
    people: tuple[str, ...] = PEOPLE
    years: dict[str, int] = field(default_factory=lambda: {"frozen": 2013})

    def title(self, folded, *, year=None):
        if folded not in self.titles or (year is not None and self.years.get(folded) != year):
            return None
        return Reference(self.titles.index(folded), uuid5(ROOT, folded), folded)

    def near_title(self, folded):
        return self.title("the matrix") if folded == "the matirx" else None

    def person(self, folded, *, by_surname=False):
        for name in self.people:
            if folded == (name.split()[-1] if by_surname else name):
                return uuid5(ROOT, name), name.title()
        return None

    def is_ordinary(self, surname, person):
        return False

    def begins_title(self, folded):
        return any(name.startswith(folded) for name in self.titles)


def read(text, **options):
    return understand(text, names=Names(), lexicon=LEXICON, now=NOW, **options)


def hard(text):
    """Give the constraints, by the names of filters."""
    found: dict[str, Any] = {}
    for chip in read(text).constraints():
        for name, value in chip.filters.items():
            found[name] = found[name] + value if isinstance(value, tuple) and name in found else value
    return found


def person(name):
    return uuid5(ROOT, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("horror movies", {"kinds": ("movie",), "genres": ("horror",)}),
        ("comedies", {"genres": ("comedy",)}),
        ("scary movies", {"kinds": ("movie",), "genres": ("horror",)}),
        ("something funny", {"genres": ("comedy",)}),
        ("sitcoms from the 90s", {"kinds": ("series",), "genres": ("comedy",), "year_from": 1990, "year_to": 1999}),
        ("oscar winners", {"themes": ("oscar winner",)}),
        (
            "oscar winning movies from the 90s",
            {"themes": ("oscar winner",), "kinds": ("movie",), "year_from": 1990, "year_to": 1999},
        ),
        ("films that won an academy award", {"themes": ("oscar winner",), "kinds": ("movie",)}),
        ("documentaries about animals", {"genres": ("documentary",)}),
        ("documentary about whales", {"genres": ("documentary",)}),
        ("comedies about weddings", {"genres": ("comedy",)}),
        ("comedy about a wedding", {}),
        ("anime about food", {"genres": ("animation",), "countries": ("JP",)}),
        ("anime", {"genres": ("animation",), "countries": ("JP",)}),
        ("k-dramas about revenge", {"kinds": ("series",), "countries": ("KR",)}),
        ("mafia movies", {"kinds": ("movie",), "genres": ("crime",)}),
        ("80s action movies", {"kinds": ("movie",), "genres": ("action",), "year_from": 1980, "year_to": 1989}),
        ("movies from the early 2000s", {"kinds": ("movie",), "year_from": 2000, "year_to": 2003}),
        ("western from the sixties", {"genres": ("western",), "year_from": 1960, "year_to": 1969}),
        ("tom hanks 90s island", {"year_from": 1990, "year_to": 1999}),
        ("1994 movies", {"kinds": ("movie",), "year_from": 1994, "year_to": 1994}),
        ("movies released in 1994", {"kinds": ("movie",), "year_from": 1994, "year_to": 1994}),
        ("thrillers between 1990 and 1995", {"genres": ("thriller",), "year_from": 1990, "year_to": 1995}),
        ("comedies before 1980", {"genres": ("comedy",), "year_to": 1979}),
        ("series since 2015", {"kinds": ("series",), "year_from": 2015}),
        ("series after 2015", {"kinds": ("series",), "year_from": 2016}),
        ("movies under two hours", {"kinds": ("movie",), "runtime_max": 120}),
        ("films less than 90 minutes", {"kinds": ("movie",), "runtime_max": 90}),
        ("movies under an hour and a half", {"kinds": ("movie",), "runtime_max": 90}),
        ("movies under 1.5 hours", {"kinds": ("movie",), "runtime_max": 90}),
        ("movies under 1 hour 45 minutes", {"kinds": ("movie",), "runtime_max": 105}),
        ("movies over 3 hours", {"kinds": ("movie",), "runtime_min": 180}),
        ("90 minute comedy", {"genres": ("comedy",), "runtime_min": 75, "runtime_max": 105}),
        ("korean thriller", {"countries": ("KR",), "genres": ("thriller",)}),
        ("movies in french", {"kinds": ("movie",), "languages": ("fr",)}),
        ("french movies", {"kinds": ("movie",), "countries": ("FR",)}),
        ("korean zombie movies", {"kinds": ("movie",), "countries": ("KR",)}),
        ("american pie movies", {"kinds": ("movie",)}),
        ("spanish language series", {"kinds": ("series",), "languages": ("es",)}),
        ("hindi movies", {"kinds": ("movie",), "languages": ("hi",)}),
        ("movies from spain", {"kinds": ("movie",), "countries": ("ES",)}),
        ("comedies on netflix", {"genres": ("comedy",), "platforms": ("netflix",)}),
        ("netflix or hulu comedies", {"platforms": ("netflix", "hulu"), "genres": ("comedy",)}),
        ("horror on netflix or on hulu", {"platforms": ("netflix", "hulu"), "genres": ("horror",)}),
        ("series on hbo max", {"kinds": ("series",), "platforms": ("max",)}),
        ("free movies", {"kinds": ("movie",), "offer_types": ("free", "ads")}),
        ("horror movies for free", {"kinds": ("movie",), "genres": ("horror",), "offer_types": ("free", "ads")}),
        ("movies for kids", {"kinds": ("movie",), "max_maturity": 7}),
        ("kids movies", {"kinds": ("movie",), "max_maturity": 7}),
        ("movies for a 7 year old", {"kinds": ("movie",), "max_maturity": 7}),
        ("animated films for my 10-year-old", {"kinds": ("movie",), "genres": ("animation",), "max_maturity": 10}),
        ("something for the whole family", {"max_maturity": 10}),
        ("tom hanks movies", {"kinds": ("movie",), "people": (person("tom hanks"),)}),
        ("movies with tom hanks", {"kinds": ("movie",), "people": (person("tom hanks"),)}),
        ("tarantino films", {"kinds": ("movie",), "people": (person("quentin tarantino"),)}),
        ("christmas movies", {"kinds": ("movie",)}),
        ("vampire series", {"kinds": ("series",)}),
        ("a projectionist who secretly splices old movies", {}),
        ("directed by nolan", {"people": (person("christopher nolan"),)}),
        ("comedies without adam sandler", {"genres": ("comedy",), "exclude_people": (person("adam sandler"),)}),
        ("comedy no horror", {"genres": ("comedy",), "exclude_genres": ("horror",)}),
        ("thrillers, not animated", {"genres": ("thriller",), "exclude_genres": ("animation",)}),
        ("movies but no musicals or westerns", {"kinds": ("movie",), "exclude_genres": ("musical", "western")}),
        ("something scary but not animated", {"exclude_genres": ("animation",), "genres": ("horror",)}),
        ("nothing scary", {"exclude_genres": ("horror",)}),
        ("thriller not in english", {"genres": ("thriller",), "exclude_languages": ("en",)}),
        ("comedies not on netflix", {"genres": ("comedy",), "exclude_platforms": ("netflix",)}),
        ("crime but not a series", {"genres": ("crime",), "kinds": ("movie", "short", "special")}),
        ("romcoms", {"genres": ("comedy", "romance")}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_constraints_are_read(text, expected):
    assert hard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *TITLES,
        "Frozen 2013",
        "a girl with no family lives in a war",
        "the history of a crime in a city",
        "set in the 1940s a soldier falls in love",
        "a french chef opens a restaurant",
        "a man who sets prisoners free",
        "a new teacher at a school",
        "an astronaut from russia is lost",
        "a drama teacher loses his job",
        "kids on bikes look for their friend",
        "he has 24 hours to find the bomb",
        "a japanese soldier stays in the jungle",
    ],
)
def test_names_and_stories_are_left_alone(text):
    """Words of a title are the title, and words of a story are the story."""
    understanding = read(text)

    assert understanding.constraints() == ()
    assert understanding.text == fold(text)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("free guy on netflix", "free guy", {"platforms": ("netflix",)}),
        ("new girl on hulu", "new girl", {"platforms": ("hulu",)}),
        ("kids on hbo max", "kids", {"platforms": ("max",)}),
        ("frozen for kids", "frozen", {"max_maturity": 7}),
        ("catch me if you can free to watch", "catch me if you can", {"offer_types": ("free", "ads")}),
    ],
)
def test_a_title_beside_sure_constraints_stays_a_title(text, name, expected):
    assert read(text).is_title
    assert read(text).text == name
    assert hard(text) == expected


@pytest.mark.parametrize(
    ("text", "references", "tastes", "left"),
    [
        ("movies like the matrix", ["the matrix"], [], ""),
        ("like the matrix but with dreams", ["the matrix"], [], "with dreams"),
        ("something similar to frozen", ["frozen"], [], ""),
        ("the matrix but scarier", ["the matrix"], ["mood:scary"], ""),
        ("shows like new girl but funnier", ["new girl"], ["mood:funny"], ""),
        ("the matrix but weirder", ["the matrix"], ["mood:quirky"], ""),
        ("scarier than the matrix", ["the matrix"], ["mood:scary"], ""),
        ("movies like the matirx", ["the matrix"], [], ""),
    ],
)
def test_titles_to_be_alike_are_read(text, references, tastes, left):
    understanding = read(text)

    assert [reference.name for reference in understanding.references] == references
    assert [chip.id for chip in understanding.tastes()] == tastes
    assert understanding.text == left


def test_a_story_about_likeness_names_no_title():
    assert read("animals that talk like kids").references == ()


def test_a_person_beside_a_story_orders_and_does_not_constrain():
    understanding = read("tom hanks stranded on an island")

    assert understanding.constraints() == ()
    assert [(chip.kind, chip.strength) for chip in understanding.chips] == [("person", Strength.SOFT)]
    assert "island" in understanding.text


def test_a_genre_beside_a_story_orders_and_does_not_constrain():
    understanding = read("a comedy about a weatherman reliving one day")

    assert understanding.constraints() == ()
    assert [chip.id for chip in understanding.tastes()] == ["genre:comedy"]


def test_new_orders_and_hides_nothing():
    understanding = read("new horror movies")

    assert understanding.prefers_new
    assert {chip.id for chip in understanding.constraints()} == {"kind:movie", "genre:horror"}


def test_what_is_leaving_soon_is_a_constraint_on_the_end_of_an_offer():
    (chip,) = read("leaving soon").constraints()

    assert chip.filters == {"leaving_by_s": int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())}


def test_what_nobody_knows_is_said_and_not_looked_for():
    understanding = read("korean movies without subtitles")

    assert [chip.id for chip in understanding.chips if chip.strength is Strength.IGNORED] == ["unsupported:subtitles"]
    assert "subtitles" not in understanding.text


def test_black_and_white_is_a_theme_that_titles_have():
    understanding = read("black and white movies")

    assert understanding.text == "black and white"
    assert [chip.id for chip in understanding.chips] == ["kind:movie"]


def test_a_chip_that_was_taken_back_constrains_no_more():
    understanding = read("horror movies on netflix", removed=frozenset({"platform:netflix"}))

    assert {chip.id for chip in understanding.constraints()} == {"kind:movie", "genre:horror"}
    assert understanding.removed == {"platform:netflix"}


def test_when_every_chip_is_taken_back_the_words_are_looked_for():
    understanding = read("scary movies", removed=frozenset({"kind:movie", "genre:horror", "mood:scary"}))

    assert understanding.constraints() == ()
    assert understanding.text == "scary movies"


@given(st.text(max_size=500))
def test_any_text_is_read(text):
    """Every chip's words are words of the text, and reading twice gives the same."""
    understanding = read(text)

    assert all(chip.words in fold(text) for chip in understanding.chips)
    assert read(text) == understanding


GLUE = (
    "no",
    "not",
    "on",
    "like",
    "with",
    "under",
    "over",
    "for",
    "from",
    "the",
    "in",
    "but",
    "or",
    "2",
    "90s",
    "hours",
)


@given(st.lists(st.sampled_from(sorted({*LEXICON, *TITLES, *PEOPLE, *GLUE})), max_size=25))
def test_any_mixture_of_what_is_known_is_read(words):
    understanding = read(" ".join(words))

    assert all(chip.id and chip.label for chip in understanding.chips)
    assert len({chip.id for chip in understanding.chips}) == len(understanding.chips)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("what should we watch tonight", True),
        ("something good", True),
        ("recommend me something to watch", True),
        ("something funny", False),
        ("what should we watch on netflix", False),
        ("the good", False),
        ("something wild", False),
        ("something", False),
    ],
)
def test_who_names_nothing_is_shown_anything(text, is_open):
    assert read(text).is_open == is_open


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("vampires for a rainy sunday", "vampires"),
        ("heist on friday night", "heist"),
        ("a quiet story to watch with my wife", "a quiet story"),
        ("space battles i can finish in one evening", "space battles"),
        ("a man is murdered on a rainy sunday", "a man is murdered on a rainy sunday"),
        ("for a rainy sunday", "for a rainy sunday"),
    ],
)
def test_the_occasion_at_the_end_is_not_looked_for(text, left):
    assert read(text).text == left


@pytest.mark.parametrize(
    "text",
    [
        "1950s housewife catches husband with a man and befriends black gardener",
        "frozen 60s british spy wakes up to stop bald villain",
        "1920s gangsters in chicago fight the police",
        "college kids horror weekend secretly controlled by technicians",
    ],
)
def test_a_story_constrains_neither_when_it_was_made_nor_for_whom(text):
    assert hard(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s british comedies about weddings", {"year_from": 1990, "year_to": 1999}),
        ("tom hanks 90s plane crash", {"year_from": 1990, "year_to": 1999}),
        ("80s movie where a boy meets an alien", {"year_from": 1980, "year_to": 1989}),
        ("christmas kids movies", {"max_maturity": 7}),
        ("netflix kids shows about trains", {"max_maturity": 7}),
    ],
)
def test_a_shelf_does(text, expected):
    assert expected.items() <= hard(text).items()


def test_a_year_behind_many_titles_is_theirs():
    assert hard("horror movies 2022") == {
        "kinds": ("movie",),
        "genres": ("horror",),
        "year_from": 2022,
        "year_to": 2022,
    }
    assert "year_from" not in hard("war movie 1917")


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("movies that make you cry", "sad"),
        ("movies that make me laugh", "funny"),
        ("movies that make you think", "thought-provoking"),
        ("something light and funny", "relaxing"),
        ("uplifting series", "uplifting"),
        ("quirky films", "quirky"),
        ("cosy mysteries", "cozy"),
    ],
)
def test_moods_are_read_by_the_names_that_the_catalogue_has(text, mood):
    assert f"mood:{mood}" in {chip.id for chip in read(text).tastes()}


@pytest.mark.parametrize(
    ("text", "genre", "left"),
    [
        ("legal drama", "drama", "legal"),
        ("best small town drama", "drama", "best small town"),
        ("a girl in a war", "", "a girl in a war"),
        ("three sisters fight over a drama", "", "three sisters fight over a drama"),
    ],
)
def test_a_genre_that_stories_have_too_is_one_after_a_word_or_two(text, genre, left):
    understood = read(text)

    assert {chip.id for chip in understood.tastes()} == ({f"genre:{genre}"} if genre else set())
    assert understood.text == left


def test_a_subject_is_written_out():
    assert read("ww2 movies").text == "world war two"


@pytest.mark.parametrize(
    ("text", "tale"),
    [("mafia movies", "mafia"), ("slasher", "slasher"), ("crime movies", ""), ("whodunits on netflix", "whodunits")],
)
def test_a_word_that_says_more_than_its_genre_is_told_as_well(text, tale):
    understood = read(text)

    assert (understood.text, understood.tale) == ("", tale)
