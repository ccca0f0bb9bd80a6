"""What search and recommending read of the catalogue to build what they keep."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.content.contracts import IndexedOffer, IndexedPerson, IndexEntry, NameDraft, TitleId, TitleOutline
from apps.content.domain.vocabulary import LISTED_KINDS, Kind, OfferType, Quality, Role
from apps.content.models import Credit, Offer, Title, TitleGenre, TitleName
from mediagateway.prepared import prepared

#: Looking a value up in its enumeration takes ten times as long, and a batch has thousands.
_ROLES = {role.value: role for role in Role}
#: Rows that are fetched at once.
_CHUNK = 2000
#: Whose name on a title says something of what it is like.
_MAKERS = (Role.DIRECTOR, Role.CREATOR, Role.ACTOR, Role.WRITER)


def list_index_entries(ids: Collection[UUID]) -> tuple[IndexEntry, ...]:
    """
    Read all that search needs of titles; five SQL statements, none for no ids.

    Args:
        ids: At most a few hundred.

    Returns:
        By id. What is unknown, merged away or not of a listed kind (`LISTED_KINDS`) is absent; people stand in billing
        order, offers are current ones (windows may lie in the past or the future) of all regions.
    """
    if not ids:
        return ()
    names: dict[UUID, list[NameDraft]] = defaultdict(list)
    further = TitleName.objects.filter(title_id__in=ids).order_by("language", "name")
    for title_id, name, language in further.values_list("title_id", "name", "language"):
        names[title_id].append(NameDraft(name=name, language=language))
    genres: dict[UUID, list[str]] = defaultdict(list)
    for title_id, genre in TitleGenre.objects.filter(title_id__in=ids).values_list("title_id", "genre_id"):
        genres[title_id].append(genre)
    people: dict[UUID, list[IndexedPerson]] = defaultdict(list)
    billing = Credit.objects.filter(title_id__in=ids).order_by("position", "role", "person_id")
    columns = ("title_id", "person_id", "person__name", "role", "character")
    for title_id, person_id, name, role, character in billing.values_list(*columns):
        people[title_id].append(IndexedPerson(person_id, name, _ROLES[role], character))
    offers: dict[UUID, list[IndexedOffer]] = defaultdict(list)
    current = Offer.objects.filter(title_id__in=ids, superseded_at__isnull=True)
    for offer in current.order_by("platform_id", "region", "type", "quality", "window_start"):
        offers[offer.title_id].append(_offer(offer))
    titles = Title.objects.filter(id__in=ids, kind__in=LISTED_KINDS).order_by("id")
    return tuple(
        IndexEntry(
            id=TitleId(title.id),
            version=title.version,
            kind=Kind(title.kind),
            title=title.title or "",
            original_title=title.original_title,
            names=tuple(names[title.id]),
            synopsis=title.synopsis,
            release_year=title.release_year,
            end_year=title.end_year,
            runtime_minutes=title.runtime_minutes,
            original_language=title.original_language,
            languages=tuple(title.languages),
            countries=tuple(title.countries),
            genres=tuple(genres[title.id]),
            moods=tuple(title.moods),
            themes=tuple(title.themes),
            people=tuple(people[title.id]),
            min_ages=title.min_ages,
            popularity=title.popularity,
            rating=title.rating,
            offers=tuple(offers[title.id]),
        )
        for title in titles
    )


def iter_outlines(ids: Collection[UUID] | None = None) -> Iterator[TitleOutline]:
    """
    Yield what titles are chosen by; three SQL statements, none for no ids.

    Args:
        ids: At most a few hundred, or None for every listed title. What `list_index_entries` leaves out is left out.
    """
    if ids is not None and not ids:
        return
    titles = Title.objects.filter(kind__in=LISTED_KINDS).order_by()
    marks = TitleGenre.objects.order_by("title_id", "genre_id")
    current = Offer.objects.filter(superseded_at__isnull=True).order_by("platform_id", "region", "window_start", "id")
    if ids is not None:
        titles = titles.filter(id__in=ids)
        marks, current = marks.filter(title_id__in=ids), current.filter(title_id__in=ids)
    genres: dict[UUID, list[str]] = defaultdict(list)
    for title_id, genre in marks.values_list("title_id", "genre_id").iterator(chunk_size=_CHUNK):
        genres[title_id].append(genre)
    offers: dict[UUID, list[tuple[str, str, datetime, datetime | None]]] = defaultdict(list)
    spans = current.values_list("title_id", "platform_id", "region", "window_start", "window_end")
    for title_id, platform, region, start, end in spans.iterator(chunk_size=_CHUNK):
        offers[title_id].append((platform, region, start, end))
    columns = ("id", "kind", "release_year", "runtime_minutes", "popularity", "min_ages")
    for title_id, kind, year, minutes, popularity, ages in titles.values_list(*columns).iterator(chunk_size=_CHUNK):
        yield TitleOutline(
            id=TitleId(title_id),
            kind=Kind(kind),
            release_year=year,
            runtime_minutes=minutes,
            popularity=popularity,
            min_ages=ages,
            genres=tuple(genres[title_id]),
            offers=tuple(offers[title_id]),
        )


def list_works(person_ids: Collection[UUID]) -> tuple[tuple[UUID, UUID], ...]:
    """List (person, title) of those who made, wrote or played in titles; one SQL statement, none for no ids."""
    if not person_ids:
        return ()
    works = Credit.objects.filter(person_id__in=person_ids, role__in=_MAKERS).order_by("person_id", "title_id")
    return tuple(works.values_list("person_id", "title_id").distinct())


def get_versions(ids: Collection[UUID]) -> dict[UUID, int]:
    """Read the versions of listed titles; one SQL statement. What `list_index_entries` leaves out is absent."""
    return dict(_versions(ids))


@prepared
def _versions(ids: Collection[UUID]) -> QuerySet[Title, tuple[UUID, int]]:
    return Title.objects.filter(id__in=ids, kind__in=LISTED_KINDS).values_list("id", "version")


def iter_listed_ids(*, chunk_size: int = 2000) -> Iterator[UUID]:
    """Yield the id of every listed title in ascending order; one SQL statement for every `chunk_size`."""
    last: UUID | None = None
    listed = Title.objects.filter(kind__in=LISTED_KINDS).order_by("id").values_list("id", flat=True)
    while chunk := list((listed if last is None else listed.filter(id__gt=last))[:chunk_size]):
        yield from chunk
        last = chunk[-1]


def _offer(offer: Offer) -> IndexedOffer:
    return IndexedOffer(
        platform=offer.platform_id,
        region=offer.region,
        type=OfferType(offer.type),
        quality=Quality(offer.quality),
        price_minor=offer.price_minor,
        currency=offer.currency,
        window_start=offer.window_start,
        window_end=offer.window_end,
    )
