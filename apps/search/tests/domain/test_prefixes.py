"""Names by their beginnings, against a plain loop."""

from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.prefixes import empty_prefixes

words = st.text(alphabet="abé千", min_size=1, max_size=4)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
catalogues = st.dictionaries(st.integers(0, 5), st.lists(names, max_size=2), max_size=5)


@given(catalogues, catalogues, words)
def test_look_ups_equal_a_loop(before, after, typed):
    current = {**before, **after}
    index = empty_prefixes().replace(before, size=6).replace(after, size=6)

    assert set(index.exact(typed).tolist()) == {owner for owner, texts in current.items() if typed in texts}
    assert set(index.beginning(typed)[0].tolist()) == {
        owner for owner, texts in current.items() if any(text.startswith(typed) for text in texts)
    }
    assert set(index.containing(typed)[0].tolist()) == {
        owner for owner, texts in current.items() if any(f" {typed}" in f" {text}" for text in texts)
    }


def test_a_whole_name_outweighs_a_longer_one():
    index = empty_prefixes().replace({0: ["dune"], 1: ["dune part two"], 2: ["the dune"]}, size=3)

    owners, shares = index.containing("dune")

    ranked = [owner for _, owner in sorted(zip(shares.tolist(), owners.tolist(), strict=True), reverse=True)]
    assert ranked == [0, 1, 2]


def test_beginnings_longer_than_the_kept_width_still_find():
    long = "the assassination of jesse james by the coward robert ford"
    index = empty_prefixes().replace({0: [long]}, size=1)

    assert index.exact(long).tolist() == [0]
    assert index.exact(f"{long} two").tolist() == []
    assert index.beginning(long)[0].tolist() == [0]
