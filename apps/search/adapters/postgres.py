"""Full text on PostgreSQL: a weighted tsvector."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from apps.search.adapters.spellings import NearNames
from apps.search.adapters.store import IndexVersion, get_index_version
from apps.search.domain.ports import Matches, matches_of

# Weights of tsvector classes D, C, B, A: synopsis, tags, people, title. 1 divides by the logarithm of the length.
_WEIGHTS = "'{0.1, 0.3, 0.4, 1.0}'::float4[]"

# Stands for all documents where terms are counted; no term is empty.
_EVERYTHING = ""


class PostgresIndex(NearNames):
    """The production engine."""

    def __init__(self) -> None:
        """Start without counts; they are asked for when first needed."""
        super().__init__()
        self._counts: tuple[IndexVersion | None, dict[str, int]] = (None, {})

    def match(self, terms: Sequence[str], *, at_least: int, isolated: bool = False) -> Matches:
        """
        See `LexicalIndex.match`: two statements.

        `ts_rank` knows no rarity, so each term's rank is weighed by its inverse document frequency, which a count over
        the GIN index gives; isolated, every term weighs the same.
        """
        count = len(terms)
        rarity = [1.0] * count if isolated else self._rarity(terms)
        operator = " & " if at_least >= count else " | "
        ranks = " + ".join(f"%s * ts_rank({_WEIGHTS}, full_text, %s::tsquery, 1)" for _ in terms)
        having = " + ".join("(full_text @@ %s::tsquery)::int" for _ in terms)
        quoted = [_quote(term) for term in terms]
        statement = f"""
            SELECT number, {ranks} FROM search_searchdocument
            WHERE full_text @@ %s::tsquery AND {having} >= %s
        """  # noqa: S608 -- built from constants, one placeholder for each term
        weighed = [value for pair in zip(rarity, quoted, strict=True) for value in pair]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*weighed, operator.join(quoted), *quoted, at_least])
            return matches_of(cursor.fetchall())

    def _rarity(self, terms: Sequence[str]) -> list[float]:
        """Compute ln(1 + n / (1 + df)) for each term."""
        counts = self._counts_of([*terms, _EVERYTHING])
        return [float(np.log1p(counts[_EVERYTHING] / (1 + counts[term]))) for term in terms]

    def _counts_of(self, terms: Sequence[str]) -> dict[str, int]:
        """Count the documents of terms; 1 SQL statement, and one more for terms not counted since the last change."""
        version = get_index_version()
        held, known = self._counts
        if held != version:
            known = {}
            self._counts = (version, known)
        if unknown := [term for term in terms if term not in known]:
            known.update(_count(unknown))
        return {term: known[term] for term in terms}


def _count(terms: Sequence[str]) -> dict[str, int]:
    """Count the documents of terms, over the GIN index; `_EVERYTHING` counts all documents."""
    counts = ", ".join(
        "(SELECT count(*) FROM search_searchdocument)"
        if term == _EVERYTHING
        else "(SELECT count(*) FROM search_searchdocument WHERE full_text @@ %s::tsquery)"
        for term in terms
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [_quote(term) for term in terms if term != _EVERYTHING])
        return dict(zip(terms, cursor.fetchone(), strict=True))


def _quote(term: str) -> str:
    """Write a term as a tsquery lexeme."""
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
