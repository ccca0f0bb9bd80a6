"""How titles can be watched, as other apps ask."""

from datetime import UTC, datetime

import pytest

from apps.content import api as content
from apps.content.contracts import Money
from apps.content.tests.factories import EpisodeFactory, OfferFactory, SeasonFactory, SeriesFactory, TitleFactory
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, tzinfo=UTC)
POLICY = Policy(region="US", services=frozenset({"mubi"}))


def test_options_stand_in_the_order_of_their_cost():
    title, unoffered = TitleFactory.create(), TitleFactory.create()
    for platform in ("netflix", "mubi"):
        OfferFactory.create(title=title, platform_id=platform)
    OfferFactory.create(title=title, platform_id="youtube", type="rent", price_minor=399, currency="USD")

    options = content.get_watch_options([title.id, unoffered.id], policy=POLICY, now=NOW)

    assert [option.platform for option in options[title.id]] == ["mubi", "youtube", "netflix"]
    assert options[title.id][1].price == Money(399, "USD")
    assert unoffered.id not in options


@pytest.mark.parametrize("rows", [3, 30])
def test_an_episode_is_offered_with_its_series_at_the_same_cost(django_assert_num_queries, rows):
    series = {f"id{number}": SeriesFactory.create() for number in range(rows)}
    episodes = [EpisodeFactory.create(parent=SeasonFactory.create(parent=parent)) for parent in series.values()]
    for native_id, parent in series.items():
        OfferFactory.create(title=parent, native_id=native_id)

    with django_assert_num_queries(2):
        options = content.get_watch_options([episode.id for episode in episodes], policy=POLICY, now=NOW)

    found = [options[episode.id][0] for episode in episodes]
    assert [option.native_id for option in found] == list(series)
    assert [option.content_id for option in found] == [parent.id for parent in series.values()]
