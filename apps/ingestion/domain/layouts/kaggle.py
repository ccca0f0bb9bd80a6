"""
Kaggle-style catalogue CSV: one row per entry that a platform lists, without ids that mean anything elsewhere.

`show_id` numbers the rows of one file, so a later file of the same platform may give the number to another work.
On most platforms a series bears the year of its latest season, and on Prime Video a film that of its last edition.
`date_added` is the day on which the entry joined the list: it says when the snapshot was taken, not how long an offer
holds, and is not kept.
"""

import re
from typing import Final

from apps.content.contracts import CertificateDraft, CreditDraft, Kind, Role
from apps.ingestion.domain import genres
from apps.ingestion.domain.countries import map_countries
from apps.ingestion.domain.facts import TitleFacts
from apps.ingestion.domain.layouts.base import (
    MAX_SEASONS,
    MAX_SOURCE_ID,
    MAX_SYNOPSIS,
    BadRowError,
    Layout,
    Row,
    RowContext,
    film_kind,
    read_names,
    read_runtime,
    read_text,
    read_whole,
    read_year,
    seasons_by_number,
)
from apps.ingestion.domain.titles import MAX_TITLE, read_title

#: Platforms whose films bear the year of an edition: a fifth of Prime Video's stand later than in other catalogues.
_EDITION_YEARS: Final = frozenset({"prime_video"})
#: Platforms whose series bear the year of their first season; of 967 series of Hulu that others know, 888 do.
_FIRST_YEARS: Final = frozenset({"hulu", "disney_plus"})
_MAX_PEOPLE_TEXT: Final = 4000
_MAX_CAST: Final = 30
_DURATION: Final = re.compile(r"(\d+) (min|seasons?)", re.IGNORECASE)
#: What stands in the rating column when there is no rating, folded to upper-case letters and digits.
_UNRATED: Final = frozenset({"", "NR", "UR", "UNRATED", "NOTRATED", "NOTRATE", "TVNR", "NA"})
_BARE_AGE: Final = re.compile(r"(?:AGES)?(\d{1,2})")
_NOT_ALNUM: Final = re.compile(r"[^A-Z0-9]")
#: Words before a list of names that name nobody.
_CAST_LEAD: Final = re.compile(r"^(?:interviews? with|featuring|starring|narrated by|hosted by):?\s+", re.IGNORECASE)
_NOBODY: Final = frozenset({"more!", "more", "n/a", "na", "none", "unknown", "various", "various directors"})


def _read_id(row: Row) -> str:
    return read_text(row["show_id"], max_length=MAX_SOURCE_ID)


def _read_facts(row: Row, context: RowContext) -> TitleFacts:
    reading = read_title(read_text(row["title"], max_length=MAX_TITLE))
    if not reading.title:
        raise BadRowError("no_title")
    duration = _DURATION.fullmatch(row["duration"].strip())
    amount, unit = (duration[1], duration[2].lower()) if duration else ("", "")
    runtime_minutes = read_runtime(amount) if unit == "min" else None
    kind = _read_kind(row["type"], unit, runtime_minutes)
    is_series = kind is Kind.SERIES
    seasons = read_whole(amount, among=range(1, MAX_SEASONS + 1)) if unit.startswith("season") else None
    rating = _read_rating(row["rating"])
    countries = map_countries(row["country"].split(","))
    return TitleFacts(
        kind=kind,
        title=reading.title,
        is_title_damaged=reading.is_damaged,
        spellings=reading.spellings,
        edition=reading.edition,
        synopsis=read_text(row["description"], max_length=MAX_SYNOPSIS),
        year=read_year(row["release_year"]) or reading.year,
        is_year_bound=context.platform not in _FIRST_YEARS if is_series else context.platform in _EDITION_YEARS,
        runtime_minutes=None if is_series else runtime_minutes,
        seasons=seasons_by_number(seasons),
        genres=genres.map_genres(row["listed_in"].split(","), genres.LISTED_IN),
        countries=countries or ((reading.country,) if reading.country else ()),
        people=_read_people(row),
        has_billing_order=True,
        certificates=(CertificateDraft(context.region, rating),) if rating else (),
    )


def _read_kind(printed: str, unit: str, runtime_minutes: int | None) -> Kind:
    """Read the kind; a "movie" that lasts seasons is a series, as Hulu's rows have it."""
    printed = printed.strip().lower()
    if printed not in {"movie", "tv show"}:
        raise BadRowError("unknown_type")
    return Kind.SERIES if printed == "tv show" or unit.startswith("season") else film_kind(runtime_minutes)


def _read_rating(printed: str) -> str:
    """Read a certificate, or a service's own age mark in its usual form ("16+", "ALL"); "" when unrated."""
    rating = read_text(printed, max_length=16)
    folded = _NOT_ALNUM.sub("", rating.upper())
    if folded in _UNRATED or _DURATION.fullmatch(rating):
        return ""
    if folded in {"ALL", "ALLAGES"}:
        return "ALL"
    age = _BARE_AGE.fullmatch(folded)
    return f"{int(age[1])}+" if age else rating


def _read_people(row: Row) -> tuple[CreditDraft, ...]:
    people = [
        CreditDraft(name, role)
        for column, role in (("director", Role.DIRECTOR), ("cast", Role.ACTOR))
        for name in read_names(_CAST_LEAD.sub("", read_text(row[column], max_length=_MAX_PEOPLE_TEXT)))[:_MAX_CAST]
        if name.lower() not in _NOBODY
    ]
    return tuple(people)


KAGGLE_CSV: Final = Layout(
    slug="kaggle-csv",
    read_id=_read_id,
    read_facts=_read_facts,
    columns=(
        "show_id", "type", "title", "director", "cast", "country", "date_added", "release_year", "rating", "duration",
        "listed_in", "description",
    ),
    numbered_rows=True,
    offer_confidence=0.7,
)  # fmt: skip
