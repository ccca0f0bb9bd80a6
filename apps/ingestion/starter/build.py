"""Build the starter catalogue's film file from a Wikidata snapshot.

The source is ``movies.db`` of the PyPI package ``bokeh_sampledata`` (SQLite, tables ``omdb`` and ``tomatoes``):
17,472 films of 1940 to 2014 taken from Wikidata on 2026-10-18, CC0-1.0. Its ``ID`` column is the number of the
film's Wikidata item. What the snapshot cannot tell is left out rather than guessed:

* a release date of 1 January is how Wikidata writes "that year", so only other days count as dates;
* the ``Cast`` column is alphabetical, not in billing order: the actors keep that order here, and it says
  nothing about who has the lead;
* runtimes below five minutes and gross figures that are no whole number of dollars are slips of the source;
* where two items claim one IMDb id (a film and its later cut), the item with the lower number keeps it.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from apps.ingestion.starter.codes import COUNTRIES, GENRE_ORDER, GENRES, LANGUAGES, MPAA_RATINGS

#: Namespace of the ids minted here; changing it would give every film of the catalogue a new identity.
NAMESPACE: Final = UUID("6f1c0b0e-8a55-5d0c-9d1f-2f6a4f0b7c31")

MAX_PEOPLE: Final = 30
MAX_GENRES: Final = 8
MIN_RUNTIME: Final = 5
MAX_RUNTIME: Final = 1440
SHORT_BELOW: Final = 40

_QUERY: Final = """
    SELECT o.ID, o.imdbID, o.Title, o.Year, o.Released, o.Rating, o.Runtime, o.Genre, o.Language, o.Country,
           o.Director, o.Writer, o."Cast", o.Metacritic, o.Oscars, t.Rating, t.Meter, t.Reviews, t.BoxOffice
    FROM omdb AS o JOIN tomatoes AS t ON t.ID = o.ID
    ORDER BY o.Year, o.Title, o.ID
"""
_IMDB_ID: Final = re.compile(r"tt[0-9]{7,8}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Wikipedia page names that slipped in as titles: "Faust (2011 film)", "Godspell (film)".
_PAGE_SUFFIX: Final = re.compile(r" \((?:[0-9]{4} )?film\)$")
#: A part of a name that belongs to the name before the comma: "Sammy Davis, Jr.", "Catherine, Princess of Wales".
_NAME_TAIL: Final = re.compile(
    r"(?:Jr|Sr)\.?|I{2,3}|IV|[0-9]+(?:st|nd|rd|th) .+|(?:Duke|Duchess|Countess|Prince|Princess|Prince Consort) of .+"
)


@dataclass(frozen=True, slots=True)
class FilmRow:
    """One film as the snapshot has it; column order is that of the query."""

    number: int
    imdb_id: str
    title: str
    year: int
    released: str
    rating: str | None
    runtime: float | None
    genre: str | None
    language: str | None
    country: str | None
    director: str | None
    writer: str | None
    cast: str | None
    metacritic: int | None
    oscars: int | None
    tomatoes_average: float | None
    tomatoes_meter: int | None
    tomatoes_reviews: int | None
    box_office: float | None

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors' names, alphabetical as in the snapshot."""
        return _names(self.cast)


def read_rows(source: Path) -> list[FilmRow]:
    """Read every film of the snapshot.

    Args:
        source: The SQLite file ``movies.db``; it is opened read-only.

    Returns:
        The films by year, title and Wikidata number.
    """
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return [FilmRow(*row) for row in connection.execute(_QUERY)]


def build_films(source: Path) -> Iterator[dict[str, object]]:
    """Turn the snapshot into starter titles (``starter/title.schema.json``).

    Args:
        source: The SQLite file ``movies.db``.

    Yields:
        One starter title per film, by year, title and Wikidata number.
    """
    rows = read_rows(source)
    appearances = Counter(name for row in rows for name in row.actors)
    owners: dict[str, int] = {}
    for row in rows:
        owners[row.imdb_id] = min(row.number, owners.get(row.imdb_id, row.number))
    for row in rows:
        owned = bool(_IMDB_ID.fullmatch(row.imdb_id)) and owners[row.imdb_id] == row.number
        yield _film(row, row.imdb_id if owned else None, appearances)


def write_films(source: Path, target: Path) -> int:
    """Write the starter titles as gzip JSON Lines, the same bytes for the same snapshot and zlib.

    Args:
        source: The SQLite file ``movies.db``.
        target: The ``.jsonl.gz`` file to write or replace.

    Returns:
        How many titles were written.
    """
    count = 0
    with target.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        for film in build_films(source):
            line = json.dumps(film, ensure_ascii=False, separators=(",", ":"))
            packed.write(f"{line}\n".encode())
            count += 1
    return count


def unknown_values(source: Path) -> dict[str, Counter[str]]:
    """Count the labels that no code table knows; all empty for the snapshot the tables were made from.

    Args:
        source: The SQLite file ``movies.db``.

    Returns:
        By column name, the unknown labels and how many films carry each.
    """
    unknown: dict[str, Counter[str]] = {"Genre": Counter(), "Language": Counter(), "Country": Counter()}
    for row in read_rows(source):
        unknown["Genre"].update(label for label in _split(row.genre) if label not in GENRES)
        unknown["Language"].update(label for label in _split(row.language) if label not in LANGUAGES)
        unknown["Country"].update(label for label in _split(row.country) if label not in COUNTRIES)
    return unknown


def _film(row: FilmRow, imdb_id: str | None, appearances: Mapping[str, int]) -> dict[str, object]:
    runtime = int(row.runtime) if row.runtime and MIN_RUNTIME <= row.runtime <= MAX_RUNTIME else None
    languages = _codes(row.language, LANGUAGES)
    film: dict[str, object] = {
        "id": str(uuid5(NAMESPACE, imdb_id or f"movies.db:{row.number}")),
        "kind": "short" if runtime is not None and runtime < SHORT_BELOW else "movie",
        "title": _PAGE_SUFFIX.sub("", row.title.strip()),
        "year": row.year,
        "genres": _genres(row.genre),
        "countries": _codes(row.country, COUNTRIES),
        "people": _people(row, appearances),
        "wikidata_id": f"Q{row.number}",
    }
    if imdb_id is not None:
        film["imdb_id"] = imdb_id
    if _DATE.fullmatch(row.released) and not row.released.endswith("-01-01"):
        film["release_date"] = row.released
    if runtime is not None:
        film["runtime_minutes"] = runtime
    if row.rating in MPAA_RATINGS:
        film["certificates"] = {"US": row.rating}
    if languages:
        film["languages"] = languages
    if len(_split(row.language)) == 1 and languages:  # the column lists original languages, alphabetically
        film["original_language"] = languages[0]
    if scores := _scores(row):
        film["scores"] = scores
    if row.box_office and row.box_office.is_integer():
        film["box_office_usd"] = int(row.box_office)
    if row.oscars:
        film["awards"] = {"oscars": row.oscars}
        # What search's "oscar winners" asks for.
        film["themes"] = ["oscar winner"]
    return film


def _genres(labels: str | None) -> list[str]:
    found = {slug for label in _split(labels) for slug in GENRES.get(label, ())}
    if "documentary" in found:
        found.discard("musical")
    return sorted(found, key=GENRE_ORDER.index)[:MAX_GENRES]


def _people(row: FilmRow, appearances: Mapping[str, int]) -> list[dict[str, str]]:
    """Credits: directors, writers, actors, at most ``MAX_PEOPLE``.

    When there are more, actors go first: those with the fewest films in the snapshot, and among equals the last
    of the alphabet. Writers and directors are cut (from the end) only when they alone are too many.
    """
    crew = [{"name": name, "role": "director"} for name in _names(row.director)]
    crew += [{"name": name, "role": "writer"} for name in _names(row.writer)]
    crew = crew[:MAX_PEOPLE]
    known = sorted(row.actors, key=lambda name: -appearances[name])  # stable: equals stay alphabetical
    kept = set(known[: MAX_PEOPLE - len(crew)])
    return crew + [{"name": name, "role": "actor"} for name in row.actors if name in kept]


def _scores(row: FilmRow) -> list[dict[str, object]]:
    scores: list[dict[str, object]] = []
    reviews = {} if row.tomatoes_reviews is None else {"count": row.tomatoes_reviews}
    if row.tomatoes_meter is not None:
        scores.append({"source": "rotten_tomatoes", "score": row.tomatoes_meter, "out_of": 100, **reviews})
    if row.tomatoes_average is not None:
        average = {"source": "rotten_tomatoes_average", "score": row.tomatoes_average, "out_of": 10}
        scores.append(average | reviews)
    if row.metacritic is not None:
        scores.append({"source": "metacritic", "score": row.metacritic, "out_of": 100})
    return scores


def _names(column: str | None) -> tuple[str, ...]:
    names: list[str] = []
    for part in _split(column):
        if names and _NAME_TAIL.fullmatch(part):
            names[-1] = f"{names[-1]}, {part}"
        elif not part.startswith("list of "):  # Wikidata list pages that slipped in as cast
            names.append(part)
    return _unique(names)


def _codes(column: str | None, table: Mapping[str, str | None]) -> list[str]:
    return list(_unique(code for label in _split(column) if (code := table.get(label))))


def _split(column: str | None) -> list[str]:
    return [part for part in (piece.strip() for piece in (column or "").split(",")) if part]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def main() -> None:
    """Write the shipped file from the installed snapshot, and say which labels of it no code table knows."""
    source = Path(str(files("bokeh_sampledata"))) / "_data" / "movies.db"
    sys.stdout.write(f"{write_films(source, Path(__file__).with_name('wikidata_films.jsonl.gz')):,} films\n")
    for column, labels in unknown_values(source).items():
        for label, count in labels.most_common():
            sys.stdout.write(f"{column} unknown, left out of {count:,} films: {label}\n")


if __name__ == "__main__":
    main()
