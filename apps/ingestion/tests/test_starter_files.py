"""What our editors wrote: lines that hold to their schemas, and name each work once."""

import gzip
import json
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from apps.ingestion.services.starter import STARTER_FOLDER, list_starter_files

pytestmark = pytest.mark.once

WIKIDATA = "wikidata_films.jsonl.gz"
NOTES = "film_notes.jsonl"


def read(name):
    """The lines of a file."""
    opened = gzip.open if name.endswith(".gz") else open
    with opened(STARTER_FOLDER / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def editorial():
    """Lines by file, but for those that the build writes."""
    names = [file.path.name for file in list_starter_files() if file.path.name != WIKIDATA]
    return {name: read(name) for name in names}


def test_lines_hold_to_their_schemas(editorial):
    wrong = []
    for name, lines in editorial.items():
        schema = "film_note.schema.json" if name == NOTES else "title.schema.json"
        validator = Draft202012Validator(json.loads((STARTER_FOLDER / schema).read_text(encoding="utf-8")))
        wrong += [
            f"{name}: {line.get('title')}: {error.message[:200]}"
            for line in lines
            for error in validator.iter_errors(line)
        ]

    assert not wrong


def test_each_work_is_written_once(editorial):
    known = {film["imdb_id"] for film in read(WIKIDATA) if "imdb_id" in film}
    titles = [line for name, lines in editorial.items() if name != NOTES for line in lines]
    notes = editorial[NOTES]
    ids = Counter(line["imdb_id"] for line in (*titles, *notes) if "imdb_id" in line)

    assert [each for each, count in ids.items() if count > 1] == []
    assert [each for each, count in Counter(line["id"] for line in titles).items() if count > 1] == []
    assert [note["title"] for note in notes if note["imdb_id"] not in known] == []
    assert [title["title"] for title in titles if title.get("imdb_id") in known] == []
