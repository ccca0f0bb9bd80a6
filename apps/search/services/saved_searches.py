"""Searches that people keep: changing them, and telling what is new."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet

from apps.search.adapters.store import get_index_version
from apps.search.contracts import Matches, SavedSearchRecord
from apps.search.domain.matches import LONGEST_REST, MAX_MATCHES, MAX_SAVED, MAX_TOLD, REST, compare, pack, unpack
from apps.search.errors import SavedSearchNotFoundError, TooManySavedSearchesError
from apps.search.models import SavedSearch
from apps.search.queries.saved_searches import record_of, request_of
from apps.search.queries.searching import find_matches
from apps.user import api as user
from mediagateway.ownership import Viewer, owned, owned_by_accounts

#: Members that decide what is found; a change of one begins anew.
_WHAT = frozenset({"query", "filters", "without", "region"})


def create_saved_search(viewer: Viewer, members: Mapping[str, Any], *, now: datetime) -> SavedSearchRecord:
    """
    Keep a search; what it finds now is no news. Four SQL statements.

    Raises:
        TooManySavedSearchesError: The profile has `MAX_SAVED`.
    """
    with transaction.atomic():
        user.lock_profile(viewer)
        if owned(SavedSearch, viewer).count() >= MAX_SAVED:
            raise TooManySavedSearchesError(f"There may be {MAX_SAVED} saved searches; delete one first.")
        row = SavedSearch.objects.create(
            profile_id=viewer.profile_id, created_at=now, updated_at=now, next_look_at=now, **members
        )
    return record_of(row)


def change_saved_search(
    viewer: Viewer, search_id: UUID, members: Mapping[str, Any], *, check: Callable[[object], None], now: datetime
) -> SavedSearchRecord:
    """
    Change a saved search; when that changes what it finds, what it finds then is no news.

    Args:
        viewer: Whose it is.
        search_id: Which.
        members: What to change.
        check: Is given its version, under its lock.
        now: When.

    Raises:
        SavedSearchNotFoundError: The profile has none of this id.
    """
    with transaction.atomic():
        row = owned(SavedSearch, viewer).select_for_update().filter(pk=search_id).first()
        if row is None:
            raise SavedSearchNotFoundError("There is no saved search with this id.")
        check(row.version)
        changed = {name for name, value in members.items() if getattr(row, name) != value}
        for name in changed:
            setattr(row, name, members[name])
        if changed & _WHAT or ("notify" in changed and row.notify):
            row.index_version, row.known, row.matches = "", b"", None
            row.is_too_broad, row.next_look_at = False, now
        if changed:
            row.version += 1
            row.updated_at = now
            row.save()
    return record_of(row)


def delete_saved_search(viewer: Viewer, search_id: UUID) -> None:
    """
    Delete a saved search. One SQL statement.

    Raises:
        SavedSearchNotFoundError: The profile has none of this id.
    """
    deleted, _ = owned(SavedSearch, viewer).filter(pk=search_id).delete()
    if not deleted:
        raise SavedSearchNotFoundError("There is no saved search with this id.")


def look_for_news(*, now: datetime) -> bool:
    """
    Look at the saved search that is due first, tell its person what is new, and say whether there was one.

    Those that no title has changed for, nor a day gone by, are put off without a look, all by one statement. The look
    itself is a search under the person's policy as it is now; it and its notification are one transaction.
    """
    due = SavedSearch.objects.filter(notify=True, next_look_at__lte=now)
    unchanged = due.filter(index_version=str(get_index_version()), looked_at__gt=now - LONGEST_REST)
    unchanged.update(next_look_at=now + REST)
    row = due.order_by("next_look_at", "id").first()
    if row is None:
        return False
    viewer = user.find_viewer(row.profile_id)
    if viewer is None:
        # A closed account, which can be opened again.
        _untouched(row).update(next_look_at=now + LONGEST_REST)
        return True
    request, policy = request_of(row, viewer)
    matches = find_matches(request, policy=policy, now=now)
    with transaction.atomic():
        _take_in(row, matches, now=now)
    return True


def export_saved_searches(account_id: UUID) -> list[dict[str, Any]]:
    """Give the saved searches of a household, as JSON values. One SQL statement."""
    names = ("profile_id", "name", "query", "filters", "without", "region", "notify", "created_at")
    rows = owned_by_accounts(SavedSearch, [account_id]).values(*names)
    written: list[dict[str, Any]] = orjson.loads(orjson.dumps(list(rows), option=orjson.OPT_UTC_Z))
    return written


def _take_in(row: SavedSearch, matches: Matches, *, now: datetime) -> None:
    """Note what a look found, and tell what is new of it; nothing when somebody else has looked, or changed it."""
    is_too_broad = len(matches.ids) > MAX_MATCHES
    # The first look, and the first one with vectors again, only learn what there is.
    is_first = not row.index_version or (row.was_degraded and not matches.is_degraded)
    news = compare(matches.ids[:MAX_MATCHES], unpack(bytes(row.known)))
    new = [] if is_first or is_too_broad or row.is_too_broad else [matches.ids[place] for place in news.new]
    taken = _untouched(row).update(
        index_version=matches.version,
        looked_at=now,
        was_degraded=matches.is_degraded,
        next_look_at=now + REST,
        matches=len(matches.ids),
        known=pack(news.known),
        is_too_broad=is_too_broad,
        last_news_at=now if new else row.last_news_at,
    )
    if taken and new:
        user.notify(
            [row.profile_id],
            kind="saved_search_matched",
            key=f"search.saved:{row.id}:{row.version}:{matches.version}:{now:%Y%m%d}",
            text=f"New for your search “{row.name}”: {len(new)} {'title' if len(new) == 1 else 'titles'}.",
            content_ids=new[:MAX_TOLD],
            link=f"/api/v1/search/saved/{row.id}",
        )


def _untouched(row: SavedSearch) -> QuerySet[SavedSearch]:
    """Find the row again, unless somebody has changed it, or looked, since it was read."""
    return SavedSearch.objects.filter(
        pk=row.pk, version=row.version, index_version=row.index_version, next_look_at=row.next_look_at
    )
