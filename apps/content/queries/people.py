"""People, seen through the titles that a viewer may see."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.content.contracts import TitleSummary
from apps.content.domain.vocabulary import Role
from apps.content.errors import PersonNotFoundError
from apps.content.models import Credit, Title
from apps.content.queries.paging import Key, slice_page
from apps.content.queries.summaries import listed, summarise
from apps.content.queries.visibility import visible
from mediagateway.http.pagination import Page
from mediagateway.policy import Policy


@dataclass(frozen=True, slots=True)
class PartPlayed:
    """What a person did on a title."""

    role: Role
    character: str | None


@dataclass(frozen=True, slots=True)
class FilmographyEntry:
    """A title that a person worked on, and how."""

    title: TitleSummary
    credits: tuple[PartPlayed, ...]


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person with a page of their titles, best known first."""

    id: UUID
    name: str
    titles: Page[FilmographyEntry]


def get_person(person_id: UUID, policy: Policy, *, now: datetime, after: Key | None, limit: int) -> PersonRecord:
    """
    Read a person with the titles of theirs that the viewer may see; five SQL statements.

    Raises:
        PersonNotFoundError: Nobody has this id, or nothing of theirs may be shown.
    """
    rows = (
        Credit.objects.filter(visible(policy, title="title_id"), person_id=person_id)
        .order_by("position")
        .values_list("title_id", "title__popularity", "person__name", "role", "character")
    )
    parts: dict[tuple[float, str], list[PartPlayed]] = defaultdict(list)
    name = None
    for title_id, popularity, name, role, character in rows:  # noqa: B007 -- every row names the same person
        # Popularity falls, hence the sign; the id makes the key unique.
        parts[-popularity, str(title_id)].append(PartPlayed(Role(role), character or None))
    if name is None:
        raise PersonNotFoundError("There is no person with this id.")
    page = slice_page(sorted(parts), lambda key: key, after=after, limit=limit)
    titles = {str(title.pk): title for title in listed(Title.objects.filter(pk__in=[key[1] for key in page.items]))}
    shown = [key for key in page.items if key[1] in titles]
    summaries = summarise([titles[key[1]] for key in shown], policy, now=now)
    entries = tuple(FilmographyEntry(summary, tuple(parts[key])) for key, summary in zip(shown, summaries, strict=True))
    return PersonRecord(id=person_id, name=name, titles=Page(entries, page.next_key))
