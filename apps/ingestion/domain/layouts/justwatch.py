"""
JustWatch-style catalogue CSV: one row per work that a platform lists, ids of JustWatch and of IMDb.

`imdb_score` and `imdb_votes` are IMDb's property and are dropped; TMDB's figures may be used with attribution.
"""

import ast
import re
from typing import Final

from apps.content.contracts import CertificateDraft, ExternalIdDraft, IdScheme, Kind
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
    read_real,
    read_runtime,
    read_text,
    read_whole,
    read_year,
    seasons_by_number,
)
from apps.ingestion.domain.titles import MAX_TITLE, read_title

_IMDB_ID: Final = re.compile(r"tt\d{7,10}")
#: TMDB's popularity has no upper end; beyond this it is a slip.
_MAX_POPULARITY: Final = 1e6


def _read_id(row: Row) -> str:
    return read_text(row["id"], max_length=MAX_SOURCE_ID)


def _read_facts(row: Row, context: RowContext) -> TitleFacts:
    reading = read_title(read_text(row["title"], max_length=MAX_TITLE))
    if not reading.title:
        raise BadRowError("no_title")
    runtime_minutes = read_runtime(row["runtime"])
    match row["type"].strip().upper():
        case "MOVIE":
            kind = film_kind(runtime_minutes)
        case "SHOW":
            kind = Kind.SERIES
        case _:
            raise BadRowError("unknown_type")
    seasons = read_whole(row["seasons"], among=range(1, MAX_SEASONS + 1)) if kind is Kind.SERIES else None
    rating = read_text(row["age_certification"], max_length=16)
    countries = map_countries(_read_list(row["production_countries"]))
    return TitleFacts(
        kind=kind,
        title=reading.title,
        is_title_damaged=reading.is_damaged,
        spellings=reading.spellings,
        edition=reading.edition,
        synopsis=read_text(row["description"], max_length=MAX_SYNOPSIS),
        year=read_year(row["release_year"]) or reading.year,
        runtime_minutes=runtime_minutes,
        seasons=seasons_by_number(seasons),
        genres=genres.map_genres(_read_list(row["genres"]), genres.JUSTWATCH),
        countries=countries or ((reading.country,) if reading.country else ()),
        certificates=(CertificateDraft(context.region, rating),) if rating else (),
        external_ids=() if context.mask_ids else _read_external_ids(row),
        tmdb_popularity=read_real(row["tmdb_popularity"], most=_MAX_POPULARITY),
        tmdb_score=read_real(row["tmdb_score"], most=10.0) or None,  # 0 is TMDB's "nobody voted"
    )


def _read_external_ids(row: Row) -> tuple[ExternalIdDraft, ...]:
    imdb_id = row["imdb_id"].strip()
    own = ExternalIdDraft(IdScheme.JUSTWATCH, _read_id(row))
    return (own, ExternalIdDraft(IdScheme.IMDB, imdb_id)) if _IMDB_ID.fullmatch(imdb_id) else (own,)


def _read_list(text: str) -> tuple[str, ...]:
    """Read a list that was printed by Python; what cannot be read is an empty list."""
    try:
        found = ast.literal_eval(text) if text else ()
    except (ValueError, SyntaxError):
        return ()
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


JUSTWATCH_CSV: Final = Layout(
    slug="justwatch-csv",
    read_id=_read_id,
    read_facts=_read_facts,
    columns=(
        "id", "title", "type", "description", "release_year", "age_certification", "runtime", "genres",
        "production_countries", "seasons", "imdb_id", "imdb_score", "imdb_votes", "tmdb_popularity", "tmdb_score",
    ),
    own_id_scheme=IdScheme.JUSTWATCH,
    one_text_per_work=True,
    offer_confidence=0.9,
)  # fmt: skip
