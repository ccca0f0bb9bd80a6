"""Text to terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.analysis import fold, query_terms, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Amélie", "amelie", id="accent"),
        pytest.param("M*A*S*H", "mash", id="stars"),
        pytest.param("S.W.A.T.", "swat", id="acronym"),
        pytest.param("Se7en", "se7en", id="digit inside"),
        pytest.param("Schindler’s List", "schindlers list", id="apostrophe"),
        pytest.param("Mork & Mindy", "mork and mindy", id="ampersand"),
        pytest.param("Spider-Man: No Way Home", "spider man no way home", id="signs separate"),
        pytest.param("ＴＨＥ ＭＡＴＲＩＸ", "the matrix", id="full width"),
        pytest.param("  ", "", id="blank"),
        pytest.param("???", "", id="signs only"),
    ],
)
def test_fold_is_what_a_person_types(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("千と千尋の神隠し", ["千と", "と千", "千尋", "尋の", "の神", "神隠", "隠し"], id="pairs of signs"),
        pytest.param("running cars", ["run", "car"], id="stems"),
        pytest.param("AKIRA アキラ", ["akira", "アキ", "キラ"], id="mixed scripts"),
    ],
)
def test_terms(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("the matrix", ["matrix"], id="stop word goes"),
        pytest.param("The Who", ["the", "who"], id="nothing but stop words stays"),
        pytest.param("It", ["it"], id="a stop word alone"),
        pytest.param("cars cars car", ["car"], id="distinct"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_query_terms(text, expected):
    assert query_terms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("animals", "animated"),
        ("anime", "animals"),
        ("boxing", "box"),
        ("business", "busy"),
        ("evening", "even"),
        ("training", "train"),
        ("witness", "wit"),
    ],
)
def test_words_of_another_meaning_are_other_terms(one, other):
    assert terms(one) != terms(other)


@given(st.text(max_size=80))
def test_terms_do_not_depend_on_case_or_form(text):
    assert fold(fold(text)) == fold(text)
    assert terms(fold(text)) == terms(text)
    assert all(term and not term.isspace() for term in terms(text))


@given(st.text(max_size=80))
def test_terms_hold_no_sign_that_an_engine_would_split_at(text):
    joined = " ".join(terms(text))

    assert joined.split(" ") == (terms(text) or [""])
    assert '"' not in joined
    assert "'" not in joined
