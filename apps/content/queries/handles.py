"""The first thing read of any title: whether it is there, whether this viewer may see it, and in which version."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from apps.content.contracts import TitleId
from apps.content.domain.vocabulary import Kind
from apps.content.errors import TitleMergedError, TitleNotFoundError
from apps.content.models import TitleAlias, TitleGenre
from mediagateway.policy import Policy

# The same words whether a title is missing or kept from the viewer, who must not learn the difference.
_NOT_FOUND = "There is no title with this id."

# Turns ids into what the database keeps, and back.
_KEY: "UUIDField[UUID, UUID]" = UUIDField()

# Written by hand, because it runs in front of every title: building it with the ORM takes 500 µs, answering it 20.
_LINE_OF_TITLE = """
    SELECT own.kind,
           own.id, own.version, own.min_ages,
           parent.id, parent.version, parent.min_ages,
           grandparent.id, grandparent.version, grandparent.min_ages
      FROM content_title own
      LEFT JOIN content_title parent ON parent.id = own.parent_id
      LEFT JOIN content_title grandparent ON grandparent.id = parent.parent_id
     WHERE own.id = %s
"""


@dataclass(frozen=True, slots=True)
class TitleHandle:
    """
    A title that may be shown.

    Attributes:
        id: The title.
        kind: What it is.
        series_id: The series of a season or episode, else the title: where certificates, genres and credits hang.
        version: Changes whenever anything shown with the title does; part of cache keys.
    """

    id: TitleId
    kind: Kind
    series_id: TitleId
    version: str


def get_handle(title_id: UUID, policy: Policy) -> TitleHandle:
    """
    Find a title and check it against the policy.

    SQL: one statement; one more for a viewer with blocked genres, up to three for an id that is no title's own.

    Raises:
        TitleNotFoundError: No such title, or one that the viewer may not see.
        TitleMergedError: The id was merged into another title, which the viewer may see.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINE_OF_TITLE, [_KEY.get_db_prep_value(title_id, connection)])
        row = cursor.fetchone()
    if row is None:
        survivor = TitleAlias.objects.filter(pk=title_id).values_list("title_id", flat=True).first()
        if survivor is None:
            raise TitleNotFoundError(_NOT_FOUND)
        get_handle(survivor, policy)
        raise TitleMergedError(survivor)
    # A title, its parent, its parent's parent: (id, version, min_ages) of those that exist.
    line = [generation for generation in (row[1:4], row[4:7], row[7:10]) if generation[0] is not None]
    series_id = title_id if len(line) == 1 else _KEY.to_python(line[-1][0])
    genres: tuple[str, ...] = ()
    if policy.blocked_genres:
        genres = tuple(TitleGenre.objects.filter(title_id=series_id).values_list("genre_id", flat=True))
    if not (policy.is_open or policy.permits(min_ages=json.loads(line[-1][2]), genres=genres)):
        raise TitleNotFoundError(_NOT_FOUND)
    return TitleHandle(
        id=TitleId(title_id),
        kind=Kind(row[0]),
        series_id=TitleId(series_id),
        version=".".join(str(generation[1]) for generation in line),
    )
