"""Seasons and episodes of a series, materialised by their numbers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from apps.content.contracts import TitleDraft, TitleId
from apps.content.domain.vocabulary import Kind
from apps.content.models import Title


@dataclass(slots=True)
class PartChanges:
    """Seasons and episodes to write, parents first, those to delete, and the series that these writes change."""

    rows: list[Title] = field(default_factory=list)
    stale_ids: list[UUID] = field(default_factory=list)
    touched: set[TitleId] = field(default_factory=set)


def compare_parts(drafts: Mapping[TitleId, TitleDraft], *, existing: Collection[TitleId], at: datetime) -> PartChanges:
    """
    Compare the seasons that drafts count with those that are there; writes nothing.

    Ids of new parts are derived from the series' own (`uuid5`), so that two installations agree on them.

    SQL: one SELECT of seasons and one of episodes, none when no title exists yet.

    Args:
        drafts: By the id of the title that they are written to.
        existing: Those of the ids that can have parts at all.
        at: When the parts are written, aware UTC.
    """
    seasons: dict[TitleId, dict[int, Title]] = defaultdict(dict)
    episodes: dict[UUID, dict[int, UUID]] = defaultdict(dict)
    if existing:
        for season in Title.objects.filter(parent_id__in=existing):
            series_id, number = _place(season)
            seasons[TitleId(series_id)][number] = season
        for episode in Title.objects.filter(parent__parent_id__in=existing).only("parent_id", "number"):
            season_id, number = _place(episode)
            episodes[season_id][number] = episode.id
    changes = PartChanges()
    for series_id, draft in drafts.items():
        _compare_series(series_id, draft.seasons, seasons[series_id], episodes, changes=changes, at=at)
    return changes


def _compare_series(
    series_id: TitleId,
    counts: Sequence[int | None],
    seasons: Mapping[int, Title],
    episodes: Mapping[UUID, Mapping[int, UUID]],
    *,
    changes: PartChanges,
    at: datetime,
) -> None:
    """Add what one series needs to the changes."""
    written: list[Title] = []
    stale_ids = [season.id for number, season in seasons.items() if number > len(counts)]
    for number, count in enumerate(counts, start=1):
        known = seasons.get(number)
        season = known or _new_part(Kind.SEASON, series_id, number, at=at)
        if known and known.episode_count != count:
            known.version += 1
            known.updated_at = at
        if known is None or known.episode_count != count:
            season.episode_count = count
            written.append(season)
        present = episodes.get(season.id, {})
        wanted = range(1, (count or 0) + 1)
        written += [_new_part(Kind.EPISODE, season.id, n, at=at) for n in wanted if n not in present]
        stale_ids += [episode_id for n, episode_id in present.items() if n not in wanted]
    changes.rows += written
    changes.stale_ids += stale_ids
    if written or stale_ids:
        changes.touched.add(series_id)


def _place(part: Title) -> tuple[UUID, int]:
    """Return the parent and number that the constraint `title_part_has_parent_and_number` promises."""
    assert part.parent_id is not None
    assert part.number is not None
    return part.parent_id, part.number


def _new_part(kind: Kind, parent_id: UUID, number: int, *, at: datetime) -> Title:
    part_id = uuid5(parent_id, f"{kind} {number}")
    return Title(id=part_id, kind=kind, parent_id=parent_id, number=number, created_at=at, updated_at=at)
