"""Batches: what is staged, what it is taken for, and what becomes of the titles."""

from uuid import UUID

import pytest
from django.utils import timezone

from apps.content import api as content
from apps.content.contracts import Kind
from apps.ingestion.adapters.feed_files import FeedRow
from apps.ingestion.models import MatchKey, RecordStatus, StagedRecord
from apps.ingestion.services.arrivals import read_arrival
from apps.ingestion.services.batches import Tally, ingest_batch
from apps.ingestion.tests.factories import (
    DAY_2022,
    DAY_2023,
    PLOT,
    Title,
    TitleAlias,
    justwatch_row,
    kaggle_row,
    make_shelf,
)
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db

COMMITTED = "11111111-1111-4111-8111-111111111111"


def take_in(*rows, problem="", **shelf_values) -> Tally:
    """Take rows in as one batch; `shelf_values` are those of `make_shelf`."""
    shelf = make_shelf(**shelf_values)
    taken_ids = set[str]()
    arrivals = [
        read_arrival(FeedRow(f"feed.csv#{line}", row, f'{{"line": {line}}}', problem), shelf, taken_ids=taken_ids)
        for line, row in enumerate(rows, start=2)
    ]
    return ingest_batch(arrivals, shelf, ranks=content.get_source_ranks(), run=None, at=timezone.now())


def starter_row(**values):
    return {
        "id": COMMITTED,
        "kind": "movie",
        "title": "Harbour Lights",
        "year": 1999,
        "genres": ["drama"],
        "countries": ["US"],
        "people": [],
        "wikidata_id": "Q1",
    } | values


def take_in_starter(*rows, layout="wikidata"):
    shelf = make_shelf(layout, platform="")
    taken_ids = set[str]()
    arrivals = [
        read_arrival(FeedRow(f"starter#{n}", row, "{}"), shelf, taken_ids=taken_ids) for n, row in enumerate(rows)
    ]
    return ingest_batch(arrivals, shelf, ranks=content.get_source_ranks(), run=None, at=timezone.now())


def record(source_id="tm1", platform="netflix") -> StagedRecord:
    return StagedRecord.objects.get(source_id=source_id, platform=platform)


def test_a_new_row_becomes_a_record_and_a_title():
    tally = take_in(justwatch_row(imdb_id="tt0000001"))

    title = Title.objects.get()
    staged = record()
    assert tally == Tally(new=1)
    assert (title.title, title.release_year, title.runtime_minutes) == ("Harbour Lights", 1999, 101)
    assert title.provenance["title"] == {
        "source": "justwatch-csv", "record": "justwatch-csv/netflix/tm1", "as_of": "2022-07-01",
        "rule": "best_undamaged",
    }  # fmt: skip
    assert (staged.status, staged.title_id, staged.method) == (RecordStatus.RESOLVED, title.id, "new")
    assert staged.raw == '{"line": 2}'
    assert staged.as_of == staged.first_seen_as_of == DAY_2022
    assert MatchKey.objects.filter(record=staged, key="harbourlights").exists()
    assert title.id.version == 4


def test_the_same_rows_again_change_nothing():
    rows = (justwatch_row(), justwatch_row(id="tm2", title="Other", description=""))
    take_in(*rows)
    before = list(StagedRecord.objects.values()), list(Title.objects.values()), OutboxEvent.objects.count()

    tally = take_in(*rows)

    assert tally == Tally(unchanged=2)
    assert (list(StagedRecord.objects.values()), list(Title.objects.values()), OutboxEvent.objects.count()) == before


def test_a_newer_word_changes_the_record_and_its_title():
    take_in(justwatch_row())

    tally = take_in(justwatch_row(title="Harbor Lights", runtime="103"), as_of=DAY_2023)

    assert tally == Tally(updated=1)
    assert Title.objects.get().runtime_minutes == 103
    assert (record().as_of, record().first_seen_as_of) == (DAY_2023, DAY_2022)
    assert set(MatchKey.objects.filter(record=record()).values_list("key", flat=True)) >= {"harborlights"}
    assert not MatchKey.objects.filter(key="harbourlights").exists()


def test_an_older_word_replayed_changes_only_since_when_the_record_is_known():
    take_in(justwatch_row(runtime="103"), as_of=DAY_2023)
    version = Title.objects.get().version

    tally = take_in(justwatch_row(runtime="101"), as_of=DAY_2022)

    assert tally == Tally(unchanged=1)
    assert (Title.objects.get().runtime_minutes, Title.objects.get().version) == (103, version)
    assert (record().as_of, record().first_seen_as_of) == (DAY_2023, DAY_2022)


def test_the_same_word_at_a_newer_time_is_known_for_that_time():
    take_in(justwatch_row())

    tally = take_in(justwatch_row(), as_of=DAY_2023)

    assert tally == Tally(unchanged=1)
    assert record().as_of == DAY_2023
    assert Title.objects.get().provenance["title"]["as_of"] == "2023-06-01"


def test_a_newer_word_without_a_value_takes_it_from_the_record_but_others_keep_it():
    take_in(justwatch_row())
    take_in(kaggle_row(description=PLOT.upper()), layout="kaggle-csv")

    take_in(justwatch_row(description="", runtime=""), as_of=DAY_2023)

    title = Title.objects.get()
    assert (title.synopsis, title.runtime_minutes) == (PLOT.upper(), 101)


def test_rows_without_shared_ids_meet_by_likeness():
    take_in(justwatch_row())

    take_in(kaggle_row(title="HARBOUR LIGHTS (4K UHD)"), layout="kaggle-csv")

    staged = record("s1")
    assert Title.objects.count() == 1
    assert (staged.title_id, staged.method) == (record().title_id, "title_year_synopsis")
    assert staged.evidence["points"]["title"][0] == "same"
    assert staged.confidence > 0.9


def test_rows_of_one_batch_can_be_one_new_work():
    tally = take_in(
        kaggle_row(show_id="s1", title="Wayne", director="Ana Roth"),
        kaggle_row(show_id="s2", title="Wayne (4K UHD)", director="Ana Roth"),
        layout="kaggle-csv",
    )

    assert tally == Tally(new=2)
    assert record("s1").title_id == record("s2").title_id


def test_an_id_brings_platforms_together_whatever_they_call_the_work():
    take_in(justwatch_row())

    take_in(justwatch_row(title="Luces del puerto", description="", runtime="", release_year="2003"), platform="hulu")

    assert record(platform="hulu").title_id == record().title_id
    assert record(platform="hulu").method == "external_id"


def test_masked_rows_of_one_id_are_two_works_unless_they_are_alike():
    take_in(justwatch_row(), mask_ids=True)

    take_in(
        justwatch_row(title="Luces del puerto", description="", release_year="2003"), platform="hulu", mask_ids=True
    )
    take_in(justwatch_row(), platform="max", mask_ids=True)

    assert record(platform="hulu").title_id != record().title_id == record(platform="max").title_id


def test_an_id_of_two_contradicting_works_stays_with_the_first():
    take_in(justwatch_row(imdb_id="tt0000001"))

    take_in(justwatch_row(id="tm2", type="SHOW", title="No Man's Land", description="", imdb_id="tt0000001"))

    second = record("tm2")
    assert second.title_id != record().title_id
    assert second.withheld_ids == [["imdb", "tt0000001"]]
    assert second.evidence["conflicts"][0]["id"] == "imdb:tt0000001"
    assert content.find_by_external_ids({("imdb", "tt0000001")}) == {("imdb", "tt0000001"): record().title_id}


def test_an_id_that_another_work_has_by_now_is_withheld_from_a_known_record():
    take_in(justwatch_row(imdb_id="tt0000001"), justwatch_row(id="tm2", title="Other", description=""))

    take_in(justwatch_row(id="tm2", title="Other", description="", imdb_id="tt0000001"), as_of=DAY_2023)

    assert record("tm2").title_id != record().title_id
    assert record("tm2").withheld_ids == [["imdb", "tt0000001"]]
    assert record("tm2").evidence["conflicts"][0]["settled"] == "another work has it by now"


@pytest.mark.parametrize(
    ("row", "name", "reason"),
    [
        (justwatch_row(title=""), "tm1", "no_title"),
        (justwatch_row(type="PODCAST"), "tm1", "unknown_type"),
        (justwatch_row(id=""), "feed.csv#2", "no_id"),
    ],
)
def test_a_bad_row_is_staged_with_its_reason(row, name, reason):
    tally = take_in(row)

    staged = StagedRecord.objects.get()
    assert tally == Tally(rejected=1)
    assert (staged.source_id, staged.status, staged.reason) == (name, RecordStatus.REJECTED, reason)
    assert staged.title_id is None
    assert not Title.objects.exists()


def test_a_row_that_cannot_be_read_is_staged_by_its_place():
    take_in({"id": "tm1"}, problem="ragged_row: 1 values for 15 columns")

    assert StagedRecord.objects.get().source_id == "feed.csv#2"
    assert StagedRecord.objects.get().reason.startswith("ragged_row")


def test_the_second_row_of_an_id_is_rejected():
    tally = take_in(justwatch_row(), justwatch_row(title="Twin"))

    assert tally == Tally(new=1, rejected=1)
    assert record("feed.csv#3").reason == "duplicate_id: tm1"
    assert Title.objects.get().title == "Harbour Lights"


def test_a_bad_row_never_displaces_a_good_one():
    take_in(justwatch_row())

    take_in(justwatch_row(title=""), as_of=DAY_2023)

    assert record().status == RecordStatus.RESOLVED
    assert record("feed.csv#2").status == RecordStatus.REJECTED
    assert Title.objects.get().title == "Harbour Lights"


def test_a_row_that_was_bad_can_be_mended():
    take_in(justwatch_row(title=""))

    tally = take_in(justwatch_row(), as_of=DAY_2023)

    assert tally == Tally(new=1)
    assert (record().status, record().reason) == (RecordStatus.RESOLVED, "")


def test_a_rows_number_given_to_another_work_is_resolved_again():
    take_in(kaggle_row(), kaggle_row(show_id="s2", title="Other Shores", description=""), layout="kaggle-csv")

    take_in(
        kaggle_row(title="Penguin Parade", type="TV Show", duration="1 Season", release_year="2020", description=""),
        layout="kaggle-csv",
        as_of=DAY_2023,
    )

    named = Title.objects.exclude(kind=Kind.SEASON).values_list("title", flat=True)
    assert set(named) == {"Harbour Lights", "Other Shores", "Penguin Parade"}
    title = record("s1").title
    assert title is not None
    assert title.kind == Kind.SERIES


def test_a_committed_id_is_the_titles_id():
    take_in_starter(starter_row())

    assert Title.objects.get().id == UUID(COMMITTED)
    assert record("Q1", "").method == "new"


def test_a_feed_finds_the_starter_title():
    take_in_starter(starter_row(imdb_id="tt0000001"))

    take_in(justwatch_row(imdb_id="tt0000001"))

    assert record().title_id == UUID(COMMITTED)
    assert Title.objects.get().synopsis == PLOT


def test_a_committed_id_takes_the_place_of_one_that_a_feed_made():
    take_in(justwatch_row(imdb_id="tt0000001"))
    made = Title.objects.get().id

    take_in_starter(starter_row(imdb_id="tt0000001"))

    assert Title.objects.get().id == UUID(COMMITTED)
    assert TitleAlias.objects.get().id == made
    assert record().title_id == UUID(COMMITTED)
    assert content.find_by_external_ids({("imdb", "tt0000001")}) == {("imdb", "tt0000001"): UUID(COMMITTED)}


def test_a_committed_id_takes_the_place_of_one_that_a_feed_called_a_series():
    series = kaggle_row(type="TV Show", duration="1 Season", director="Ida Lind")
    take_in(series, layout="kaggle-csv")
    made = Title.objects.get(kind="series").id

    take_in_starter(starter_row(people=[{"name": "Ida Lind", "role": "director"}]))

    title = Title.objects.get()
    assert (title.id, title.kind, title.season_count) == (UUID(COMMITTED), "movie", None)
    assert record("s1").title_id == title.id
    assert set(TitleAlias.objects.filter(title=title).values_list("id", flat=True)) >= {made}


def test_a_note_joins_the_film_that_it_is_about():
    take_in_starter(starter_row(imdb_id="tt0000001"))
    note = {"imdb_id": "tt0000001", "title": "Harbour Lights", "year": 1999, "synopsis": PLOT, "moods": ["dark"]}

    take_in_starter(note, layout="editorial")

    title = Title.objects.get()
    assert (title.id, title.synopsis, title.moods) == (UUID(COMMITTED), PLOT, ["dark"])


def test_a_note_may_come_before_the_film_that_it_is_about():
    note = {"imdb_id": "tt0000001", "title": "Harbour Lights", "year": 1999, "synopsis": PLOT}
    film = starter_row(imdb_id="tt0000001") | {"wikidata_id": "Q1"}

    take_in_starter(note, film, layout="editorial")

    assert Title.objects.get().id == UUID(COMMITTED)
    assert set(StagedRecord.objects.values_list("title_id", flat=True)) == {UUID(COMMITTED)}


def test_two_rows_of_a_source_of_distinct_works_never_meet():
    take_in_starter(starter_row(), starter_row(id=COMMITTED.replace("1", "2"), wikidata_id="Q2"))

    assert Title.objects.count() == 2


def test_unmasked_ids_are_asserted():
    take_in(justwatch_row(imdb_id="tt0000001"))

    (profile,) = content.get_match_profiles([Title.objects.get().id])
    assert profile.external_ids == {("justwatch", "tm1"), ("imdb", "tt0000001")}


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_statements_does_not_grow_with_the_rows(count, django_assert_max_num_queries):
    rows = [justwatch_row(id=f"tm{n}", title=f"Film {n}", description=f"{PLOT} {n}") for n in range(count)]

    with django_assert_max_num_queries(45):
        take_in(*rows)
    with django_assert_max_num_queries(45):
        take_in(*[row | {"runtime": "90"} for row in rows], as_of=DAY_2023)


def test_rows_that_are_known_cost_almost_nothing(django_assert_max_num_queries):
    rows = [justwatch_row(id=f"tm{n}", title=f"Film {n}", description=f"{PLOT} {n}") for n in range(30)]
    take_in(*rows)

    with django_assert_max_num_queries(5):
        take_in(*rows)
