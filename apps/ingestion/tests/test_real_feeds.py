"""The sample feeds, where they are: joins, departures, replays. Slow, and skipped on a newcomer's machine."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from apps.ingestion.domain.layouts import LAYOUTS
from apps.ingestion.domain.shelves import SAMPLE_FEEDS
from apps.ingestion.models import StagedRecord
from apps.ingestion.services.arrivals import Shelf
from apps.ingestion.services.runs import ingest_listing
from apps.ingestion.tests.factories import Offer, Title

FEEDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "feeds"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not FEEDS.is_dir(), reason="the sample feeds are not on this machine (../shared/data/feeds)"),
]


def ingest(name: str):
    feed = next(feed for feed in SAMPLE_FEEDS if feed.file == f"{name}.csv.gz")
    as_of = datetime.combine(feed.as_of, time.min, tzinfo=UTC)
    shelf = Shelf(LAYOUTS[feed.layout], feed.platform, "US", as_of)
    return ingest_listing([FEEDS / feed.file], shelf, on_progress=lambda *_: None)


def state():
    return (
        list(Title.objects.order_by("id").values("id", "version", "title", "release_year", "synopsis")),
        list(Offer.objects.order_by("id").values()),
    )


def test_a_year_of_joins_and_departures_and_its_replay():
    ingest("hbomax_2022")

    report = ingest("hbomax_2023")
    current = state()
    replayed, again = ingest("hbomax_2022"), ingest("hbomax_2023")

    # Two films stand in the list under two ids each, so works differ a little from rows.
    assert (report.tally.read, report.tally.new) == (3030, 917)
    assert report.offers.opened == pytest.approx(917, abs=3)
    assert report.offers.closed == pytest.approx(1181, abs=3)
    assert replayed.offers.historical
    assert (replayed.tally.new, replayed.tally.updated, again.tally.new, again.tally.updated) == (0, 0, 0, 0)
    assert state() == current


def test_lists_of_one_platform_by_two_sources_meet():
    ingest("kaggle_disney_plus_2021")
    ingest("disney_2022")

    kaggle, justwatch = (
        set(StagedRecord.objects.filter(source=source).values_list("title_id", flat=True))
        for source in ("kaggle-csv", "justwatch-csv")
    )
    assert len(kaggle & justwatch) / len(kaggle) > 0.8
