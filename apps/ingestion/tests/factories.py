"""Facts, rows and feed files as small as a test allows."""

import csv
import gzip
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps

from apps.content.contracts import Kind
from apps.ingestion.domain.facts import RecordKey, TitleFacts
from apps.ingestion.domain.layouts import LAYOUTS
from apps.ingestion.domain.profiles import Profile, profile_of
from apps.ingestion.services.arrivals import Shelf

DAY_2022 = datetime(2022, 7, 1, tzinfo=UTC)
DAY_2023 = datetime(2023, 6, 1, tzinfo=UTC)

#: The catalogue's tables, to see what a run left there; by name, because no app imports another's models.
Title: Any = apps.get_model("content", "Title")
TitleAlias: Any = apps.get_model("content", "TitleAlias")
Offer: Any = apps.get_model("content", "Offer")
OfferSnapshot: Any = apps.get_model("content", "OfferSnapshot")

#: Shared words that tell works apart; a synopsis of its first half is half like one of all.
PLOT = "Bookkeeper Harriet smuggles seventeen stolen violins across frozen Lapland before Cossack smugglers notice."


def make_facts(**values) -> TitleFacts:
    defaults: dict[str, Any] = {"kind": Kind.MOVIE, "title": "Harbour Lights", "year": 1999}
    return TitleFacts(**defaults | values)


def make_key(source_id: str = "tm1", *, source: str = "justwatch-csv", platform: str = "netflix") -> RecordKey:
    return RecordKey(source, platform, source_id)


def make_profile(key: RecordKey | None = None, **values) -> Profile:
    return profile_of(key or make_key(), make_facts(**values))


def make_shelf(
    layout: str = "justwatch-csv", *, platform: str = "netflix", as_of: datetime = DAY_2022, mask_ids: bool = False
) -> Shelf:
    return Shelf(LAYOUTS[layout], platform, "US", as_of, mask_ids)


def justwatch_row(**values: str) -> dict[str, str]:
    return {
        "id": "tm1",
        "title": "Harbour Lights",
        "type": "MOVIE",
        "description": PLOT,
        "release_year": "1999",
        "age_certification": "",
        "runtime": "101",
        "genres": "['drama']",
        "production_countries": "['US']",
        "seasons": "",
        "imdb_id": "",
        "imdb_score": "9.9",
        "imdb_votes": "100",
        "tmdb_popularity": "",
        "tmdb_score": "",
    } | values


def kaggle_row(**values: str) -> dict[str, str]:
    return {
        "show_id": "s1",
        "type": "Movie",
        "title": "Harbour Lights",
        "director": "",
        "cast": "",
        "country": "United States",
        "date_added": "25-Sep-21",
        "release_year": "1999",
        "rating": "",
        "duration": "101 min",
        "listed_in": "Dramas",
        "description": PLOT,
    } | values


def write_feed(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as the CSV that their layout is, gzip when the name says so."""
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
