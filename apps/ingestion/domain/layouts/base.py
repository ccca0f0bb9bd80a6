"""What every layout has in common, and readers of single values that several layouts share."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.content.contracts import Kind
from apps.ingestion.domain.facts import TitleFacts
from mediagateway.http.text import clean_text

#: Longest texts kept, in characters.
MAX_SYNOPSIS: Final = 5000
MAX_NAME: Final = 200
MAX_SOURCE_ID: Final = 200
#: A film below this many minutes is a short; the starter catalogue draws the same line.
SHORT_BELOW_MINUTES: Final = 40
MAX_RUNTIME_MINUTES: Final = 1440
MAX_SEASONS: Final = 100
YEARS: Final = range(1870, 2101)

_WHOLE: Final = re.compile(r"\d+(?:\.0+)?")
#: A part of a name that belongs to the name before the comma.
_NAME_TAIL: Final = re.compile(r"(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d)\.?", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")

Row = Mapping[str, Any]


class BadRowError(Exception):
    """A row that cannot become a record; the message is the reason that is staged with it."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """
    What the caller knows about all rows of a run.

    Attributes:
        platform: Slug of the platform that is listed, "" when the rows are about works alone.
        region: Alpha-2 of the listing, whose certificates are that region's.
        mask_ids: Leave out every id of other naming systems and the feed's own, for evaluations of resolution.
    """

    platform: str
    region: str
    mask_ids: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """
    A way in which records arrive.

    Attributes:
        slug: Permanent name, also of the source.
        read_id: The source's own id of a row, "" when it has none; a row that is rejected later keeps it.
        read_facts: A row's facts; raises `BadRowError` when there is no telling what the row is about.
        columns: Columns of the CSV file, empty for JSON Lines.
        own_id_scheme: Scheme of the external id that is the row's own id everywhere in this layout, "" when none is.
        one_text_per_work: The source writes one synopsis of a work for all platforms, so two texts are two works.
        numbered_rows: A row's id is its number in one file, so a later file may give it to another work.
        distinct_rows: Two rows of this source are always two works, however alike they look.
        offer_confidence: How far its listings are believed, 0..1.
    """

    slug: str
    read_id: Callable[[Row], str]
    read_facts: Callable[[Row, RowContext], TitleFacts]
    columns: tuple[str, ...] = ()
    own_id_scheme: str = ""
    one_text_per_work: bool = False
    numbered_rows: bool = False
    distinct_rows: bool = False
    offer_confidence: float = 1.0


def read_text(value: object, *, max_length: int) -> str:
    """Clean a text; what is no text is no value."""
    return clean_text(value, max_length=max_length) if isinstance(value, str) and value else ""


def read_whole(value: object, *, among: range) -> int | None:
    """Read a whole number of a range; anything else is no value."""
    text = str(value).strip()
    if not _WHOLE.fullmatch(text):
        return None
    number = int(float(text))
    return number if number in among else None


def read_year(value: object) -> int | None:
    """Read a year of release."""
    return read_whole(value, among=YEARS)


def read_runtime(value: object) -> int | None:
    """Read a runtime in minutes."""
    return read_whole(value, among=range(1, MAX_RUNTIME_MINUTES + 1))


def read_real(value: object, *, most: float) -> float | None:
    """Read a number from 0 to `most`; anything else is no value."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if 0.0 <= number <= most else None


def read_names(listed: str) -> tuple[str, ...]:
    """Split a comma-separated list of people; "Jr." stays with its name, and what has no letter is nobody."""
    names: list[str] = []
    for part in listed.split(","):
        name = " ".join(part.split())[:MAX_NAME]
        if names and _NAME_TAIL.fullmatch(name):
            names[-1] = f"{names[-1]}, {name}"
        elif _LETTER.search(name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def film_kind(runtime_minutes: int | None) -> Kind:
    """Tell a film from a short by its runtime."""
    return Kind.SHORT if runtime_minutes is not None and runtime_minutes < SHORT_BELOW_MINUTES else Kind.MOVIE


def seasons_by_number(count: int | None) -> tuple[None, ...]:
    """Seasons of which only the number is known."""
    return (None,) * (count or 0)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Keep each value once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))
