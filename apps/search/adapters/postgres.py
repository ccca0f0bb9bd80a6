"""Full text on PostgreSQL: a weighted tsvector for words, pg_trgm for near spellings."""

from collections.abc import Sequence

import numpy as np
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from rapidfuzz import fuzz

from apps.search.adapters.store import IndexVersion, get_index_version
from apps.search.domain.ports import MIN_SIMILARITY, Matches, matches_of

# Weights of tsvector classes D, C, B, A: synopsis, tags, people, title. 1 divides by the logarithm of the length.
_WEIGHTS = "'{0.1, 0.3, 0.4, 1.0}'::float4[]"

# Stands for all documents where terms are counted; no term is empty.
_EVERYTHING = ""

# A swapped pair of letters in a six-letter word leaves 3 of 7 trigrams.
_TRIGRAM_THRESHOLD = "0.3"
_CANDIDATE_LIMIT = 500
_CANDIDATES = """
    SELECT number, names FROM search_searchdocument
    WHERE is_live AND %s <%% names
    ORDER BY %s <<-> names LIMIT %s
"""


class PostgresIndex:
    """The production engine."""

    def __init__(self) -> None:
        """Start without counts; they are asked for when first needed."""
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

    def fuzzy_names(self, folded: str, *, limit: int | None) -> Matches:
        """
        See `LexicalIndex.fuzzy_names`: one statement; `set_threshold` has prepared its connection.

        Trigrams find the candidates by index; the same ratio as on SQLite rates them, so both engines agree.
        """
        with connection.cursor() as cursor:
            cursor.execute(_CANDIDATES, [folded, folded, _CANDIDATE_LIMIT if limit else None])
            candidates = cursor.fetchall()
        rated = [
            (number, max(fuzz.ratio(folded, name) for name in names.split("\n")) / 100) for number, names in candidates
        ]
        near = sorted((entry for entry in rated if entry[1] >= MIN_SIMILARITY), key=lambda entry: (-entry[1], entry[0]))
        return matches_of(near[:limit])

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


def set_threshold(new: BaseDatabaseWrapper) -> None:
    """
    Tell a new connection how near a spelling has to be. One SQL statement.

    Here, and not before each look, because a setting made within a transaction goes with it when that is rolled back.
    """
    with new.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [_TRIGRAM_THRESHOLD])
