"""A glance at all names: no near spelling is passed over, most others are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from apps.search.domain.ports import MIN_SIMILARITY
from apps.search.domain.signatures import signatures_of

pytestmark = pytest.mark.once

NAMES = ("the matrix", "amelie", "pirates of the caribbean the curse of the black pearl", "千と千尋の神隠し", "x", "")


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("the matirx", 0),
        ("teh matrix", 0),
        ("amelei", 1),
        ("amleie", 1),
        ("pirates of the carribean the curse of the blak perl", 2),
        ("千と千尋の神隠", 3),
    ],
)
def test_near_spellings_are_not_passed_over(typed, at):
    assert at in signatures_of(NAMES).near(typed).tolist()


def test_most_other_names_are():
    assert signatures_of(NAMES).near("stranger things").tolist() == []


def test_there_may_be_no_names():
    assert signatures_of(()).near("matrix").tolist() == []


@given(st.text("abcdeilnorst ", min_size=6, max_size=30), st.integers(0, 29), st.sampled_from("aeinrst"))
def test_a_letter_that_was_changed_or_left_out_changes_little(name, place, letter):
    place %= len(name)
    for typed in (name[:place] + name[place + 1 :], name[:place] + letter + name[place + 1 :]):
        if fuzz.ratio(typed, name) >= 100 * (MIN_SIMILARITY + 0.1):
            assert signatures_of([name]).near(typed).tolist() == [0]
