"""Watchlist and progress as people see them: by the titles' own ids, under the viewer's policy."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.content.errors import TitleNotFoundError
from apps.sync.contracts import PlayState, ProgressRecord, WatchlistItem
from apps.sync.domain.state import Register, Session, State, wins
from apps.sync.models import HiddenTitle, ProgressRegister, WatchlistTag
from apps.sync.queries.state import read_hidden, read_registers
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.policy import Policy
from mediagateway.prepared import prepared

#: Titles in a list of progress, unless told otherwise.
DEFAULT_LIMIT = 200


def list_watchlist(viewer: Viewer) -> tuple[WatchlistItem, ...]:
    """
    List the watchlist, newest first, of titles that the viewer may see.

    One SQL statement and those of `content.resolve_titles`.
    """
    rows = _live(viewer)
    titles = content.resolve_titles({content_id for content_id, _ in rows}, policy=viewer.policy)
    added_at: dict[UUID, WatchlistItem] = {}
    # Rows come newest first, so the newest addition of a title speaks for it.
    for content_id, at in rows:
        if (title_id := titles.get(content_id)) is not None:
            added_at.setdefault(title_id, WatchlistItem(title_id, at))
    return tuple(sorted(added_at.values(), key=lambda item: (item.added_at, item.content_id), reverse=True))


@prepared
def _live(viewer: Holder) -> QuerySet[WatchlistTag, tuple[UUID, datetime]]:
    return owned(WatchlistTag, viewer).filter(removed_at__isnull=True).values_list("content_id", "added_at")


def list_progress(viewer: Viewer, *, limit: int = DEFAULT_LIMIT) -> tuple[ProgressRecord, ...]:
    """
    List where titles stand, the last watched first, of titles that the viewer may see; hidden ones too.

    Three SQL statements and those of `content.resolve_titles`.

    Args:
        viewer: Whose.
        limit: Titles at most.
    """
    newest = (
        owned(ProgressRegister, viewer)
        .values("content_id")
        .annotate(newest=Max("written_at"))
        .order_by("-newest", "content_id")[:limit]
    )
    content_ids = {row["content_id"] for row in newest}
    titles = content.resolve_titles(content_ids, policy=viewer.policy)
    return _progress(viewer, titles)


def get_progress(viewer: Viewer, content_ids: Collection[UUID]) -> dict[UUID, ProgressRecord]:
    """
    Tell where some titles stand, by the ids asked for; without those that were not watched or may not be seen.

    Three SQL statements and those of `content.resolve_titles`.
    """
    asked = content.resolve_titles(content_ids, policy=viewer.policy)
    titles: dict[UUID, TitleId] = {title_id: title_id for title_id in asked.values()}
    titles |= content.find_aliases(set(asked.values()))
    found = {record.content_id: record for record in _progress(viewer, titles)}
    return {content_id: found[title_id] for content_id, title_id in asked.items() if title_id in found}


def get_progress_of(people: Mapping[UUID, Collection[UUID]]) -> dict[UUID, tuple[ProgressRecord, ...]]:
    """
    Tell where titles stand for many people at once, as events name them: nobody asks, so no policy holds.

    Four SQL statements, one more when an id was merged.

    Args:
        people: Titles by profile.
    """
    asked = content.resolve_titles({each for ids in people.values() for each in ids}, policy=Policy(region=""))
    titles: dict[UUID, TitleId] = {title_id: title_id for title_id in asked.values()}
    titles |= content.find_aliases(set(asked.values()))
    rows: dict[UUID, list[ProgressRegister]] = defaultdict(list)
    for row in ProgressRegister.objects.filter(profile_id__in=people, content_id__in=titles):
        rows[row.profile_id].append(row)
    hidden: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for each in HiddenTitle.objects.filter(profile_id__in=people, content_id__in=titles):
        hidden[each.profile_id].append((each.content_id, each.stamp))
    wanted = {profile_id: {asked.get(each) for each in ids} for profile_id, ids in people.items()}
    return {
        profile_id: tuple(
            record
            for record in _records(rows[profile_id], hidden[profile_id], titles)
            if record.content_id in wanted[profile_id]
        )
        for profile_id in people
    }


def get_title_id(viewer: Viewer, content_id: UUID) -> TitleId:
    """
    Tell which title an id stands for. The SQL of `content.resolve_titles`.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
    """
    title_id = content.resolve_titles([content_id], policy=viewer.policy).get(content_id)
    if title_id is None:
        raise TitleNotFoundError("There is no title with this id.")
    return title_id


def list_tags(holder: Holder, content_id: UUID) -> tuple[UUID, ...]:
    """List the live additions of a title, under whatever id it was added. Three SQL statements."""
    titles = content.resolve_titles([content_id], policy=Policy(region=""))
    title_id = titles.get(content_id, content_id)
    ids = {content_id, title_id, *content.find_aliases([title_id])}
    live = owned(WatchlistTag, holder).filter(content_id__in=ids, removed_at__isnull=True)
    return tuple(live.order_by("tag").values_list("tag", flat=True))


def _progress(viewer: Viewer, titles: Mapping[UUID, TitleId]) -> tuple[ProgressRecord, ...]:
    """Read the registers of some titles, by their ids and what was merged into them. Two SQL statements."""
    return _records(read_registers(viewer, titles), read_hidden(viewer, titles), titles)


def _records(
    rows: Collection[ProgressRegister], hidden: Iterable[tuple[UUID, str]], titles: Mapping[UUID, TitleId]
) -> tuple[ProgressRecord, ...]:
    """Say where the titles of one person stand, the last watched first."""
    written_at: dict[tuple[UUID, UUID], datetime] = {
        (titles[row.content_id], row.session_id): row.written_at for row in rows
    }
    state = State(registers=_registers(rows, titles))
    for content_id, stamp in hidden:
        if wins(stamp, state.hidden.get(titles[content_id], "")):
            state.hidden[titles[content_id]] = stamp
    records = [
        ProgressRecord(
            content_id=content_id,
            session_id=session_id,
            position_s=register.position_s,
            duration_s=register.duration_s,
            state=PlayState(register.state),
            is_hidden=state.is_hidden(content_id, register),
            updated_at=written_at[content_id, session_id],
        )
        for content_id, (session_id, register) in state.current().items()
    ]
    return tuple(sorted(records, key=lambda record: (record.updated_at, record.content_id), reverse=True))


def _registers(rows: Iterable[ProgressRegister], titles: Mapping[UUID, TitleId]) -> dict[Session, Register]:
    return {
        Session(titles[row.content_id], row.session_id): Register(
            row.started, row.stamp, row.position_s, row.duration_s, row.state
        )
        for row in rows
    }
