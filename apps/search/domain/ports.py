"""What search needs from a full-text engine; one adapter for each database, one conformance suite for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

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
