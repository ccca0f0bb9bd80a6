"""What ingestion hands over, the whole wanted state of a title or a listing, and what saving it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from apps.content.domain.vocabulary import Kind, Role, SeriesStatus

TitleId = NewType("TitleId", UUID)


@dataclass(frozen=True, slots=True)
class CreditDraft:
    """A credit as a source gave it; the order of the tuple is the billing order."""

    name: str
    role: Role
    character: str = ""


@dataclass(frozen=True, slots=True)
class NameDraft:
    """A further name; `language` is BCP 47, "und" when nobody said."""

    name: str
    language: str = "und"


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """A certificate as printed; the catalogue knows its minimum age."""

    region: str
    rating: str


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """A score on its source's own scale."""

    source: str
    score: float
    out_of: float
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ExternalIdDraft:
    """A name in another naming system; `scheme` is an `IdScheme` value."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class ImageDraft:
    """A picture at its source's address."""

    kind: str
    url: str
    source: str
    width_px: int | None = None
    height_px: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Who said a field's value: source slug, the source's record, its known time, and the rule by which it won."""

    source: str
    record: str
    as_of: str
    rule: str


@dataclass(frozen=True, slots=True)
class TitleDraft:
    """
    The whole wanted state of a title, as ingestion folded it from its records.

    Saving replaces what is there; a title equal to its draft is left alone. `seasons` holds the episode count of
    season 1, 2, …: None means "the season exists, its episodes are not known".
    """

    id: TitleId
    kind: Kind
    title: str
    original_title: str = ""
    synopsis: str = ""
    release_year: int | None = None
    end_year: int | None = None
    release_date: date | None = None
    runtime_minutes: int | None = None
    original_language: str = ""
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    status: SeriesStatus | None = None
    seasons: tuple[int | None, ...] = ()
    popularity: float = 0.0
    rating: float | None = None
    names: tuple[NameDraft, ...] = ()
    credits: tuple[CreditDraft, ...] = ()
    certificates: tuple[CertificateDraft, ...] = ()
    scores: tuple[ScoreDraft, ...] = ()
    external_ids: tuple[ExternalIdDraft, ...] = ()
    images: tuple[ImageDraft, ...] = ()
    provenance: Mapping[str, FieldOrigin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What a batch of drafts did, by title id."""

    created: tuple[TitleId, ...]
    updated: tuple[TitleId, ...]
    unchanged: tuple[TitleId, ...]


@dataclass(frozen=True, slots=True)
class SnapshotKey:
    """A full listing: everything that `source` knows of `platform` in `region` at `as_of` (aware UTC)."""

    source: str
    platform: str
    region: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """What applying a snapshot did to current offers; `historical` when it was older than the newest applied one."""

    opened: int
    closed: int
    changed: int
    unchanged: int
    historical: bool
