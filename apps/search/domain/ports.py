"""What search needs from a full-text engine; one adapter for each database, one conformance suite for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.search.domain.columns import Mask, Slots
from apps.search.domain.snapshot import Snapshot

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """
    Documents that matched, in no order.

    Attributes:
        numbers: Document numbers, shape (n,), distinct.
        scores: Higher is better, shape (n,); comparable within one answer only.
    """

    numbers: Numbers
    scores: Scores


@dataclass(frozen=True, slots=True)
class SlotScores:
    """Titles of a snapshot that something was found of, shape (n,) each, with similarities -1..1."""

    slots: Slots
    scores: Scores


class MeaningIndex(Protocol):
    """Titles by what they are about."""

    def nearest(
        self,
        text: str,
        *,
        references: Sequence[UUID] = (),
        snapshot: Snapshot,
        allowed: Mask,
        limit: int,
        floor: float,
    ) -> SlotScores:
        """
        Find the allowed titles that are most about the same as a text, or alike other titles, or both.

        Args:
            text: In plain language; may be "" beside references.
            references: Titles to be alike.
            snapshot: Whose slots are meant.
            allowed: Shape (n_slots,); nothing else counts in any way.
            limit: Most titles.
            floor: Lowest similarity.

        Raises:
            VectorsUnavailableError: Not built yet, or down.
        """
        ...


class LexicalIndex(Protocol):
    """A full-text index over the document rows, kept in step by the database itself."""

    def match(self, terms: Sequence[str], *, at_least: int, isolated: bool = False) -> Matches:
        """
        Find every document that contains at least so many of the terms.

        Args:
            terms: Distinct terms from `analysis.query_terms`; at least one.
            at_least: 1..len(terms).
            isolated: Whether the score of a document may depend on that document alone. How rare a word is, and how
                long documents are, tell of titles that a limited viewer may not know of.

        Returns:
            Scores weigh a title's words over people, tags and synopsis, and, unless isolated, rare words over common.
        """
        ...

    def fuzzy_names(self, folded: str, *, limit: int | None) -> Matches:
        """
        Find documents with a name spelt nearly like the text.

        Args:
            folded: From `analysis.fold`.
            limit: Most documents to return, the nearest; None returns all, so that none takes another's place.

        Returns:
            Scores are similarities, `MIN_SIMILARITY`..1.
        """
        ...


#: Below this a spelling is another word, not a slip.
MIN_SIMILARITY = 0.75


def matches_of(rows: Sequence[tuple[int, float]]) -> Matches:
    """Make an answer of (number, score) rows."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return Matches(table[:, 0].astype(np.int64), table[:, 1])
