"""What to go on with, as a pure rule."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.playback.domain.continuing import Left, collapse

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

lefts = st.builds(
    Left,
    content_id=st.integers(10, 20).map(lambda n: UUID(int=n)),
    series_id=st.integers(1, 3).map(lambda n: UUID(int=n)),
    position_s=st.integers(0, 100),
    duration_s=st.just(100),
    is_hidden=st.booleans(),
    left_at=st.integers(0, 1000).map(lambda s: NOW + timedelta(seconds=s)),
)


@given(st.lists(lefts, max_size=20, unique_by=lambda left: left.content_id), st.randoms())
def test_a_series_is_one_entry_at_most_and_order_does_not_count(entries, random):
    collapsed = collapse(entries)
    shuffled = list(entries)
    random.shuffle(shuffled)

    assert len({each.series_id for each in collapsed}) == len(collapsed)
    assert collapsed == collapse(shuffled)
    assert list(collapsed) == sorted(collapsed, key=lambda each: (each.left_at, each.content_id), reverse=True)
    assert not any(each.is_hidden for each in collapsed)


@given(st.lists(lefts, min_size=1, max_size=20, unique_by=lambda left: left.content_id))
def test_what_is_shown_of_a_series_is_what_was_watched_last(entries):
    for shown in collapse(entries):
        assert shown.left_at == max(each.left_at for each in entries if each.series_id == shown.series_id)
