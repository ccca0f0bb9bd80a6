"""The preferences that there are: each key with what it may hold and what holds while nobody has chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeGuard, assert_never

from apps.content.contracts import GENRES

#: BCP 47 as far as its form goes.
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"
MAX_LANGUAGE = 35
#: Members of a list, at most.
MAX_WISHES = 30

Value = bool | str | None | list[str]


class ValueKind(StrEnum):
    """What a preference holds."""

    FLAG = "flag"
    CHOICE = "choice"
    LANGUAGE = "language"
    LANGUAGES = "languages"
    GENRES = "genres"


@dataclass(frozen=True, slots=True)
class PreferenceRule:
    """
    One preference.

    Attributes:
        kind: What it holds; a language may be null, "no wish".
        default: While nobody has chosen.
        meaning: A sentence for the reference.
        choices: The words of a choice.
    """

    kind: ValueKind
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()


PREFERENCES: Final[Mapping[str, PreferenceRule]] = MappingProxyType(
    {
        "preferred_languages": PreferenceRule(ValueKind.LANGUAGES, [], "Languages to watch in, the best first."),
        "audio_language": PreferenceRule(ValueKind.LANGUAGE, None, "Language of the sound."),
        "subtitle_language": PreferenceRule(ValueKind.LANGUAGE, None, "Language of subtitles."),
        "subtitles_enabled": PreferenceRule(ValueKind.FLAG, False, "Whether subtitles are on from the start."),
        "video_quality": PreferenceRule(ValueKind.CHOICE, "hd", "Best picture to look for.", ("sd", "hd", "uhd")),
        "audio_quality": PreferenceRule(
            ValueKind.CHOICE, "stereo", "Best sound to look for.", ("stereo", "surround", "atmos")
        ),
        "autoplay_next_episode": PreferenceRule(ValueKind.FLAG, True, "Whether the next episode follows by itself."),
        "favorite_genres": PreferenceRule(ValueKind.GENRES, [], "Genres to see more of."),
        "excluded_genres": PreferenceRule(ValueKind.GENRES, [], "Genres to see less of; a taste, not a limit."),
        "notify_new_releases": PreferenceRule(ValueKind.FLAG, True, "Tell about new titles."),
        "notify_price_drops": PreferenceRule(ValueKind.FLAG, True, "Tell about lower prices."),
        "notify_expiring_content": PreferenceRule(ValueKind.FLAG, True, "Tell about offers that end."),
        "notify_new_episodes": PreferenceRule(ValueKind.FLAG, True, "Tell about new episodes."),
        "notify_recommendations": PreferenceRule(ValueKind.FLAG, False, "Tell about recommendations."),
    }
)


def is_value_of(key: str, value: object) -> bool:
    """Whether a key is known and may hold this value."""
    rule = PREFERENCES.get(key)
    if rule is None:
        return False
    match rule.kind:
        case ValueKind.FLAG:
            return isinstance(value, bool)
        case ValueKind.CHOICE:
            return value in rule.choices
        case ValueKind.LANGUAGE:
            return value is None or _is_language(value)
        case ValueKind.LANGUAGES:
            return _is_wish_list(value) and all(_is_language(each) for each in value)
        case ValueKind.GENRES:
            return _is_wish_list(value) and all(isinstance(each, str) and each in GENRES for each in value)
    assert_never(rule.kind)


def with_defaults(chosen: Mapping[str, Value]) -> dict[str, Value]:
    """Fill in what nobody has chosen; a key that is no longer known goes."""
    return {key: chosen.get(key, rule.default) for key, rule in PREFERENCES.items()}


def contradictions(values: Mapping[str, Value]) -> frozenset[str]:
    """Name the genres that are favourites and excluded at once."""
    favorites, excluded = values["favorite_genres"], values["excluded_genres"]
    assert isinstance(favorites, list)
    assert isinstance(excluded, list)
    return frozenset(favorites) & frozenset(excluded)


def _is_wish_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and len(value) <= MAX_WISHES


def _is_language(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_LANGUAGE and re.match(LANGUAGE_PATTERN, value) is not None
