"""What follows an episode."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from apps.content.contracts import TitleId
from apps.content.domain.vocabulary import Kind
from apps.content.models import Title


def find_next_episodes(episode_ids: Collection[UUID]) -> dict[UUID, TitleId]:
    """
    Find the episode that follows each one: the next of its season, else the first of the next season that has any.

    Specials (season 0) follow nothing but specials, and nothing else follows them. Three SQL statements at most.

    Returns:
        Next episodes by the id asked for; the last known episode of a series, and what is no episode, is absent.
    """
    asked = list(
        Title.objects.filter(pk__in=episode_ids, kind=Kind.EPISODE)
        .select_related("parent")
        .only("number", "parent__number", "parent__parent_id")
    )
    if not asked:
        return {}
    seasons = Title.objects.filter(kind=Kind.SEASON, parent_id__in={_season(episode).parent_id for episode in asked})
    by_id = {season.pk: season for season in seasons.only("number", "parent_id")}
    lines: dict[UUID | None, list[tuple[int, int, UUID]]] = defaultdict(list)
    episodes = Title.objects.filter(kind=Kind.EPISODE, parent_id__in=by_id)
    for episode_id, season_id, number in episodes.values_list("pk", "parent_id", "number"):
        season = by_id[season_id]
        lines[season.parent_id].append((season.number or 0, number or 0, episode_id))
    for line in lines.values():
        line.sort()
    found = {episode.pk: _next(episode, lines[_season(episode).parent_id]) for episode in asked}
    return {asked_id: TitleId(next_id) for asked_id, next_id in found.items() if next_id is not None}


def _season(episode: Title) -> Title:
    assert episode.parent is not None  # Constraint title_part_has_parent_and_number.
    return episode.parent


def _next(episode: Title, line: list[tuple[int, int, UUID]]) -> UUID | None:
    """Pick what stands behind an episode in its series, without going from specials to seasons."""
    here = (_season(episode).number or 0, episode.number or 0)
    behind = (each for each in line if each[:2] > here and bool(each[0]) == bool(here[0]))
    return next((episode_id for _, _, episode_id in behind), None)
