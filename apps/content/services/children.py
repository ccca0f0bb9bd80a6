"""The rows that hang on a title: what a draft wants of each table, and the writes that bring a table there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid5

from django.db.models import Manager, Model

from apps.content.contracts import TitleDraft, TitleId
from apps.content.domain.certificates import place_certificate
from apps.content.domain.keys import name_key, title_key
from apps.content.errors import ExternalIdTakenError
from apps.content.models import Certificate, Credit, ExternalId, Image, Person, Score, TitleGenre, TitleName
from apps.content.services.bulk import delete_rows, insert_rows

#: Namespace of people's ids: `uuid5(_PEOPLE, name_key)`, so that people are inserted without being looked up.
_PEOPLE = UUID("0c7b9c0e-2f0b-5b52-9a43-5d4b5b1f6f5e")

Row = tuple[object, ...]
Drafts = Mapping[TitleId, TitleDraft]


@dataclass(frozen=True, slots=True)
class ChildTable:
    """
    A table of which a draft replaces its title's rows.

    Attributes:
        rows: All of the table.
        columns: What is compared and written.
        wanted: Makes the rows that a draft wants.
        prepare: Runs before new rows of some drafts are inserted.
    """

    rows: Manager[Model]
    columns: tuple[str, ...]
    wanted: Callable[[TitleDraft], Iterable[Row]]
    prepare: "Callable[[ChildChanges, Drafts], None] | None" = None


@dataclass(frozen=True, slots=True)
class ChildChanges:
    """What has to be written to one table for a whole batch."""

    table: ChildTable
    stale: Mapping[int, TitleId]
    missing: tuple[tuple[TitleId, Row], ...]

    def touched(self) -> set[TitleId]:
        """Return the titles that these writes change."""
        return {*self.stale.values(), *(title_id for title_id, _ in self.missing)}


def compare_children(drafts: Drafts, *, existing: Collection[TitleId]) -> tuple[ChildChanges, ...]:
    """
    Compare drafts with the rows that are there, by set difference; writes nothing.

    SQL: one SELECT for each of the seven tables, none when no title exists yet.

    Args:
        drafts: By the id of the title that they are written to.
        existing: Those of the ids that can have rows at all.
    """
    return tuple(_compare(table, drafts, existing) for table in _TABLES)


def write_children(changes: Iterable[ChildChanges], drafts: Drafts) -> None:
    """
    Bring the tables to what the drafts want.

    SQL: one DELETE and one INSERT for each table that differs, one INSERT of people when credits differ, one SELECT
    when external ids are added.

    Raises:
        ExternalIdTakenError: An added external id belongs to another title.
    """
    for change in changes:
        table = change.table
        delete_rows(table.rows, change.stale)
        if change.missing and table.prepare:
            table.prepare(change, drafts)
        rows = ((title_id, *row) for title_id, row in change.missing)
        insert_rows(table.rows.model, ("title_id", *table.columns), rows)


def _compare(table: ChildTable, drafts: Drafts, existing: Collection[TitleId]) -> ChildChanges:
    present: dict[tuple[TitleId, Row], int] = {}
    if existing:
        rows = table.rows.filter(title_id__in=existing).values_list("pk", "title_id", *table.columns)
        present = {(title_id, tuple(row)): pk for pk, title_id, *row in rows}
    wanted = dict.fromkeys((title_id, row) for title_id, draft in drafts.items() for row in table.wanted(draft))
    return ChildChanges(
        table=table,
        stale={pk: key[0] for key, pk in present.items() if key not in wanted},
        missing=tuple(key for key in wanted if key not in present),
    )


def _check_free(change: ChildChanges, _: Drafts) -> None:
    """Refuse external ids that another title holds, or two titles of the batch want."""
    values = {row[1] for _, row in change.missing}
    held = ExternalId.objects.filter(value__in=values).values_list("scheme", "value", "title_id")
    holders: dict[Row, UUID] = {(scheme, value): title_id for scheme, value, title_id in held}
    for title_id, row in change.missing:
        if holders.setdefault(row, title_id) != title_id:
            raise ExternalIdTakenError(f"{row[0]}:{row[1]} belongs to title {holders[row]}.")


def _create_people(change: ChildChanges, drafts: Drafts) -> None:
    """Insert whoever is not there yet; of two spellings with one key the first stays."""
    people: dict[UUID, Row] = {}
    for title_id in change.touched():
        for credit in drafts[title_id].credits:
            person_id, key = _identify(credit.name)
            people.setdefault(person_id, (person_id, credit.name, key))
    # In one order everywhere: two batches that bring the same people wait for one another instead of deadlocking.
    insert_rows(Person, ("id", "name", "name_key"), [people[key] for key in sorted(people)], skip_existing=True)


@lru_cache(maxsize=1 << 16)
def _identify(name: str) -> tuple[UUID, str]:
    """Compute a person's id and key."""
    key = name_key(name)
    return uuid5(_PEOPLE, key), key


def _names(draft: TitleDraft) -> Iterator[Row]:
    """Yield the further names; the original title is one of them, so that it is found by its key too."""
    names = {(name.language, name.name) for name in draft.names}
    if draft.original_title and draft.original_title not in {draft.title, *(name for _, name in names)}:
        names.add((draft.original_language or "und", draft.original_title))
    for language, name in names:
        yield language, name, title_key(name)


def _genres(draft: TitleDraft) -> Iterator[Row]:
    for position, genre in enumerate(dict.fromkeys(draft.genres)):
        yield genre, position


def _external_ids(draft: TitleDraft) -> Iterator[Row]:
    for external_id in draft.external_ids:
        yield external_id.scheme, external_id.value


def _credits(draft: TitleDraft) -> Iterator[Row]:
    """Yield one row per person and role; further parts of one actor are named in one line."""
    characters: dict[tuple[str, UUID], list[str]] = {}
    for credit in draft.credits:
        parts = characters.setdefault((credit.role.value, _identify(credit.name)[0]), [])
        if credit.character and credit.character not in parts:
            parts.append(credit.character)
    positions: dict[str, int] = {}
    for (role, person_id), parts in characters.items():
        position = positions[role] = positions.get(role, -1) + 1
        yield person_id, role, " / ".join(parts)[:_MAX_CHARACTER], position


def _certificates(draft: TitleDraft) -> Iterator[Row]:
    for region, rating in {certificate.region: certificate.rating for certificate in draft.certificates}.items():
        placement = place_certificate(rating, region=region)
        yield region, placement.system, rating, placement.min_age


def _scores(draft: TitleDraft) -> Iterator[Row]:
    for score in {score.source: score for score in draft.scores}.values():
        yield score.source, score.score, score.out_of, score.count


def _images(draft: TitleDraft) -> Iterator[Row]:
    for image in {image.url: image for image in draft.images}.values():
        yield image.kind, image.url, image.width_px, image.height_px, image.language, image.source


#: Width of `Credit.character`.
_MAX_CHARACTER = 200

_TABLES = (
    ChildTable(TitleName.objects, ("language", "name", "name_key"), _names),
    ChildTable(TitleGenre.objects, ("genre_id", "position"), _genres),
    ChildTable(ExternalId.objects, ("scheme", "value"), _external_ids, prepare=_check_free),
    ChildTable(Credit.objects, ("person_id", "role", "character", "position"), _credits, prepare=_create_people),
    ChildTable(Certificate.objects, ("region", "system", "rating", "min_age"), _certificates),
    ChildTable(Score.objects, ("source", "score", "out_of", "count"), _scores),
    ChildTable(Image.objects, ("kind", "url", "width_px", "height_px", "language", "source_id"), _images),
)
