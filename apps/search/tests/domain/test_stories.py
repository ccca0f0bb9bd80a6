"""Stories word by word: who is found, in which order, and that nothing else is told of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.stories import NO_FIELDS, empty_stories

pytestmark = pytest.mark.once

WORDS = ("shark", "beach", "island", "lawyer", "love")

texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
catalogues = st.dictionaries(st.integers(0, 5), st.tuples(texts, texts, texts, texts), max_size=6)


def tell(stories, text, *, size, hidden=()):
    """Give the slots that tell of a text, best first."""
    allowed = np.ones(size, dtype=np.bool_)
    allowed[list(hidden)] = False
    scores = stories.tell(text.split(), allowed)
    return [int(slot) for slot in np.argsort(-scores, kind="stable") if scores[slot] > 0]


def told(*synopses):
    """Make an index of titles that have a synopsis only."""
    documents = {slot: ("", "", "", synopsis) for slot, synopsis in enumerate(synopses)}
    return empty_stories().replace(documents, size=len(synopses))


def test_a_story_needs_some_of_its_words():
    stories = told("giant shark swimmer beach", "friend beach", "lawyer mountain")

    assert tell(stories, "shark people beach", size=3) == [0, 1]
    assert tell(stories, "zebra", size=3) == []


def test_a_rare_word_outweighs_a_common_one():
    stories = told("love", "love", "love", "zebra")

    assert tell(stories, "love zebra", size=4)[0] == 3


def test_what_is_told_outweighs_the_names_of_people():
    documents = {0: ("", "island", "", ""), 1: ("", "", "", "island")}
    stories = empty_stories().replace(documents, size=2)

    assert tell(stories, "island", size=2) == [1, 0]


def test_a_slot_without_words_is_gone():
    stories = told("shark", "shark").replace({0: NO_FIELDS}, size=2)

    assert tell(stories, "shark", size=2) == [1]


@given(catalogues, catalogues)
def test_changes_lead_to_the_same_index_as_building_it_at_once(first, second):
    followed = empty_stories().replace(first, size=6).replace(second, size=6)
    at_once = empty_stories().replace(first | second, size=6)

    allowed = np.ones(6, dtype=np.bool_)
    for word in WORDS:
        assert followed.tell([word], allowed).tolist() == at_once.tell([word], allowed).tolist()


@given(catalogues, st.sets(st.integers(0, 5)))
def test_what_is_not_allowed_changes_no_score(documents, hidden):
    allowed = np.array([slot not in hidden for slot in range(6)])
    visible = {slot: fields for slot, fields in documents.items() if slot not in hidden}

    scores = empty_stories().replace(documents, size=6).tell(WORDS, allowed)

    assert scores.tolist() == pytest.approx(empty_stories().replace(visible, size=6).tell(WORDS, allowed).tolist())
    assert not scores[~allowed].any()
