"""Which episode follows."""

import pytest

from apps.content import api as content
from apps.content.tests.factories import EpisodeFactory, SeasonFactory, SeriesFactory, TitleFactory

pytestmark = pytest.mark.django_db


def make_series(*episode_counts, first_season=1):
    """Make a series with so many episodes in each season, and list them season by season."""
    series = SeriesFactory.create()
    seasons = []
    for number, count in enumerate(episode_counts, start=first_season):
        season = SeasonFactory.create(parent=series, number=number)
        seasons.append([EpisodeFactory.create(parent=season, number=n).id for n in range(1, count + 1)])
    return seasons


def test_episodes_follow_each_other_over_the_end_of_a_season():
    first, _, third = make_series(2, 0, 2)

    found = content.find_next_episodes([*first, *third])

    assert found == {first[0]: first[1], first[1]: third[0], third[0]: third[1]}


def test_specials_are_followed_by_specials_alone():
    specials, _ = make_series(2, 2, first_season=0)

    assert content.find_next_episodes(specials) == {specials[0]: specials[1]}


def test_what_is_no_episode_has_none():
    assert content.find_next_episodes([TitleFactory.create().id]) == {}


@pytest.mark.parametrize("rows", [3, 30])
def test_cost_does_not_grow(django_assert_num_queries, rows):
    episodes = [make_series(2)[0][0] for _ in range(rows)]

    with django_assert_num_queries(3):
        assert len(content.find_next_episodes(episodes)) == rows
