"""
The starter catalogue's JSON Lines: films from Wikidata, titles of our editors, and their notes on Wikidata's films.

The lines were checked against `starter/*.schema.json` when they were committed, so they are read without suspicion;
a line that breaks its schema is a `KeyError` and stops the load.
"""

from datetime import date
from typing import Final

from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    IdScheme,
    Kind,
    NameDraft,
    OfferType,
    Role,
    ScoreDraft,
    SeriesStatus,
)
from apps.ingestion.domain.facts import OfferFact, TitleFacts
from apps.ingestion.domain.layouts.base import MAX_SYNOPSIS, Layout, Row, RowContext, read_text
from apps.ingestion.domain.titles import MAX_TITLE, read_title


def _read_wikidata_id(row: Row) -> str:
    return str(row["wikidata_id"])


def _read_editorial_id(row: Row) -> str:
    """Name a title by its own UUID, a note by the film that it is about."""
    return str(row["id"]) if "id" in row else f"note-{row['imdb_id']}"


def _read_wikidata(row: Row, _context: RowContext) -> TitleFacts:
    return _read_facts(row, has_billing_order=False)


def _read_editorial(row: Row, _context: RowContext) -> TitleFacts:
    return _read_facts(row, has_billing_order=True)


def _read_facts(row: Row, *, has_billing_order: bool) -> TitleFacts:
    title = read_text(row["title"], max_length=MAX_TITLE)
    status, release_date = row.get("status"), row.get("release_date")
    return TitleFacts(
        kind=Kind(row.get("kind", Kind.MOVIE)),
        title=title,
        spellings=read_title(title).spellings,
        original_title=row.get("original_title", ""),
        original_language=row.get("original_language", ""),
        names=tuple(NameDraft(name, language) for language, name in row.get("names", {}).items()),
        synopsis=read_text(row.get("synopsis", ""), max_length=MAX_SYNOPSIS),
        year=row["year"],
        end_year=row.get("end_year"),
        release_date=date.fromisoformat(release_date) if release_date else None,
        runtime_minutes=row.get("runtime_minutes"),
        seasons=tuple(row.get("seasons", ())),
        status=SeriesStatus(status) if status else None,
        genres=tuple(row.get("genres", ())),
        moods=tuple(row.get("moods", ())),
        themes=tuple(row.get("themes", ())),
        countries=tuple(row.get("countries", ())),
        languages=tuple(row.get("languages", ())),
        people=tuple(CreditDraft(p["name"], Role(p["role"]), p.get("character", "")) for p in row.get("people", ())),
        has_billing_order=has_billing_order,
        certificates=tuple(CertificateDraft(*pair) for pair in row.get("certificates", {}).items()),
        scores=tuple(ScoreDraft(s["source"], s["score"], s["out_of"], s.get("count")) for s in row.get("scores", ())),
        external_ids=tuple(
            ExternalIdDraft(scheme, row[name])
            for name, scheme in (("imdb_id", IdScheme.IMDB), ("wikidata_id", IdScheme.WIKIDATA))
            if name in row
        ),
        offers=tuple(_read_offer(offer) for offer in row.get("offers", ())),
        renown=row.get("renown"),
        title_id=row.get("id", ""),
    )


def _read_offer(offer: Row) -> OfferFact:
    return OfferFact(
        platform=offer["platform"],
        type=OfferType(offer["type"]),
        regions=tuple(offer["regions"]),
        asserted_on=date.fromisoformat(offer["asserted_on"]),
        basis=offer["basis"],
        native_id=offer.get("native_id", ""),
    )


WIKIDATA: Final = Layout(
    slug="wikidata", read_id=_read_wikidata_id, read_facts=_read_wikidata, own_id_scheme=IdScheme.WIKIDATA,
    distinct_rows=True,
)  # fmt: skip
EDITORIAL: Final = Layout(slug="editorial", read_id=_read_editorial_id, read_facts=_read_editorial, distinct_rows=True)
