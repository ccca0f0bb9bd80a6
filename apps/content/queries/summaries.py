"""Titles as lists show them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.content.contracts import BestOffer, PartOf, TitleId, TitleSummary
from apps.content.domain.vocabulary import Kind
from apps.content.models import Certificate, Title, TitleAlias, TitleGenre
from apps.content.queries.offers import best_offers
from mediagateway.policy import Policy, effective_min_age
from mediagateway.prepared import prepared

#: Columns of a title that a summary reads; the others are large.
_COLUMNS = (
    *("id", "kind", "title", "original_title", "number", "parent_id", "release_year", "end_year"),
    *("runtime_minutes", "season_count", "synopsis", "min_ages", "rating", "popularity"),
)
_LINE = ("title", "min_ages", "number", "parent_id")


def get_summaries(ids: Sequence[UUID], *, policy: Policy, now: datetime) -> dict[TitleId, TitleSummary]:
    """
    Read the summaries of titles of any kind; four SQL statements, two more when an id is not a title's own.

    Args:
        ids: Titles; an id that was merged answers with its survivor's summary.
        policy: Whose view it is: decides what may be shown, and by its region the certificate and the offer.
        now: Decides which offers are open; aware.

    Returns:
        Summaries by the id asked for, without ids that are missing or that the viewer may not see.
    """
    rows = _with_series(Title.objects.filter(pk__in=ids))
    found = {title.pk: title for title in rows}
    if missing := [title_id for title_id in ids if title_id not in found]:
        survivors = dict(TitleAlias.objects.filter(pk__in=missing).values_list("pk", "title_id"))
        merged = _with_series(Title.objects.filter(pk__in=set(survivors.values()))).in_bulk()
        found |= {alias: merged[survivor] for alias, survivor in survivors.items()}
    # A survivor may be asked for by several of its ids.
    titles = {title.pk: title for title in found.values()}
    summaries = dict(zip(titles, summarise(list(titles.values()), policy, now=now), strict=True))
    return {
        TitleId(title_id): summaries[title.pk]
        for title_id, title in found.items()
        if policy.permits(min_ages=series_of(title).min_ages, genres=summaries[title.pk].genres)
    }


def resolve_titles(ids: Collection[UUID], *, policy: Policy) -> dict[UUID, TitleId]:
    """
    Tell which title each id stands for: its own, or the survivor's of an id that was merged.

    One SQL statement, one more when an id is not a title's own, and two more under a policy that hides something.

    Returns:
        Title ids by the id asked for, without ids that are missing or that the viewer may not see.
    """
    titles = {title_id: title_id for title_id in _known(frozenset(ids))}
    if missing := set(ids) - titles.keys():
        titles |= dict(TitleAlias.objects.filter(pk__in=missing).values_list("pk", "title_id"))
    if titles and not policy.is_open:
        rows = _with_series(Title.objects.filter(pk__in=set(titles.values())))
        series = {title.pk: series_of(title) for title in rows}
        genres = genres_of({each.pk for each in series.values()})
        permitted = {
            title_id
            for title_id, each in series.items()
            if policy.permits(min_ages=each.min_ages, genres=genres.get(each.pk, ()))
        }
        titles = {asked: title_id for asked, title_id in titles.items() if title_id in permitted}
    return {asked: TitleId(title_id) for asked, title_id in titles.items()}


@prepared
def _known(ids: Collection[UUID]) -> QuerySet[Title, UUID]:
    return Title.objects.filter(pk__in=ids).values_list("pk", flat=True)


def find_aliases(title_ids: Collection[UUID]) -> dict[UUID, TitleId]:
    """Find the ids that were merged into titles, each with its survivor's id. One SQL statement."""
    aliases = TitleAlias.objects.filter(title_id__in=title_ids).values_list("pk", "title_id")
    return {alias: TitleId(title_id) for alias, title_id in aliases}


def get_series_ids(title_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Name the series of episodes and seasons; another title is its own. One SQL statement."""
    rows = Title.objects.filter(pk__in=title_ids).values_list("pk", "parent_id", "parent__parent_id")
    return {ids[0]: next(each for each in reversed(ids) if each is not None) for ids in rows}


def listed(titles: QuerySet[Title]) -> QuerySet[Title]:
    """Read of titles that stand alone only what `summarise` needs."""
    return titles.only(*_COLUMNS)


def summarise(titles: Sequence[Title], policy: Policy, *, now: datetime) -> tuple[TitleSummary, ...]:
    """
    Write the summaries of titles, in their order; three SQL statements, none for no titles.

    Policy decides what is said of a title here, not whether: the caller has seen to that.
    """
    if not titles:
        return ()
    series_ids = {series_of(title).pk for title in titles}
    genres = genres_of(series_ids)
    certificates = dict(_certificates(series_ids, policy.region))
    offers = best_offers(series_ids, policy, now=now)
    return tuple(_summary(title, genres, certificates, offers, policy.region) for title in titles)


def series_of(title: Title) -> Title:
    """Climb to the series of a season or episode; other titles are their own. Parents must be loaded."""
    while title.parent is not None:
        title = title.parent
    return title


def genres_of(title_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Read the genres of titles that stand alone. One SQL statement."""
    genres: dict[UUID, list[str]] = defaultdict(list)
    for title_id, genre in _genres(title_ids):
        genres[title_id].append(genre)
    return genres


@prepared
def _genres(title_ids: Collection[UUID]) -> QuerySet[TitleGenre, tuple[UUID, str]]:
    return TitleGenre.objects.filter(title_id__in=title_ids).values_list("title_id", "genre_id")


@prepared
def _certificates(title_ids: Collection[UUID], region: str) -> QuerySet[Certificate, tuple[UUID, str]]:
    return Certificate.objects.filter(title_id__in=title_ids, region=region).values_list("title_id", "rating")


def _with_series(titles: QuerySet[Title]) -> QuerySet[Title]:
    """Read titles of any kind, with what a summary needs of their series."""
    return titles.select_related("parent__parent").only(
        *_COLUMNS,
        *(f"parent__{column}" for column in _LINE),
        *(f"parent__parent__{column}" for column in _LINE),
    )


def _summary(
    title: Title,
    genres: Mapping[UUID, Sequence[str]],
    certificates: Mapping[UUID, str],
    offers: Mapping[UUID, BestOffer],
    region: str,
) -> TitleSummary:
    series = series_of(title)
    return TitleSummary(
        id=TitleId(title.pk),
        kind=Kind(title.kind),
        title=title.title,
        original_title=title.original_title or None,
        part_of=_part_of(title, series),
        release_year=title.release_year,
        end_year=title.end_year,
        runtime_minutes=title.runtime_minutes,
        season_count=title.season_count,
        genres=tuple(genres.get(series.pk, ())),
        synopsis=title.synopsis or None,
        certificate=certificates.get(series.pk),
        min_age=effective_min_age(series.min_ages, region),
        rating=title.rating,
        popularity=title.popularity,
        best_offer=offers.get(series.pk),
    )


def _part_of(title: Title, series: Title) -> PartOf | None:
    if title.parent is None:
        return None
    season, episode_number = (title, None) if title.kind == Kind.SEASON else (title.parent, title.number)
    return PartOf(
        series_id=TitleId(series.pk),
        series_title=series.title or "",
        season_number=season.number or 0,
        episode_number=episode_number,
    )
