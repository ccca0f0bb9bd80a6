"""The names of genres and platforms, and the phrases that queries are read with; they hardly ever change."""

from collections.abc import Mapping
from functools import lru_cache

from django.core.cache import cache

from apps.content import api as content
from apps.search.domain.analysis import fold
from apps.search.domain.understanding.lexicon import Entry, build_lexicon
from apps.search.domain.vocabulary import SuggestionKind

#: Every process reads them again after this.
_WORDS_TTL_S = 300


def get_words() -> dict[SuggestionKind, dict[str, str]]:
    """Give slug -> name of genres and platforms; two SQL statements every five minutes."""
    words: dict[str, dict[str, str]] | None = cache.get("search:words")
    if words is None:
        words = {
            SuggestionKind.GENRE.value: {genre.slug: genre.name for genre in content.get_genres()},
            SuggestionKind.PLATFORM.value: {platform.slug: platform.name for platform in content.get_platforms()},
        }
        cache.set("search:words", words, _WORDS_TTL_S)
    return {SuggestionKind(kind): names for kind, names in words.items()}


def get_lexicon() -> Mapping[str, Entry]:
    """Give the phrases; SQL as `get_words`."""
    return _lexicon(tuple(sorted(get_words()[SuggestionKind.PLATFORM].items())))


@lru_cache(maxsize=2)
def _lexicon(platforms: tuple[tuple[str, str], ...]) -> Mapping[str, Entry]:
    return build_lexicon({slug: fold(name) for slug, name in platforms})
