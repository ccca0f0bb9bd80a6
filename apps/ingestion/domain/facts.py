"""What one record of one source says about a title, in the catalogue's own words."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    Kind,
    NameDraft,
    OfferType,
    Role,
    ScoreDraft,
    SeriesStatus,
)


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """
    The identity of a record.

    Attributes:
        source: Slug of the source.
        platform: Slug of the platform that the record lists; empty for a source that is about works alone.
        source_id: The source's own name of the record, unique within source and platform.
    """

    source: str
    platform: str
    source_id: str

    def __str__(self) -> str:
        """Join the parts that are there: "justwatch-csv/netflix/tm10"."""
        return "/".join(part for part in (self.source, self.platform, self.source_id) if part)


@dataclass(frozen=True, slots=True)
class OfferFact:
    """A lasting offer that a source asserts beside the facts of the title."""

    platform: str
    type: OfferType
    regions: tuple[str, ...]
    asserted_on: date
    basis: str
    native_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFacts:
    """
    One record, normalised. What the source does not say stays at its default, and the default never wins a merge.

    Attributes:
        title: For display, without marks of format or language.
        is_title_damaged: A spreadsheet or a wrong encoding changed the title on its way: any other spelling is better.
        spellings: Other readings of the printed title, for matching only (`domain.titles`).
        edition: Mark of another cut of a work ("extended", "director's"); two cuts are two works.
        year: Year of first release, unless `is_year_bound`.
        is_year_bound: The first release was in `year` or before: the source gives a series the year of its latest
            season, or a film the year in which it joined the shelf.
        runtime_minutes: Of a film, or of one episode of a series.
        seasons: Episode count of season 1, 2, …; None where it is not known.
        has_billing_order: The order of `people` is the billing order, not the alphabet.
        tmdb_popularity: TMDB's own open-ended scale.
        tmdb_score: 0..10.
        renown: How widely our editors say the title is known, 2..5.
        title_id: UUID that the source has given the title for good; empty when it leaves that to the catalogue.
    """

    kind: Kind
    title: str
    is_title_damaged: bool = False
    spellings: tuple[str, ...] = ()
    edition: str = ""
    original_title: str = ""
    original_language: str = ""
    names: tuple[NameDraft, ...] = ()
    synopsis: str = ""
    year: int | None = None
    is_year_bound: bool = False
    end_year: int | None = None
    release_date: date | None = None
    runtime_minutes: int | None = None
    seasons: tuple[int | None, ...] = ()
    status: SeriesStatus | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    people: tuple[CreditDraft, ...] = ()
    has_billing_order: bool = False
    certificates: tuple[CertificateDraft, ...] = ()
    scores: tuple[ScoreDraft, ...] = ()
    external_ids: tuple[ExternalIdDraft, ...] = ()
    tmdb_popularity: float | None = None
    tmdb_score: float | None = None
    renown: int | None = None
    offers: tuple[OfferFact, ...] = ()
    title_id: str = ""


def encode_facts(facts: TitleFacts) -> dict[str, Any]:
    """Write facts as JSON values; what stands at its default is left out."""
    stored: dict[str, Any] = {}
    for name, default in _DEFAULTS.items():
        value = getattr(facts, name)
        if value != default:
            stored[name] = _ENCODERS[name](value) if name in _ENCODERS else value
    return stored


def decode_facts(stored: Mapping[str, Any]) -> TitleFacts:
    """Read what `encode_facts` wrote."""
    return TitleFacts(
        **{name: _DECODERS[name](value) if name in _DECODERS else value for name, value in stored.items()}
    )


_DEFAULTS: dict[str, object] = {field.name: field.default for field in fields(TitleFacts)}
assert _DEFAULTS["kind"] is MISSING, "A field without a default is always written."

_ENCODERS: dict[str, Callable[[Any], Any]] = {
    "release_date": date.isoformat,
    "names": lambda names: [[name.name, name.language] for name in names],
    "people": lambda people: [[person.name, person.role, person.character] for person in people],
    "certificates": lambda certificates: [[c.region, c.rating] for c in certificates],
    "scores": lambda scores: [[score.source, score.score, score.out_of, score.count] for score in scores],
    "external_ids": lambda ids: [[external_id.scheme, external_id.value] for external_id in ids],
    "offers": lambda offers: [
        [o.platform, o.type, list(o.regions), o.asserted_on.isoformat(), o.basis, o.native_id] for o in offers
    ],
}

_DECODERS: dict[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "status": SeriesStatus,
    "release_date": date.fromisoformat,
    "names": lambda names: tuple(NameDraft(*name) for name in names),
    "people": lambda people: tuple(CreditDraft(name, Role(role), character) for name, role, character in people),
    "certificates": lambda certificates: tuple(CertificateDraft(*pair) for pair in certificates),
    "scores": lambda scores: tuple(ScoreDraft(*score) for score in scores),
    "external_ids": lambda ids: tuple(ExternalIdDraft(*pair) for pair in ids),
    "offers": lambda offers: tuple(
        OfferFact(platform, OfferType(kind), tuple(regions), date.fromisoformat(day), basis, native_id)
        for platform, kind, regions, day, basis, native_id in offers
    ),
    **dict.fromkeys(("spellings", "seasons", "genres", "moods", "themes", "countries", "languages"), tuple),
}
