"""Everything about one title, and the parts of it that have addresses of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from apps.content.contracts import TitleId, TitleSummary
from apps.content.domain.vocabulary import Kind, Role
from apps.content.errors import TitleMergedError, TitleNotFoundError
from apps.content.models import Certificate, Credit, ExternalId, Image, Score, Title, TitleName
from apps.content.queries.handles import TitleHandle, get_handle
from apps.content.queries.summaries import summarise
from mediagateway.policy import Policy

_ROLE_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class NameRecord:
    """A further name of a title; `language` is BCP 47, "und" when nobody said."""

    language: str
    name: str


@dataclass(frozen=True, slots=True)
class ExternalIdRecord:
    """The name of a title in another naming system."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """An age certificate; no age means one that could not be placed, which counts as adult."""

    region: str
    system: str
    rating: str
    min_age: int | None


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """A score on its source's own scale."""

    source: str
    score: float
    out_of: float
    count: int | None


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """What a person did on a title."""

    person_id: UUID
    name: str
    role: Role
    character: str | None
    position: int


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """A picture at its source's address."""

    kind: str
    url: str
    width_px: int | None
    height_px: int | None
    language: str | None
    source: str


@dataclass(frozen=True, slots=True)
class SeasonRecord:
    """A season; no episode count means that its episodes are not known."""

    id: TitleId
    series_id: TitleId
    number: int
    title: str | None
    synopsis: str | None
    release_year: int | None
    episode_count: int | None


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """An episode; no title means that it is known by its number alone."""

    id: TitleId
    series_id: TitleId
    season_number: int
    number: int
    title: str | None
    synopsis: str | None
    release_date: date | None
    runtime_minutes: int | None


@dataclass(frozen=True, slots=True)
class TitleDetail(TitleSummary):
    """
    A title with all that is its own; the fields are the JSON that clients see.

    Attributes:
        provenance: Field -> who said it (`source`, `record`, `as_of`) and why it won (`rule`).
        version: Grows with every change.
    """

    release_date: date | None
    original_language: str | None
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    moods: tuple[str, ...]
    themes: tuple[str, ...]
    status: str | None
    episode_count: int | None
    names: tuple[NameRecord, ...]
    external_ids: tuple[ExternalIdRecord, ...]
    certificates: tuple[CertificateRecord, ...]
    scores: tuple[ScoreRecord, ...]
    provenance: Mapping[str, Mapping[str, str]]
    version: int
    created_at: datetime
    updated_at: datetime


def get_detail(handle: TitleHandle, policy: Policy, *, now: datetime) -> TitleDetail:
    """
    Read everything of a title but its credits, images, seasons and offers; eight SQL statements.

    Raises:
        TitleNotFoundError: The title went away since the handle was made.
    """
    title = Title.objects.select_related("parent__parent").filter(pk=handle.id).first()
    if title is None:
        raise TitleNotFoundError("There is no title with this id.")
    summary = summarise([title], policy, now=now)[0]
    return TitleDetail(
        **{column.name: getattr(summary, column.name) for column in fields(summary)},
        release_date=title.release_date,
        original_language=title.original_language or None,
        languages=tuple(title.languages),
        countries=tuple(title.countries),
        moods=tuple(title.moods),
        themes=tuple(title.themes),
        status=title.status or None,
        episode_count=title.episode_count,
        names=tuple(
            NameRecord(*row)
            for row in TitleName.objects.filter(title_id=handle.id)
            .order_by("language", "name")
            .values_list("language", "name")
        ),
        external_ids=tuple(
            ExternalIdRecord(*row)
            for row in ExternalId.objects.filter(title_id=handle.id)
            .order_by("scheme", "value")
            .values_list("scheme", "value")
        ),
        certificates=tuple(
            CertificateRecord(*row)
            for row in Certificate.objects.filter(title_id=handle.series_id)
            .order_by("region")
            .values_list("region", "system", "rating", "min_age")
        ),
        scores=tuple(
            ScoreRecord(*row)
            for row in Score.objects.filter(title_id=handle.id)
            .order_by("source")
            .values_list("source", "score", "out_of", "count")
        ),
        provenance=title.provenance,
        version=title.version,
        created_at=title.created_at,
        updated_at=title.updated_at,
    )


@dataclass(frozen=True, slots=True)
class DescribedTitle:
    """A title with its credits in billing order, and its seasons when it is a series."""

    title: TitleDetail
    credits: tuple[CreditRecord, ...]
    seasons: tuple[SeasonRecord, ...]


def describe_title(title_id: UUID, *, policy: Policy, now: datetime) -> DescribedTitle:
    """
    Read a title with its credits and seasons; a merged id reads its survivor. At most a dozen SQL statements.

    Raises:
        TitleNotFoundError: No such title, or none that the viewer may see.
    """
    try:
        handle = get_handle(title_id, policy)
    except TitleMergedError as merged:
        handle = get_handle(merged.survivor, policy)
    return DescribedTitle(
        get_detail(handle, policy, now=now),
        list_credits(handle),
        list_seasons(handle) if handle.kind is Kind.SERIES else (),
    )


def list_credits(handle: TitleHandle) -> tuple[CreditRecord, ...]:
    """List who made a title, by role and billing; a season's or episode's are its series'. One SQL statement."""
    rows = Credit.objects.filter(title_id=handle.series_id).values_list(
        "person_id", "person__name", "role", "character", "position"
    )
    records = [
        CreditRecord(person_id, name, Role(role), character or None, position)
        for person_id, name, role, character, position in rows
    ]
    return tuple(sorted(records, key=credit_key))


def credit_key(credit: CreditRecord) -> tuple[int, int, str]:
    """Order credits: role by role, in billing order."""
    return (_ROLE_RANK[credit.role], credit.position, str(credit.person_id))


def list_images(handle: TitleHandle) -> tuple[ImageRecord, ...]:
    """List a title's own pictures; one SQL statement."""
    rows = Image.objects.filter(title_id=handle.id).order_by("kind", "url")
    return tuple(
        ImageRecord(
            kind=image.kind,
            url=image.url,
            width_px=image.width_px,
            height_px=image.height_px,
            language=image.language or None,
            source=image.source_id,
        )
        for image in rows
    )


def list_seasons(handle: TitleHandle) -> tuple[SeasonRecord, ...]:
    """List the seasons of a series by number; nothing for other kinds. One SQL statement."""
    if handle.kind is not Kind.SERIES:
        return ()
    seasons = Title.objects.filter(parent_id=handle.id, kind=Kind.SEASON).order_by("number")
    return tuple(_season(season, handle) for season in seasons.defer("provenance"))


def get_season(handle: TitleHandle, number: int) -> SeasonRecord:
    """
    Read one season of a series; one SQL statement.

    Raises:
        TitleNotFoundError: No such season.
    """
    seasons = Title.objects.filter(parent_id=handle.id, kind=Kind.SEASON, number=number)
    season = seasons.defer("provenance").first()
    if season is None:
        raise TitleNotFoundError(f"This title has no season {number}.")
    return _season(season, handle)


def list_episodes(handle: TitleHandle, season: SeasonRecord) -> tuple[EpisodeRecord, ...]:
    """List the episodes of a season by number; one SQL statement."""
    episodes = Title.objects.filter(parent_id=season.id, kind=Kind.EPISODE).order_by("number")
    rows = episodes.values_list("id", "number", "title", "synopsis", "release_date", "runtime_minutes")
    return tuple(
        EpisodeRecord(
            id=TitleId(episode_id),
            series_id=handle.id,
            season_number=season.number,
            number=number or 0,
            title=title,
            synopsis=synopsis or None,
            release_date=release_date,
            runtime_minutes=runtime_minutes,
        )
        for episode_id, number, title, synopsis, release_date, runtime_minutes in rows
    )


def _season(season: Title, handle: TitleHandle) -> SeasonRecord:
    return SeasonRecord(
        id=TitleId(season.pk),
        series_id=handle.id,
        number=season.number or 0,
        title=season.title,
        synopsis=season.synopsis or None,
        release_year=season.release_year,
        episode_count=season.episode_count,
    )
