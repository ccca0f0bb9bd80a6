"""What is chosen of what fits, as a pure rule."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.contracts import Playable, TitleId
from apps.discover.domain.tonight import MOOD_GENRES, Tastes, choose, matches_mood

pytestmark = pytest.mark.once

GENRES = ["comedy", "drama", "horror", "family", "action"]

playables = st.lists(
    st.builds(
        Playable,
        id=st.integers(1, 1000).map(lambda n: TitleId(UUID(int=n))),
        runtime_minutes=st.integers(1, 200),
        genres=st.lists(st.sampled_from(GENRES), max_size=3, unique=True).map(tuple),
        moods=st.lists(st.sampled_from(sorted(MOOD_GENRES)), max_size=2).map(tuple),
        popularity=st.floats(0, 1),
        rating=st.one_of(st.none(), st.floats(0, 10)),
    ),
    max_size=12,
    unique_by=lambda title: title.id,
)
tastes = st.builds(
    Tastes,
    mood=st.one_of(st.none(), st.sampled_from(sorted(MOOD_GENRES))),
    favourites=st.frozensets(st.sampled_from(GENRES), max_size=2),
    excluded=st.frozensets(st.sampled_from(GENRES), max_size=2),
    seen=st.frozensets(st.integers(1, 1000).map(lambda n: UUID(int=n)), max_size=5),
)


@given(playables, tastes, st.randoms())
def test_where_anything_fits_there_is_an_answer_and_the_same_one(candidates, wish, random):
    chosen = choose(candidates, wish)
    shuffled = list(candidates)
    random.shuffle(shuffled)

    assert len(chosen) == len({each.id for each in chosen}) == min(3, len(candidates))
    assert set(chosen) <= set(candidates)
    assert choose(shuffled, wish) == chosen


@given(playables, st.sampled_from(sorted(MOOD_GENRES)))
def test_a_mood_that_can_be_had_is_had(candidates, mood):
    chosen = choose(candidates, Tastes(mood=mood))

    if any(matches_mood(each, mood) for each in candidates):
        assert matches_mood(chosen[0], mood)


@given(playables)
def test_what_was_seen_is_the_answer_only_when_all_was(candidates):
    seen = frozenset(each.id for each in candidates[::2])
    chosen = choose(candidates, Tastes(seen=seen))

    if len(seen) < len(candidates):
        assert chosen[0].id not in seen
