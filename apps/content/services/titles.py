"""Bulk saving of titles: replaces what differs, leaves alone what is equal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.content.contracts import SaveReport, TitleDraft, TitleId
from apps.content.domain.certificates import place_certificate
from apps.content.domain.keys import title_key
from apps.content.domain.vocabulary import GENRES, LISTED_KINDS, Kind
from apps.content.errors import InvalidDraftError
from apps.content.models import Title, TitleAlias
from apps.content.services.bulk import delete_rows, insert_rows
from apps.content.services.changes import MAX_BATCH, publish_changes
from apps.content.services.children import compare_children, write_children
from apps.content.services.parts import compare_parts

#: Columns that a save writes on a row that exists.
_COLUMNS = (
    "kind",
    "title",
    "original_title",
    "title_key",
    "synopsis",
    "release_year",
    "end_year",
    "release_date",
    "runtime_minutes",
    "original_language",
    "languages",
    "countries",
    "moods",
    "themes",
    "status",
    "season_count",
    "episode_count",
    "popularity",
    "rating",
    "min_ages",
)
_REPLACED = (*_COLUMNS, "provenance", "version", "updated_at")
_INSERTED = ("id", "parent_id", "number", "created_at", *_REPLACED)


@transaction.atomic
def save_titles(drafts: Sequence[TitleDraft], *, at: datetime) -> SaveReport:
    """
    Create or replace a batch of titles with all that hangs on them; saving the same drafts again changes nothing.

    A draft is the whole wanted state: names, genres, people, certificates, scores, ids, images, seasons and episodes
    that it does not name are removed. Offers are not touched. A title of which anything differs gets a new version, a
    new `updated_at` and its place in the event; one of which only the provenance differs gets the new provenance.
    Existing titles are locked in id order, so that batches that overlap wait for one another.

    SQL: at most 30 statements, however many titles (on SQLite an INSERT of more than 32,766 values is several).

    Args:
        drafts: At most 500, each of another title; texts are taken as they are, so sanitise before.
        at: Time of the change, aware UTC.

    Returns:
        Ids in the order of the drafts; for a merged id that of its survivor.

    Raises:
        InvalidDraftError: Too many drafts, two of one title, a season or episode, an unknown genre.
        ExternalIdTakenError: An external id belongs to a title outside the batch, or that keeps it.
        IntegrityError: A year, runtime or ratio is outside its named constraint, or another transaction was creating
            one of these titles at the same time: then the batch may be saved again.
    """
    wanted = _by_survivor(drafts)
    present = Title.objects.select_for_update(of=("self",)).order_by("id").in_bulk(list(wanted))
    existing = [TitleId(title_id) for title_id in present]
    children = compare_children(wanted, existing=existing)
    parts = compare_parts(wanted, existing=existing, at=at)
    touched = parts.touched.union(*(change.touched() for change in children))

    rows: list[Title] = []
    created: list[TitleId] = []
    updated: list[TitleId] = []
    for title_id, draft in wanted.items():
        row = present.get(title_id) or Title(id=title_id, version=0, created_at=at)
        changed = _write_fields(row, draft) or title_id in touched or row.version == 0
        # A new origin of the same values is kept, yet is no change that anybody is told of.
        reattributed = _write_provenance(row, draft)
        if changed:
            row.version += 1
            row.updated_at = at
            (updated if title_id in present else created).append(title_id)
        if changed or reattributed:
            rows.append(row)

    delete_rows(Title.objects, parts.stale_ids)
    # In one order everywhere, so that batches that create the same titles wait for one another instead of deadlocking.
    rows.sort(key=lambda row: row.id)
    values = ([getattr(row, column) for column in _INSERTED] for row in (*rows, *parts.rows))
    insert_rows(Title, _INSERTED, values, replace=_REPLACED)
    write_children(children, wanted)
    publish_changes([*created, *updated])
    unchanged = wanted.keys() - {*created, *updated}
    return SaveReport(tuple(created), tuple(updated), tuple(title_id for title_id in wanted if title_id in unchanged))


def _by_survivor(drafts: Sequence[TitleDraft]) -> dict[TitleId, TitleDraft]:
    """Check the batch and key it by the ids that it is written to: a merged id means its survivor."""
    if len(drafts) > MAX_BATCH:
        raise InvalidDraftError(f"A batch takes at most {MAX_BATCH} titles, not {len(drafts)}.")
    for draft in drafts:
        _check_draft(draft)
    survivors = dict(TitleAlias.objects.filter(id__in=[d.id for d in drafts]).values_list("id", "title_id"))
    wanted = {TitleId(survivors.get(draft.id, draft.id)): draft for draft in drafts}
    if len(wanted) != len(drafts):
        raise InvalidDraftError("Two drafts of the batch describe one title.")
    return wanted


def _check_draft(draft: TitleDraft) -> None:
    """Refuse what no table could hold, before anything is written."""
    if draft.kind not in LISTED_KINDS:
        raise InvalidDraftError(f"{draft.id}: a {draft.kind} is saved with its series, not alone.")
    if draft.seasons and draft.kind is not Kind.SERIES:
        raise InvalidDraftError(f"{draft.id}: only a series has seasons.")
    unknown = set(draft.genres) - GENRES.keys()
    if unknown:
        raise InvalidDraftError(f"{draft.id}: unknown genres {sorted(unknown)}.")


def _write_fields(row: Title, draft: TitleDraft) -> bool:
    """Bring the columns of a row to its draft, and say whether any differed."""
    values = _values(draft)
    if all(getattr(row, column) == value for column, value in values.items()):
        return False
    for column, value in values.items():
        setattr(row, column, value)
    return True


def _write_provenance(row: Title, draft: TitleDraft) -> bool:
    """Bring the provenance of a row to its draft's, and say whether it differed."""
    # By hand: `asdict` copies every text deeply, which was a tenth of a load.
    origins = {
        name: {"source": origin.source, "record": origin.record, "as_of": origin.as_of, "rule": origin.rule}
        for name, origin in draft.provenance.items()
    }
    if row.provenance == origins:
        return False
    row.provenance = origins
    return True


def _values(draft: TitleDraft) -> dict[str, object]:
    """Compute the compared columns of a draft."""
    counts = [count for count in draft.seasons if count is not None]
    return {
        "kind": draft.kind.value,
        "title": draft.title,
        "original_title": draft.original_title,
        "title_key": title_key(draft.title),
        "synopsis": draft.synopsis,
        "release_year": draft.release_year,
        "end_year": draft.end_year,
        "release_date": draft.release_date,
        "runtime_minutes": draft.runtime_minutes,
        "original_language": draft.original_language,
        "languages": list(draft.languages),
        "countries": list(draft.countries),
        "moods": list(draft.moods),
        "themes": list(draft.themes),
        "status": draft.status.value if draft.status else "",
        "season_count": len(draft.seasons) or None,
        # The sum is only true when every season's count is known.
        "episode_count": sum(counts) if counts and len(counts) == len(draft.seasons) else None,
        "popularity": draft.popularity,
        "rating": draft.rating,
        "min_ages": {
            certificate.region: place_certificate(certificate.rating, region=certificate.region).min_age
            for certificate in draft.certificates
        },
    }
