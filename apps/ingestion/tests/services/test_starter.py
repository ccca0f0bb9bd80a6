"""The starter catalogue: committed ids, lasting offers, and loading again."""

import gzip
import json
from uuid import UUID

import pytest

from apps.ingestion.errors import UnreadableFileError
from apps.ingestion.models import IngestionRun, StagedRecord
from apps.ingestion.services.batches import Tally
from apps.ingestion.services.starter import apply_lasting_offers, list_starter_files, load_starter_file
from apps.ingestion.tests.factories import PLOT, Offer, Title

FILM = UUID("11111111-1111-4111-8111-111111111111")
SERIES = UUID("22222222-2222-4222-8222-222222222222")
OFFER = {
    "platform": "netflix",
    "type": "subscription",
    "regions": ["US", "GB"],
    "asserted_on": "2026-11-22",
    "basis": "platform original",
    "native_id": "80057281",
}


@pytest.fixture
def starter(tmp_path):
    """A starter folder: a Wikidata film, a note on it, and a series with a lasting offer."""
    film = {
        "id": str(FILM), "kind": "movie", "title": "Harbour Lights", "year": 1999, "genres": ["drama"],
        "countries": ["US"], "people": [{"name": "Ana Roth", "role": "director"}], "wikidata_id": "Q1",
        "imdb_id": "tt0000001",
    }  # fmt: skip
    note = {"imdb_id": "tt0000001", "title": "Harbour Lights", "year": 1999, "synopsis": PLOT, "offers": [OFFER]}
    series = {
        "id": str(SERIES), "kind": "series", "title": "Night Ferry", "year": 2016, "end_year": 2019, "seasons": [2, 1],
        "status": "ended", "genres": ["crime"], "countries": ["NO"], "people": [], "offers": [OFFER],
    }  # fmt: skip
    (tmp_path / "films.jsonl.gz").write_bytes(gzip.compress(json.dumps(film).encode()))
    (tmp_path / "notes.jsonl").write_text(json.dumps(note))
    (tmp_path / "series.jsonl").write_text(json.dumps(series))
    manifest = [
        {"file": "films.jsonl.gz", "source": "wikidata", "as_of": "2026-10-18"},
        {"file": "notes.jsonl", "source": "editorial", "as_of": "2026-11-22"},
        {"file": "series.jsonl", "source": "editorial", "as_of": "2026-11-22"},
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def load(folder):
    tallies = [load_starter_file(file, on_progress=lambda *_: None) for file in list_starter_files(folder)]
    return tallies, apply_lasting_offers()


@pytest.mark.django_db
def test_titles_keep_their_committed_ids(starter):
    tallies, changes = load(starter)

    film, series = Title.objects.get(id=FILM), Title.objects.get(id=SERIES)
    assert tallies == [Tally(new=1)] * 3
    assert (film.title, film.synopsis) == ("Harbour Lights", PLOT)
    assert film.provenance["synopsis"]["source"] == "editorial"
    assert film.provenance["title"]["record"] == "editorial/note-tt0000001"
    assert (series.season_count, series.episode_count, series.end_year) == (2, 3, 2019)
    assert changes == 4


@pytest.mark.django_db
def test_lasting_offers_keep_basis_time_and_native_id(starter):
    load(starter)

    offer = Offer.objects.get(title_id=SERIES, region="GB")
    assert (offer.basis, offer.native_id, offer.source_id) == ("platform original", "80057281", "editorial")
    assert offer.known_from.date().isoformat() == "2026-11-22"


@pytest.mark.django_db
def test_parts_get_the_same_ids_in_every_installation(starter):
    load(starter)
    first = set(Title.objects.filter(kind="episode").values_list("id", flat=True))
    StagedRecord.objects.all().delete()
    IngestionRun.objects.all().delete()
    Title.objects.all().delete()

    load(starter)

    assert set(Title.objects.filter(kind="episode").values_list("id", flat=True)) == first


@pytest.mark.django_db
def test_loading_again_passes_over_what_is_loaded(starter):
    load(starter)
    before = list(Title.objects.order_by("id").values())

    assert load(starter) == ([None, None, None], 0)
    assert list(Title.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_a_grown_file_adds_to_what_is_loaded(starter):
    load(starter)
    more = {
        "id": str(UUID(int=7)), "kind": "movie", "title": "Third", "year": 2001, "genres": [], "countries": [],
        "people": [],
    }  # fmt: skip
    path = starter / "series.jsonl"
    path.write_text(path.read_text() + "\n" + json.dumps(more))

    tallies, _ = load(starter)

    assert tallies == [None, None, Tally(new=1, unchanged=1)]


def test_a_folder_without_manifest_is_no_starter_catalogue(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"manifest\.json"):
        list_starter_files(tmp_path)


def test_every_file_of_the_shipped_catalogue_is_there():
    files = list_starter_files()

    assert [file.path.name for file in files if not file.path.is_file()] == []
    assert {file.source for file in files} == {"wikidata", "editorial"}
