"""What entity resolution looks titles up by."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from apps.content.contracts import MatchProfile, TitleId
from apps.content.domain.vocabulary import LISTED_KINDS, Kind, Role
from apps.content.models import Credit, ExternalId, Title, TitleAlias, TitleGenre, TitleName


def find_by_external_ids(ids: Collection[tuple[str, str]]) -> dict[tuple[str, str], TitleId]:
    """
    Look titles up by what they are called elsewhere; one SQL statement.

    Args:
        ids: (scheme, value) pairs, at most a few hundred; schemes are `IdScheme` values.

    Returns:
        Only the pairs that are known. An id belongs to one title at most.
    """
    rows = ExternalId.objects.filter(value__in={value for _, value in ids})
    wanted = frozenset(ids)
    return {
        (scheme, value): TitleId(title_id)
        for scheme, value, title_id in rows.values_list("scheme", "value", "title_id")
        if (scheme, value) in wanted
    }


def find_match_profiles(keys: Collection[str]) -> tuple[MatchProfile, ...]:
    """
    Look up the listed titles that bear any of these keys, as title, original title or further name.

    SQL: six statements, one when nothing is found.

    Args:
        keys: Of `title_key`, at most a few hundred.

    Returns:
        By id; namesakes are told apart by the caller.
    """
    titled = Title.objects.filter(kind__in=LISTED_KINDS, title_key__in=keys).order_by().values_list("id", flat=True)
    named = TitleName.objects.filter(name_key__in=keys).values_list("title_id", flat=True)
    return _profiles(set(titled.union(named)))


def get_match_profiles(ids: Collection[UUID]) -> tuple[MatchProfile, ...]:
    """
    Read the profiles of listed titles; six SQL statements.

    Args:
        ids: At most a few hundred. A merged id means its survivor; unknown ids are left out.

    Returns:
        By id, each title once.
    """
    survivors = dict(TitleAlias.objects.filter(id__in=ids).values_list("id", "title_id"))
    return _profiles({survivors.get(title_id, title_id) for title_id in ids})


def _profiles(ids: Collection[UUID]) -> tuple[MatchProfile, ...]:
    """Build the profiles of listed titles, by id; five SQL statements, none for no ids."""
    if not ids:
        return ()
    keys: dict[UUID, set[str]] = defaultdict(set)
    for title_id, key in TitleName.objects.filter(title_id__in=ids).values_list("title_id", "name_key"):
        keys[title_id].add(key)
    genres: dict[UUID, set[str]] = defaultdict(set)
    for title_id, genre in TitleGenre.objects.filter(title_id__in=ids).values_list("title_id", "genre_id").order_by():
        genres[title_id].add(genre)
    external_ids: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for title_id, *pair in ExternalId.objects.filter(title_id__in=ids).values_list("title_id", "scheme", "value"):
        external_ids[title_id].add((pair[0], pair[1]))
    people: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    billing = Credit.objects.filter(title_id__in=ids, role__in=(Role.DIRECTOR, Role.CREATOR, Role.ACTOR)).order_by()
    for title_id, role, key in billing.values_list("title_id", "role", "person__name_key"):
        people[title_id, role].add(key)
    titles = Title.objects.filter(id__in=ids, kind__in=LISTED_KINDS).order_by("id")
    return tuple(
        MatchProfile(
            id=TitleId(title.id),
            kind=Kind(title.kind),
            title=title.title or "",
            title_keys=frozenset({title.title_key, *keys[title.id]}),
            release_year=title.release_year,
            end_year=title.end_year,
            runtime_minutes=title.runtime_minutes,
            season_count=title.season_count,
            countries=frozenset(title.countries),
            genres=frozenset(genres[title.id]),
            directors=frozenset(people[title.id, Role.DIRECTOR] | people[title.id, Role.CREATOR]),
            actors=frozenset(people[title.id, Role.ACTOR]),
            synopsis=title.synopsis,
            external_ids=frozenset(external_ids[title.id]),
        )
        for title in titles
    )
