"""Two runs at once never make two titles of one work."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.content import api as content
from apps.ingestion.adapters.feed_files import FeedRow
from apps.ingestion.models import StagedRecord
from apps.ingestion.services.arrivals import read_arrival
from apps.ingestion.services.batches import Tally, ingest_batch
from apps.ingestion.tests.factories import Title, justwatch_row, make_shelf


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_batches_of_two_platforms_wait_for_one_another():
    start = Barrier(2)

    def take_in(platform: str) -> Tally:
        shelf = make_shelf(platform=platform)
        row = FeedRow("feed.csv#2", justwatch_row(imdb_id="tt0000001"), "{}")
        arrival = read_arrival(row, shelf, taken_ids=set())
        try:
            start.wait(timeout=10)
            return ingest_batch([arrival], shelf, ranks=content.get_source_ranks(), run=None, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        tallies = [future.result(timeout=60) for future in [pool.submit(take_in, p) for p in ("netflix", "hulu")]]

    assert tallies == [Tally(new=1), Tally(new=1)]
    assert Title.objects.count() == 1
    assert StagedRecord.objects.values("title_id").distinct().count() == 1
