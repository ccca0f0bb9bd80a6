"""One suite for every full-text engine: it runs on SQLite and on PostgreSQL, whichever the tests are given."""

from uuid import uuid4

import pytest

from apps.search.adapters import lexical_index
from apps.search.domain.analysis import ANALYSIS_VERSION, fold, join_terms, query_terms
from apps.search.domain.ports import MIN_SIMILARITY
from apps.search.models import IndexState, SearchDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def write():
    """Return a function that writes a document and gives its number."""
    IndexState.objects.create(id=1, analysis_version=ANALYSIS_VERSION)

    def write(title, *, people="", tags="", synopsis="", number=None):
        state = IndexState.objects.get(id=1)
        state.revision += 1
        state.save()
        document, _ = SearchDocument.objects.update_or_create(
            number=number,
            defaults={
                "title_id": uuid4(),
                "title_version": 1,
                "revision": state.revision,
                "names": fold(title),
                "title_terms": join_terms([title]),
                "people_terms": join_terms([people]),
                "tag_terms": join_terms([tags]),
                "synopsis_terms": join_terms([synopsis]),
            },
        )
        return document.number

    return write


def found(text, *, at_least=None):
    """Give the numbers that match a text, best first."""
    terms = query_terms(text)
    matches = lexical_index().match(terms, at_least=at_least or len(terms))
    return [number for _, number in sorted(zip(-matches.scores, matches.numbers.tolist(), strict=True))]


def test_every_term_must_be_there(write):
    matrix = write("The Matrix", people="Keanu Reeves", synopsis="A hacker learns what the world is.")
    write("Speed", people="Keanu Reeves")

    assert found("matrix reeves") == [matrix]
    assert found("keanu hackers") == [matrix]
    assert found("matrix speed") == []


def test_at_least_some_terms(write):
    both = write("Alpha Beta")
    one = write("Alpha Gamma")
    write("Delta")

    assert found("alpha beta epsilon", at_least=2) == [both]
    assert found("alpha beta epsilon", at_least=1) == [both, one]


def test_a_title_outweighs_people_tags_and_synopsis(write):
    synopsis = write("One", synopsis="A story of a storm.")
    tags = write("Two", tags="storm")
    people = write("Three", people="Susan Storm")
    title = write("Storm")

    ranked = found("storm")

    assert ranked[0] == title
    assert ranked[-1] == synopsis
    assert set(ranked) == {title, people, tags, synopsis}


def test_a_rare_word_outweighs_a_common_one(write):
    for number in range(20):
        write(f"Common {number}")
    rare = write("Rare")

    assert found("common rare", at_least=1)[0] == rare


def test_the_index_follows_changes_and_deletions(write):
    number = write("Before")
    write("After", number=number)
    assert found("before") == []
    assert found("after") == [number]

    SearchDocument.objects.all().delete()

    assert found("after") == []


@pytest.mark.parametrize(
    "text",
    ['"', "'", "AND", "NEAR(", "a* OR b", ":title", "\\", "50%", "-", "😀", "ا ب", "千", "x" * 500, "col:term", "^a"],
)
def test_no_text_is_syntax(write, text):
    write("Something else")
    terms = query_terms(text) or ["x"]

    assert lexical_index().match(terms, at_least=1).numbers.size == 0


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        pytest.param("the matirx", "The Matrix", id="swapped letters"),
        pytest.param("strnger things", "Stranger Things", id="missing letter"),
        pytest.param("godzila", "Godzilla", id="single for double"),
        pytest.param("amelie", "Amélie", id="no accent"),
        pytest.param("千と千尋の神隠", "千と千尋の神隠し", id="last sign missing"),
    ],
)
def test_near_spellings_are_found(write, typed, title):
    number = write(title)
    write("Casablanca")

    matches = lexical_index().fuzzy_names(fold(typed), limit=5)

    assert matches.numbers.tolist() == [number]
    assert MIN_SIMILARITY <= matches.scores[0] <= 1


def test_near_spellings_follow_the_documents(write):
    index, kept, changed = lexical_index(), write("Casablanca"), write("Godzilla")
    assert index.fuzzy_names("godzila", limit=5).numbers.tolist() == [changed]

    write("The Matrix", number=changed)

    assert index.fuzzy_names("godzila", limit=5).numbers.size == 0
    assert index.fuzzy_names("the matirx", limit=5).numbers.tolist() == [changed]
    assert index.fuzzy_names("casablancha", limit=5).numbers.tolist() == [kept]

    state = IndexState.objects.get(id=1)
    state.revision += 1
    state.save()
    SearchDocument.objects.filter(number=changed).update(is_live=False, names="", revision=state.revision)

    assert index.fuzzy_names("the matirx", limit=5).numbers.size == 0


def test_another_word_is_not_a_near_spelling(write):
    write("Casablanca")

    assert lexical_index().fuzzy_names("stranger things", limit=5).numbers.size == 0


def test_near_spellings_are_limited_to_the_nearest(write):
    exact = write("Godzilla")
    for number in range(5):
        write(f"Godzilla {number}")

    matches = lexical_index().fuzzy_names("godzilla", limit=2)

    assert len(matches.numbers) == 2
    assert exact in matches.numbers.tolist()
