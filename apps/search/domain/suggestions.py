"""Autocomplete: titles and people from the snapshot, genres and platforms from their lists, under one policy."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import numpy as np

from apps.search.domain.columns import UNKNOWN, Mask
from apps.search.domain.ports import LexicalIndex
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.vocabulary import Suggestion, SuggestionKind

#: What a genre or platform weighs beside titles and people, whose popularity is 0..1.
_WORD_WEIGHT = 1.2
#: What it is worth that the text begins the whole name and not a later word of it.
_HEAD_WEIGHT = 0.5
#: A text shorter than this has no spelling to correct.
_MIN_FUZZY = 4

Scored = tuple[float, Suggestion]


def suggest(
    snapshot: Snapshot,
    index: LexicalIndex,
    folded: str,
    *,
    permitted: Mask,
    words: Mapping[SuggestionKind, Mapping[str, str]],
    limit: int,
    isolated: bool = False,
) -> tuple[Suggestion, ...]:
    """
    Complete what is being typed.

    Args:
        snapshot: Names and popularity.
        index: Asked for near spellings when beginnings give too little.
        folded: From `analysis.fold`; not empty.
        permitted: Titles that the viewer may see. A person none of whose titles is permitted does not exist here.
        words: Genres and platforms: slug -> name.
        limit: Most suggestions.
        isolated: Whether nothing of the answer may depend on titles that are not permitted.

    Returns:
        Best first; the text's own case and accents do not matter.
    """
    scored = [
        *_from_words(folded, words),
        *_from_titles(snapshot, folded, permitted, limit),
        *_from_people(snapshot, folded, permitted, limit),
    ]
    if len(scored) < limit and len(folded) >= _MIN_FUZZY:
        seen = {suggestion.id for _, suggestion in scored}
        near = _from_spellings(snapshot, index, folded, permitted, None if isolated else limit * 2)
        scored += [entry for entry in near if entry[1].id not in seen]
    scored.sort(key=lambda entry: (-entry[0], entry[1].text, str(entry[1].id)))
    return tuple(suggestion for _, suggestion in scored[:limit])


def _from_words(folded: str, words: Mapping[SuggestionKind, Mapping[str, str]]) -> Iterator[Scored]:
    """Complete the names of genres and platforms, from any of their words."""
    for kind, names in words.items():
        for slug, name in names.items():
            lowered = f" {name.casefold()}"
            if f" {folded}" in lowered:
                yield _WORD_WEIGHT + len(folded) / len(name), Suggestion(kind, slug, name)


def _from_titles(snapshot: Snapshot, folded: str, permitted: Mask, limit: int) -> Iterator[Scored]:
    """Complete titles."""
    slots, shares = snapshot.titles.containing(folded)
    visible = permitted[slots]
    slots, shares = slots[visible], shares[visible]
    scores = snapshot.columns.popularity[slots] + _HEAD_WEIGHT * shares
    for at in np.argsort(-scores, kind="stable")[:limit]:
        yield float(scores[at]), _title(snapshot, int(slots[at]))


def _from_people(snapshot: Snapshot, folded: str, permitted: Mask, limit: int) -> Iterator[Scored]:
    """Complete names of people, from any of their words."""
    codes, shares = snapshot.people.containing(folded)
    if len(codes) == 0:
        return
    popularity = snapshot.person_popularity(codes, permitted)
    known = popularity >= 0
    codes, scores = codes[known], popularity[known] + _HEAD_WEIGHT * shares[known]
    for at in np.argsort(-scores, kind="stable")[:limit]:
        code = int(codes[at])
        person = Suggestion(SuggestionKind.PERSON, UUID(snapshot.person_ids[code]), snapshot.person_names[code])
        yield float(scores[at]), person


def _from_spellings(
    snapshot: Snapshot, index: LexicalIndex, folded: str, permitted: Mask, limit: int | None
) -> Iterator[Scored]:
    """Offer titles that are spelt nearly so, below everything that is spelt so."""
    matches = index.fuzzy_names(folded, limit=limit)
    slots, known = snapshot.columns.slots_of(matches.numbers)
    for slot, similarity in zip(slots.tolist(), matches.scores[known].tolist(), strict=True):
        if permitted[slot]:
            yield similarity - 1.0, _title(snapshot, slot)


def _title(snapshot: Snapshot, slot: int) -> Suggestion:
    """Write the suggestion of a title."""
    year = int(snapshot.columns.years[slot])
    return Suggestion(
        SuggestionKind.TITLE,
        snapshot.columns.title_ids[slot],
        str(snapshot.displays[slot]),
        None if year == UNKNOWN else year,
    )
