"""Why a title matched, said only when it is true of that title."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.search.domain.analysis import query_terms
from apps.search.domain.ranking import EXACT_RUNG, PREFIX_RUNG
from apps.search.domain.vocabulary import Reason, ReasonKind
from mediagateway.folding import fold_words


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The distinct terms of a document, by field."""

    title: frozenset[str]
    people: frozenset[str]
    tags: frozenset[str]
    synopsis: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskedWords:
    """
    The words of a query.

    Attributes:
        every: In order, folded.
        telling: Those that say something, with their terms.
    """

    every: tuple[str, ...]
    telling: Mapping[str, frozenset[str]]


def read_words(text: str) -> AskedWords:
    """Take a query, as typed, apart; once for all its hits."""
    words = {word: frozenset(query_terms(word)) for word in fold_words(text)}
    telling = frozenset(query_terms(text))
    return AskedWords(tuple(words), {word: found for word, found in words.items() if found & telling})


def reasons_for(
    asked: AskedWords, document: DocumentText, *, rung: float, similarity: float = 0.0
) -> tuple[Reason, ...]:
    """
    Say where the caller's words stand in a document, the weightiest field first; each word is named once.

    Args:
        asked: The words of the query.
        document: The terms of the title.
        rung: Where it stands on the title ladder (`ranking`).
        similarity: Of its meaning and the query's; 0 where it did not count.
    """
    left = asked.telling
    reasons = []
    if rung > 0:
        if rung >= EXACT_RUNG:
            kind = ReasonKind.TITLE_EXACT
        else:
            kind = ReasonKind.TITLE_PREFIX if rung > PREFIX_RUNG else ReasonKind.TITLE_SIMILAR
        reasons.append(Reason(kind, asked.every))
    fields = (
        (ReasonKind.TITLE_WORDS, document.title),
        (ReasonKind.PERSON, document.people),
        (ReasonKind.TAG, document.tags),
        (ReasonKind.SYNOPSIS_WORDS, document.synopsis),
    )
    for kind, terms in fields:
        if kind is ReasonKind.TITLE_WORDS and rung > PREFIX_RUNG:
            left = {word: found for word, found in left.items() if not found <= terms}
            continue
        here = tuple(word for word, found in left.items() if found <= terms)
        if here:
            reasons.append(Reason(kind, here))
            left = {word: found for word, found in left.items() if word not in here}
    if similarity > 0:
        reasons.append(Reason(ReasonKind.MEANING, ()))
    return tuple(reasons)
