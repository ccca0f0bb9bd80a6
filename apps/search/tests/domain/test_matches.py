"""News is what was never found before."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain import matches
from apps.search.domain.matches import MAX_MATCHES, compare, pack, unpack

pytestmark = pytest.mark.once

_IDS = st.lists(st.uuids(version=4), max_size=30, unique_by=lambda title_id: title_id.int >> 64)


@given(st.lists(_IDS, max_size=5))
def test_nothing_is_news_twice(looks):
    known, told = unpack(b""), []
    for found in looks:
        news = compare(found, known)
        told += [found[place] for place in news.new]
        known = unpack(pack(news.known))

    assert len(told) == len(set(told))
    assert set(told) == {title_id for found in looks for title_id in found}


@given(_IDS)
def test_news_keeps_the_order_of_the_results(found):
    assert compare(found, unpack(b"")).new == tuple(range(len(found)))


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(matches, "MAX_MATCHES", 2)
    looks = [[*_range(10, 4)], [*_range(20, 2)]]

    known = compare(looks[1], compare(looks[0], unpack(b"")).known).known

    assert len(known) == 4
    assert compare(looks[1], known).new == ()
    assert MAX_MATCHES == 2000


def _range(start, count):
    return [UUID(int=number << 64) for number in range(start, start + count)]
