"""What search reads of the catalogue to build its index."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from apps.content.contracts import IndexedOffer, IndexedPerson, IndexEntry, NameDraft, TitleId
from apps.content.domain.vocabulary import LISTED_KINDS, Kind, OfferType, Quality, Role
from apps.content.models import Credit, Offer, Title, TitleGenre, TitleName

#: Looking a value up in its enumeration takes ten times as long, and a batch has thousands.
_ROLES = {role.value: role for role in Role}


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
    for title_id, person_id, name, role in billing.values_list("title_id", "person_id", "person__name", "role"):
        people[title_id].append(IndexedPerson(id=person_id, name=name, role=_ROLES[role]))
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


def get_versions(ids: Collection[UUID]) -> dict[UUID, int]:
    """Read the versions of listed titles; one SQL statement. What `list_index_entries` leaves out is absent."""
    return dict(Title.objects.filter(id__in=ids, kind__in=LISTED_KINDS).values_list("id", "version"))


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
