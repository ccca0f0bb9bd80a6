"""Runs: checkpoints, offers at the end, and running again."""

import pytest

from apps.ingestion.errors import UnreadableFileError
from apps.ingestion.models import IngestionRun, RecordStatus, RunStatus, StagedRecord
from apps.ingestion.services import runs
from apps.ingestion.services.batches import Tally
from apps.ingestion.services.runs import ingest_listing
from apps.ingestion.tests.factories import (
    DAY_2022,
    DAY_2023,
    PLOT,
    Offer,
    OfferSnapshot,
    Title,
    justwatch_row,
    kaggle_row,
    make_shelf,
    write_feed,
)
from mediagateway.events import pending_count

pytestmark = pytest.mark.django_db


def films(count: int, **values: str) -> list[dict[str, str]]:
    return [justwatch_row(id=f"tm{n}", title=f"Film {n}", description=f"{PLOT} {n}", **values) for n in range(count)]


def run(path, **shelf_values):
    seen = []
    report = ingest_listing(
        [path], make_shelf(**shelf_values), on_progress=lambda done, total: seen.append((done, total))
    )
    return report, seen


def state():
    """Everything that a second run must leave alone."""
    return (
        list(Title.objects.order_by("id").values()),
        list(Offer.objects.order_by("id").values()),
        list(StagedRecord.objects.order_by("id").values()),
    )


def test_a_listing_becomes_titles_and_offers(tmp_path):
    path = write_feed(tmp_path / "netflix.csv.gz", films(3))

    report, seen = run(path)

    assert report.tally == Tally(new=3)
    assert report.offers is not None
    assert report.offers.opened == 3
    assert seen == [(0, 3), (3, 3)]
    offer = Offer.objects.get(title__title="Film 0")
    assert (offer.platform_id, offer.region, offer.type, offer.known_from) == (
        "netflix",
        "US",
        "subscription",
        DAY_2022,
    )
    assert (offer.source_id, offer.native_id, offer.confidence) == ("justwatch-csv", "", 0.9)
    assert IngestionRun.objects.get().status == RunStatus.FINISHED
    assert pending_count() == 0


def test_the_same_listing_again_changes_nothing(tmp_path):
    path = write_feed(tmp_path / "netflix.csv", films(3))
    run(path)
    before = state()

    report, _ = run(path)

    assert report.tally == Tally(unchanged=3)
    assert report.offers.opened == report.offers.closed == report.offers.changed == 0
    assert state() == before


def test_what_a_newer_listing_lacks_has_left_the_platform(tmp_path):
    run(write_feed(tmp_path / "2022.csv", films(3)))

    report, _ = run(write_feed(tmp_path / "2023.csv", films(2)), as_of=DAY_2023)

    assert (report.offers.closed, report.offers.unchanged) == (1, 2)
    assert Offer.objects.filter(superseded_at__isnull=True).count() == 2


def test_an_older_listing_replayed_changes_nothing_current(tmp_path):
    old, new = write_feed(tmp_path / "2022.csv", films(3)), write_feed(tmp_path / "2023.csv", films(2, runtime="90"))
    run(old)
    run(new, as_of=DAY_2023)
    before = state()

    report, _ = run(old)

    assert report.tally == Tally(unchanged=3)
    assert state() == before


@pytest.mark.parametrize("first", ["old", "new"])
def test_the_order_of_two_listings_does_not_count(tmp_path, first):
    old, new = write_feed(tmp_path / "2022.csv", films(3)), write_feed(tmp_path / "2023.csv", films(2, runtime="90"))

    for path, as_of in sorted([(old, DAY_2022), (new, DAY_2023)], reverse=first == "new"):
        run(path, as_of=as_of)

    current = Offer.objects.filter(superseded_at__isnull=True)
    assert set(current.values_list("title__title", flat=True)) == {"Film 0", "Film 1"}
    assert set(Title.objects.filter(title__in=["Film 0", "Film 1"]).values_list("runtime_minutes", flat=True)) == {90}


class _KillError(Exception):
    """Stands for a kill between two batches."""


def test_a_killed_run_goes_on_behind_its_checkpoint(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ROWS", 2)
    path = write_feed(tmp_path / "netflix.csv", [*films(5), justwatch_row(id="tm1", title="Twin")])

    def stop_after_four(done, _total):
        if done == 4:
            raise _KillError

    with pytest.raises(_KillError):
        ingest_listing([path], make_shelf(), on_progress=stop_after_four)
    assert (IngestionRun.objects.get().rows_done, IngestionRun.objects.get().status) == (4, RunStatus.RUNNING)
    assert not Offer.objects.exists()

    report, seen = run(path)

    assert (report.resumed_from, report.tally) == (4, Tally(new=5, rejected=1))
    assert seen == [(4, 6), (6, 6)]
    assert (Title.objects.count(), Offer.objects.count()) == (5, 5)
    assert IngestionRun.objects.get().status == RunStatus.FINISHED


def test_bad_rows_are_staged_and_the_run_goes_on(tmp_path):
    rows = [*films(1), justwatch_row(id="", title="Nameless"), justwatch_row(id="tm7", type="?"), *films(2)[1:]]

    report, _ = run(write_feed(tmp_path / "netflix.csv", rows))

    assert report.tally == Tally(new=2, rejected=2)
    rejected = StagedRecord.objects.filter(status=RecordStatus.REJECTED).order_by("id")
    assert list(rejected.values_list("source_id", "reason")) == [("netflix.csv#3", "no_id"), ("tm7", "unknown_type")]
    assert Offer.objects.count() == 2


def test_several_files_are_one_listing(tmp_path):
    one, other = write_feed(tmp_path / "a.csv", films(1)), write_feed(tmp_path / "b.csv", films(2)[1:])

    ingest_listing([one, other], make_shelf(), on_progress=lambda *_: None)

    assert (Offer.objects.count(), OfferSnapshot.objects.count()) == (2, 1)


def test_two_sources_of_one_platform_keep_an_offer_alive(tmp_path):
    run(write_feed(tmp_path / "k.csv", [kaggle_row()]), layout="kaggle-csv")
    run(write_feed(tmp_path / "j.csv", [justwatch_row()]))

    run(write_feed(tmp_path / "k2.csv", [kaggle_row(show_id="s2", title="Other", description="")]),
        layout="kaggle-csv", as_of=DAY_2023)  # fmt: skip

    assert Offer.objects.get(title__title="Harbour Lights", superseded_at__isnull=True).source_id == "justwatch-csv"


def test_a_file_of_another_layout_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UnreadableFileError, match="no column"):
        run(write_feed(tmp_path / "k.csv", [kaggle_row()]))

    assert not StagedRecord.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_statements_does_not_grow_with_the_rows(tmp_path, count, django_assert_max_num_queries):
    path = write_feed(tmp_path / "netflix.csv", films(count))

    with django_assert_max_num_queries(115):
        run(path)
