"""The age of listings, as Prometheus is told it."""

import pytest

from apps.ingestion.metrics import count_records, find_last_runs, find_newest_listings
from apps.ingestion.services.runs import ingest_listing
from apps.ingestion.tests.factories import justwatch_row, make_shelf, write_feed

pytestmark = pytest.mark.django_db


def test_a_run_tells_when_it_ended_and_of_when_its_listing_is(tmp_path):
    shelf = make_shelf()
    assert find_last_runs() == {}

    ingest_listing([write_feed(tmp_path / "a.csv", [justwatch_row()])], shelf, on_progress=lambda *_: None)

    key = (shelf.layout.slug, shelf.platform)
    assert find_newest_listings() == {key: shelf.as_of.timestamp()}
    assert find_last_runs()[key] > shelf.as_of.timestamp()
    assert count_records() == {("resolved",): 1, ("rejected",): 0}
