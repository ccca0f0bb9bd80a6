"""Which of the titles that fit to suggest: tastes order what the hard constraints have left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from apps.content.contracts import Playable

#: Moods as the catalogue's editors write them, and the genres that stand for one where they wrote none.
MOOD_GENRES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "bittersweet": frozenset({"drama", "romance"}),
        "cozy": frozenset({"comedy", "family", "romance"}),
        "dark": frozenset({"crime", "horror", "thriller"}),
        "epic": frozenset({"adventure", "fantasy", "history", "war"}),
        "exciting": frozenset({"action", "adventure", "thriller"}),
        "funny": frozenset({"comedy"}),
        "gritty": frozenset({"crime", "war", "western"}),
        "heartwarming": frozenset({"family", "romance"}),
        "inspiring": frozenset({"biography", "sport"}),
        "intense": frozenset({"thriller", "war", "action"}),
        "melancholic": frozenset({"drama"}),
        "mysterious": frozenset({"mystery"}),
        "nostalgic": frozenset({"family", "musical"}),
        "playful": frozenset({"animation", "comedy"}),
        "quirky": frozenset({"comedy"}),
        "relaxing": frozenset({"documentary", "music"}),
        "romantic": frozenset({"romance"}),
        "sad": frozenset({"drama", "war"}),
        "satirical": frozenset({"comedy"}),
        "scary": frozenset({"horror"}),
        "suspenseful": frozenset({"thriller", "mystery", "crime"}),
        "thought-provoking": frozenset({"documentary", "drama", "science_fiction"}),
        "uplifting": frozenset({"family", "music", "musical", "sport"}),
        "whimsical": frozenset({"animation", "fantasy"}),
    }
)
#: Titles that an answer names.
_ANSWERS: Final = 3
#: What a title gains; popularity and rating weigh least, the mood most, and what was seen goes behind what was not.
_MOOD, _FAVOURITE, _EXCLUDED, _SEEN = 1.0, 0.25, -0.5, -2.0
_POPULARITY, _RATING = 0.3, 0.2
#: What a title loses for a main genre that stands in the answer already: a backup should be another kind of evening.
_SAME_GENRE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Tastes:
    """
    What orders titles and excludes none.

    Attributes:
        mood: A key of `MOOD_GENRES`; None is no wish.
        favourites, excluded: Genre slugs.
        seen: Titles that the viewer has watched to the end.
    """

    mood: str | None = None
    favourites: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    seen: frozenset[UUID] = frozenset()


def choose(candidates: Collection[Playable], tastes: Tastes) -> tuple[Playable, ...]:
    """
    Pick the answer and its backups, best first; any of the candidates may be picked, so a candidate means an answer.

    Equal scores are ordered by id, so the same question has the same answer.
    """
    scores = {each.id: _score(each, tastes) for each in candidates}
    rest = sorted(candidates, key=lambda each: (-scores[each.id], each.id))
    chosen: list[Playable] = []
    while rest and len(chosen) < _ANSWERS:
        taken = {_main_genre(each) for each in chosen}
        best = max(rest, key=lambda each: scores[each.id] - _SAME_GENRE * (_main_genre(each) in taken))
        chosen.append(best)
        rest.remove(best)
    return tuple(chosen)


def matches_mood(title: Playable, mood: str) -> bool:
    """Say whether a title has a mood: by its own moods, or by its genres where nobody has written its moods."""
    return mood in title.moods if title.moods else not MOOD_GENRES[mood].isdisjoint(title.genres)


def _score(title: Playable, tastes: Tastes) -> float:
    score = _POPULARITY * title.popularity + _RATING * (title.rating or 0.0) / 10
    if tastes.mood is not None and matches_mood(title, tastes.mood):
        score += _MOOD
    if not tastes.favourites.isdisjoint(title.genres):
        score += _FAVOURITE
    if not tastes.excluded.isdisjoint(title.genres):
        score += _EXCLUDED
    if title.id in tastes.seen:
        score += _SEEN
    return score


def _main_genre(title: Playable) -> str:
    return title.genres[0] if title.genres else ""


def genres_for(mood: str | None) -> Sequence[str]:
    """Name the genres to look through for a mood."""
    return sorted(MOOD_GENRES[mood]) if mood else ()
