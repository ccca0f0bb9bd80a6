"""
Slips mended word by word, against the words of names that this viewer may see.

Whole names are compared elsewhere (`LexicalIndex.fuzzy_names`); this is for a slip in a part of one ("pirates of the
carribean"), or in somebody's name. A word that any name or any text has is right, so a real title is never mended away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from apps.search.domain.columns import Mask
from apps.search.domain.snapshot import Snapshot

#: Shorter words have too many neighbours.
_MIN_LENGTH = 5
#: Words of a query that are mended at most; with more of them it is another language.
_MOST_SLIPS = 3
#: rapidfuzz's ratio, 0..100: one letter of six changed is 83, two swapped 83.
_MIN_RATIO = 80
#: What the popularity of the best title or person counts beside the ratio.
_POPULARITY_POINTS = 8.0


@dataclass(frozen=True, slots=True)
class Spelling:
    """
    A text with its slips mended.

    Attributes:
        text: Folded.
        mended: Word as typed -> word that was meant; empty when nothing was wrong.
    """

    text: str
    mended: Mapping[str, str]

    def of(self, folded: str) -> str:
        """Mend another part of the query alike."""
        return " ".join(self.mended.get(word, word) for word in folded.split())


class Speller:
    """The words of one snapshot's names; made once for each, when first needed."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Collect every word of a name: each stands at the beginning of one entry of the prefix indexes."""
        self.snapshot = snapshot
        words: set[str] = set()
        for index in (snapshot.titles, snapshot.people):
            words.update(start.partition(b" ")[0].decode(errors="ignore") for start in index.starts.tolist())
        self._known = frozenset(words)
        self._words = sorted(word for word in words if len(word) >= _MIN_LENGTH and not word.isdigit())

    def mend(self, folded: str, *, permitted: Mask, is_in_texts: Callable[[str], bool]) -> Spelling:
        """
        Mend a query.

        Args:
            folded: The query.
            permitted: What the viewer may see; a name outside lends its words to nobody.
            is_in_texts: Says whether a word stands in any text that this viewer may see.

        Some milliseconds for each word that no name has, nothing otherwise.
        """
        words = folded.split()
        strange = [
            word
            for word in dict.fromkeys(words)
            if len(word) >= _MIN_LENGTH and not word.isdigit() and not self._is_name(word, permitted)
        ]
        if not strange or len(strange) > _MOST_SLIPS:
            return Spelling(folded, {})
        mended = {}
        for word in strange:
            if not is_in_texts(word) and (meant := self._nearest(word, permitted)):
                mended[word] = meant
        return Spelling(Spelling(folded, mended).of(folded), mended)

    def _is_name(self, word: str, permitted: Mask) -> bool:
        return word in self._known and self._popularity(word, permitted) >= 0

    def _nearest(self, word: str, permitted: Mask) -> str:
        """Give the nearest word of a visible name, "" when none is near; of equally near ones the best known."""
        near = process.extract(word, self._words, scorer=fuzz.ratio, score_cutoff=_MIN_RATIO, limit=None)
        rated = []
        for candidate, ratio, _ in near:
            popularity = self._popularity(candidate, permitted)
            if popularity >= 0:
                # The first letter is hardly ever the wrong one.
                points = ratio + _POPULARITY_POINTS * popularity + (2.0 if candidate[0] == word[0] else 0.0)
                rated.append((points, candidate))
        return max(rated)[1] if rated else ""

    def _popularity(self, word: str, permitted: Mask) -> float:
        """Rate a word by the best-known visible title that has it, or whose people have it; -1 when none has."""
        snapshot = self.snapshot
        slots = snapshot.titles.with_word(word)
        codes = snapshot.people.with_word(word)
        if len(codes):
            slots = np.concatenate([slots, snapshot.slots_of_people(codes)])
        slots = slots[permitted[slots]]
        return float(snapshot.columns.popularity[slots].max()) if len(slots) else -1.0
