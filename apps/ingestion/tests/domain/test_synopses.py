"""How synopses are compared."""

from apps.ingestion.domain.synopses import shared_ratio, synopsis_key, telling_words
from apps.ingestion.tests.factories import PLOT


def test_common_words_tell_nothing():
    assert telling_words("The story of a young woman and her family in New York") == set()


def test_the_ratio_counts_shared_words_of_the_shorter_text():
    whole, half = telling_words(PLOT), telling_words(" ".join(PLOT.split()[:6]))

    assert shared_ratio(half, whole) == 1.0
    assert shared_ratio(whole, telling_words("Penguin butler Osvaldo waltzes marmalade tigers")) == 0.0


def test_too_few_words_give_no_ratio():
    assert shared_ratio(telling_words("Hamlet dies."), telling_words(PLOT)) is None


def test_printings_of_one_synopsis_share_a_key():
    assert synopsis_key(PLOT) == synopsis_key(PLOT.upper().replace(" ", "  ")) != ""


def test_a_synopsis_too_short_to_tell_has_no_key():
    assert synopsis_key("A man falls in love.") == ""
