"""What the catalogue's door speaks: frozen values, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.content.domain.drafts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    FieldOrigin,
    ImageDraft,
    NameDraft,
    SaveReport,
    ScoreDraft,
    SnapshotKey,
    SnapshotReport,
    TitleDraft,
    TitleId,
)
from apps.content.domain.link_templates import DeviceKind
from apps.content.domain.links import DeepLink, LinkKind
from apps.content.domain.offers import OfferTerms
from apps.content.domain.vocabulary import GENRES, LISTED_KINDS, IdScheme, Kind, OfferType, Quality, Role, SeriesStatus

# The closed sets belong to what the door speaks: other apps take them from here.
__all__ = [
    "GENRES",
    "LISTED_KINDS",
    "BestOffer",
    "CatalogueStatus",
    "CertificateDraft",
    "CreditDraft",
    "DeepLink",
    "DeviceKind",
    "Exclusions",
    "ExternalIdDraft",
    "FieldOrigin",
    "GenreFacts",
    "IdScheme",
    "ImageDraft",
    "IndexEntry",
    "IndexedOffer",
    "IndexedPerson",
    "Kind",
    "LinkKind",
    "MatchProfile",
    "Money",
    "NameDraft",
    "OfferTerms",
    "OfferType",
    "OfferWindow",
    "PartOf",
    "Playable",
    "Quality",
    "Role",
    "SaveReport",
    "ScoreDraft",
    "SeriesStatus",
    "SnapshotKey",
    "SnapshotReport",
    "Sort",
    "SourceStatus",
    "TitleDraft",
    "TitleFilter",
    "TitleId",
    "TitleSummary",
    "WatchOption",
]


@dataclass(frozen=True, slots=True)
class MatchProfile:
    """What entity resolution compares a record with."""

    id: TitleId
    kind: Kind
    title: str
    title_keys: frozenset[str]
    release_year: int | None
    end_year: int | None
    runtime_minutes: int | None
    season_count: int | None
    countries: frozenset[str]
    genres: frozenset[str]
    directors: frozenset[str]
    actors: frozenset[str]
    synopsis: str
    external_ids: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class IndexedOffer:
    """A current offer as search filters need it; times are aware UTC, an open end is None."""

    platform: str
    region: str
    type: OfferType
    quality: Quality
    price_minor: int | None
    currency: str
    window_start: datetime
    window_end: datetime | None


@dataclass(frozen=True, slots=True)
class IndexedPerson:
    """Somebody on a title, as search needs them; the character is empty where nobody is played, or nobody said who."""

    id: UUID
    name: str
    role: Role
    character: str = ""


@dataclass(frozen=True, slots=True)
class TitleOutline:
    """
    What a listed title is allowed and chosen by, without a word of text.

    Attributes:
        popularity: The catalogue's, 0..1.
        offers: (platform, region, start, end) of current offers, windows in the past or the future among them; an open
            end is None.
    """

    id: TitleId
    kind: Kind
    release_year: int | None
    runtime_minutes: int | None
    popularity: float
    min_ages: Mapping[str, int | None]
    genres: tuple[str, ...]
    offers: tuple[tuple[str, str, datetime, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Everything of a listed title that search needs; `people` in billing order."""

    id: TitleId
    version: int
    kind: Kind
    title: str
    original_title: str
    names: tuple[NameDraft, ...]
    synopsis: str
    release_year: int | None
    end_year: int | None
    runtime_minutes: int | None
    original_language: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    genres: tuple[str, ...]
    moods: tuple[str, ...]
    themes: tuple[str, ...]
    people: tuple[IndexedPerson, ...]
    min_ages: Mapping[str, int | None]
    popularity: float
    rating: float | None
    offers: tuple[IndexedOffer, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class BestOffer:
    """The offer that a summary shows, chosen by `domain.preference` for one policy."""

    platform: str
    platform_name: str
    type: OfferType
    price: Money | None


@dataclass(frozen=True, slots=True)
class WatchOption:
    """
    An offer that stands now, with what a link to it needs.

    Attributes:
        content_id, kind, title: What is offered: a season's or episode's offers are usually its series'.
        valid_until: When it ends; None when nobody said.
        native_id: The platform's own id of what is offered; "" leads links to the platform's search.
    """

    id: UUID
    content_id: TitleId
    kind: Kind
    title: str
    platform: str
    platform_name: str
    type: OfferType
    quality: Quality
    price: Money | None
    valid_until: datetime | None
    native_id: str


class Sort(StrEnum):
    """Orders of a list of titles; what has no year or rating comes last."""

    POPULAR = "popular"
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What a list of titles leaves out: single titles, genres by slug, and what people worked on."""

    title_ids: tuple[UUID, ...] = ()
    genres: tuple[str, ...] = ()
    person_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """
    What a list of titles keeps; an empty filter keeps everything.

    Attributes:
        kinds: Any of these kinds.
        genres: At least one of these genres, by slug.
        platforms: Watchable now, in the viewer's region, on at least one of these platforms, by slug.
        offer_types: Watchable now, in the viewer's region, by an offer of one of these types; together with platforms,
            the same offer counts.
        excluded: Neither these titles, nor anything of these genres, nor anything that these people worked on.
        year_from: Released in this year or later; titles without a year fall out.
        year_to: Released in this year or earlier.
    """

    kinds: tuple[Kind, ...] = ()
    genres: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    offer_types: tuple[OfferType, ...] = ()
    excluded: Exclusions | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Playable:
    """A title that can be played now, with what helps to choose among many; `runtime_minutes` of a series' episode."""

    id: TitleId
    runtime_minutes: int
    genres: tuple[str, ...]
    moods: tuple[str, ...]
    popularity: float
    rating: float | None


@dataclass(frozen=True, slots=True)
class OfferWindow:
    """When a title can be watched on a platform, as the catalogue believes now; an open end is None."""

    content_id: TitleId
    platform: str
    platform_name: str
    type: OfferType
    window_start: datetime
    window_end: datetime | None


@dataclass(frozen=True, slots=True)
class PartOf:
    """Where a season or an episode stands in its series; a season has no `episode_number`."""

    series_id: TitleId
    series_title: str
    season_number: int
    episode_number: int | None


@dataclass(frozen=True, slots=True)
class TitleSummary:
    """
    A title in a list, under one policy: its region decides certificate and offer. None is unknown.

    The fields are the JSON that clients see. A season or episode has the genres, the certificate and the offer of its
    series, and no title when it is known by its number alone.
    """

    id: TitleId
    kind: Kind
    title: str | None
    original_title: str | None
    part_of: PartOf | None
    release_year: int | None
    end_year: int | None
    runtime_minutes: int | None
    season_count: int | None
    genres: tuple[str, ...]
    synopsis: str | None
    certificate: str | None
    min_age: int | None
    rating: float | None
    popularity: float
    best_offer: BestOffer | None


@dataclass(frozen=True, slots=True)
class GenreFacts:
    """A genre of the closed list."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source and the newest known time of its listings; None for a source that lists no offers."""

    slug: str
    name: str
    licence: str
    attribution: str
    newest_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class CatalogueStatus:
    """Size of the catalogue by kind of title, and its freshness."""

    titles: Mapping[str, int]
    people: int
    current_offers: int
    updated_at: datetime | None
    sources: tuple[SourceStatus, ...]
