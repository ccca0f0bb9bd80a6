"""Completions of what is being typed."""

from apps.search.adapters import lexical_index
from apps.search.adapters.store import snapshots
from apps.search.domain.analysis import fold
from apps.search.domain.filters import permitted
from apps.search.domain.suggestions import suggest
from apps.search.domain.vocabulary import Suggestion, SuggestionKind
from apps.search.queries.words import get_words
from mediagateway.policy import Policy


def autocomplete(text: str, *, limit: int, policy: Policy) -> tuple[Suggestion, ...]:
    """
    Complete what is being typed; nothing for a text without letters or digits.

    Costs 1 SQL statement, 2 when near spellings are looked up, and 2 more every five minutes.
    """
    folded = fold(text)
    if not folded:
        return ()
    _, snapshot = snapshots.current()
    allowed = permitted(snapshot.columns, policy)
    words = get_words()
    genres = {slug: name for slug, name in words[SuggestionKind.GENRE].items() if slug not in policy.blocked_genres}
    return suggest(
        snapshot,
        lexical_index(),
        folded,
        permitted=allowed,
        words={SuggestionKind.GENRE: genres, SuggestionKind.PLATFORM: words[SuggestionKind.PLATFORM]},
        limit=limit,
        isolated=not policy.is_open,
    )
