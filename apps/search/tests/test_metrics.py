"""Searches are counted by what they find."""

from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY

from apps.content.tests.factories import TitleFactory
from apps.search import api
from apps.search.metrics import Outcome
from apps.search.services import documents
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db


def counts() -> dict[str, float]:
    return {
        outcome.value: REGISTRY.get_sample_value("mg_search_queries_total", {"outcome": outcome.value}) or 0.0
        for outcome in Outcome
    }


@pytest.mark.parametrize(
    ("text", "outcome"), [("star kids", Outcome.FOUND), ("zzyzx", Outcome.EMPTY)], ids=["found", "empty"]
)
def test_each_search_is_counted_once(text, outcome):
    documents.index_titles([TitleFactory.create(title="Star Kids").id])
    before = counts()

    api.search(api.SearchRequest(text, api.Filters()), policy=Policy(region="US"), now=datetime(2026, 6, 1, tzinfo=UTC))

    grown = {name: count - before[name] for name, count in counts().items() if count != before[name]}
    assert grown == {outcome.value: 1.0}
