"""Keeping the items in step with the catalogue."""

from collections.abc import Collection, Iterator
from itertools import islice
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F

from apps.content import api as content
from apps.content.contracts import IndexEntry, Role
from apps.sona.models import CatalogueItem, CatalogueState

BATCH = 500
#: People of a title by whom it can be dismissed, in billing order.
_PEOPLE = 12
_BILLED = frozenset({Role.DIRECTOR, Role.CREATOR, Role.ACTOR, Role.WRITER})


def follow_titles(ids: Collection[UUID]) -> None:
    """
    Write the items of these titles, and mark those that left the catalogue; idempotent.

    One transaction, in which the row of `CatalogueState` is locked, so revisions become visible in their order. Ten SQL
    statements.

    Args:
        ids: At most a few hundred.
    """
    with transaction.atomic():
        revision = _next_revision()
        entries = content.list_index_entries(ids)
        CatalogueItem.objects.bulk_create(
            [
                CatalogueItem(title_id=entry.id, revision=revision, is_live=True, payload=_payload(entry))
                for entry in entries
            ],
            update_conflicts=True,
            unique_fields=["title_id"],
            update_fields=["revision", "is_live", "payload"],
            batch_size=BATCH,
        )
        gone = set(ids) - {entry.id for entry in entries}
        CatalogueItem.objects.filter(title_id__in=gone, is_live=True).update(
            is_live=False, revision=revision, payload=""
        )


def follow_catalogue() -> Iterator[int]:
    """Write every title's item again, and yield how many are done; for a catalogue older than this app's tables."""
    done = 0
    listed = iter(content.iter_listed_ids())
    while batch := list(islice(listed, BATCH)):
        follow_titles(batch)
        done += len(batch)
        yield done


def _next_revision() -> int:
    """Take the next revision and keep the row locked until the transaction ends."""
    CatalogueState.objects.get_or_create(id=1)
    CatalogueState.objects.filter(id=1).update(revision=F("revision") + 1)
    return CatalogueState.objects.values_list("revision", flat=True).get(id=1)


def _payload(entry: IndexEntry) -> str:
    billed = dict.fromkeys(str(person.id) for person in entry.people if person.role in _BILLED)
    return orjson.dumps(
        {
            "kind": entry.kind,
            "year": entry.release_year,
            "runtime": entry.runtime_minutes,
            "popularity": entry.popularity,
            "min_ages": dict(entry.min_ages),
            "genres": entry.genres,
            "people": list(islice(billed, _PEOPLE)),
            "offers": [
                (
                    offer.platform,
                    offer.region,
                    int(offer.window_start.timestamp()),
                    None if offer.window_end is None else int(offer.window_end.timestamp()),
                )
                for offer in entry.offers
            ],
        }
    ).decode()
