"""The first thing read of any title: whether it is there, whether this viewer may see it, and in which version."""

from dataclasses import dataclass
from uuid import UUID

from apps.content.contracts import TitleId
from apps.content.domain.vocabulary import Kind
from apps.content.errors import TitleMergedError, TitleNotFoundError
from apps.content.models import Title, TitleAlias, TitleGenre
from mediagateway.policy import Policy

# The same words whether a title is missing or kept from the viewer, who must not learn the difference.
_NOT_FOUND = "There is no title with this id."

_SELF = ("id", "version", "min_ages")
_PARENT = ("parent_id", "parent__version", "parent__min_ages")
_GRANDPARENT = ("parent__parent_id", "parent__parent__version", "parent__parent__min_ages")


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
    row = Title.objects.filter(pk=title_id).values_list("kind", *_SELF, *_PARENT, *_GRANDPARENT).first()
    if row is None:
        survivor = TitleAlias.objects.filter(pk=title_id).values_list("title_id", flat=True).first()
        if survivor is None:
            raise TitleNotFoundError(_NOT_FOUND)
        get_handle(survivor, policy)
        raise TitleMergedError(survivor)
    # A title, its parent, its parent's parent: (id, version, min_ages) of those that exist.
    line = [generation for generation in (row[1:4], row[4:7], row[7:10]) if generation[0] is not None]
    series_id, _, min_ages = line[-1]
    genres: tuple[str, ...] = ()
    if policy.blocked_genres:
        genres = tuple(TitleGenre.objects.filter(title_id=series_id).values_list("genre_id", flat=True))
    if not policy.permits(min_ages=min_ages, genres=genres):
        raise TitleNotFoundError(_NOT_FOUND)
    return TitleHandle(
        id=TitleId(title_id),
        kind=Kind(row[0]),
        series_id=TitleId(series_id),
        version=".".join(str(version) for _, version, _ in line),
    )
