"""What the catalogue says of the items that models are made for."""

from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

import numpy as np

from apps.content import api as content
from apps.content.contracts import IdScheme, IndexEntry, Role, TitleId
from apps.sona.domain.content_features import TitleFeatures, fit_content
from apps.sona.domain.training import Catalogue

T = TypeVar("T")

#: Titles that are read at once.
_BATCH = 500
#: Actors that count, in billing order; a director counts twice.
_ACTORS = 5


def describe_imdb_items(imdb_ids: Sequence[str]) -> Catalogue:
    """
    Describe items that are known by their IMDb ids, "tt0133093" or "133093"; one the catalogue lacks is a blank.

    Six SQL statements for every 500 ids.
    """
    titles: dict[str, TitleId] = {}
    names = [f"tt{int(value):07d}" if value.isdigit() else value for value in imdb_ids]
    for batch in _batches(names):
        pairs = [(IdScheme.IMDB.value, value) for value in batch]
        titles |= {value: title for (_, value), title in content.find_by_external_ids(pairs).items()}
    entries = {entry.id: entry for entry in read_entries(sorted(set(titles.values())))}
    features = [describe(entries.get(titles[each])) if each in titles else TitleFeatures() for each in names]
    return Catalogue(fit_content(features), np.zeros(len(features), np.float32))


def read_entries(ids: Sequence[UUID]) -> Iterator[IndexEntry]:
    """Read titles in the catalogue's order of each batch; five SQL statements for every 500."""
    for batch in _batches(ids):
        yield from content.list_index_entries(batch)


def describe(entry: IndexEntry | None) -> TitleFeatures:
    """Say what a title is like; None is a title of which nothing is known."""
    if entry is None:
        return TitleFeatures()
    directors = [f"d:{person.id}" for person in entry.people if person.role in (Role.DIRECTOR, Role.CREATOR)]
    actors = [f"a:{person.id}" for person in entry.people if person.role is Role.ACTOR][:_ACTORS]
    return TitleFeatures(
        genres=entry.genres,
        people=(*directors, *directors, *actors),
        themes=(*entry.moods, *entry.themes),
        year=entry.release_year,
    )


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
