"""Full text on SQLite: FTS5."""

from collections.abc import Sequence

from django.db import connection

from apps.search.adapters.spellings import NearNames
from apps.search.domain.ports import Matches, matches_of

# bm25() weighs the columns title, people, tags, synopsis; it is negative, the better the lower.
_BM25 = "-bm25(search_fts, 10.0, 4.0, 3.0, 1.0)"
_MATCH_ALL = f"SELECT rowid, {_BM25} FROM search_fts WHERE search_fts MATCH %s"  # noqa: S608 -- constants only
_MATCH_ONE = f"SELECT rowid, {_BM25} AS score FROM search_fts WHERE search_fts MATCH %s"  # noqa: S608 -- constants only
# The same weights by column, for scores that know nothing of other documents.
_COLUMN_WEIGHTS = {"title_terms": 10.0, "people_terms": 4.0, "tag_terms": 3.0, "synopsis_terms": 1.0}
_MATCH_COLUMN = "SELECT rowid, %s AS term, %s AS score FROM search_fts WHERE search_fts MATCH %s"


class SQLiteIndex(NearNames):
    """The embedded engine."""

    def match(self, terms: Sequence[str], *, at_least: int, isolated: bool = False) -> Matches:
        """See `LexicalIndex.match`: one statement; counting terms adds up one match for each."""
        quoted = [_quote(term) for term in terms]
        if isolated:
            return _match_isolated(quoted, at_least)
        if at_least >= len(terms):
            return _run(_MATCH_ALL, [" AND ".join(quoted)])
        every = " UNION ALL ".join([_MATCH_ONE] * len(quoted))
        counted = f"SELECT rowid, sum(score) FROM ({every}) GROUP BY rowid HAVING count(*) >= %s"  # noqa: S608 -- constants only
        return _run(counted, [*quoted, at_least])


def _quote(term: str) -> str:
    """Write a term as an FTS5 string, in which no sign means anything."""
    return f'"{term.replace(chr(34), chr(34) * 2)}"'


def _match_isolated(quoted: Sequence[str], at_least: int) -> Matches:
    """Score each document by the columns in which it has the terms; bm25() would weigh by all other documents."""
    every = " UNION ALL ".join([_MATCH_COLUMN] * (len(quoted) * len(_COLUMN_WEIGHTS)))
    parameters = [
        value
        for term in quoted
        for column, weight in _COLUMN_WEIGHTS.items()
        for value in (term, weight, f"{column} : {term}")
    ]
    summed = f"SELECT rowid, sum(score) FROM ({every}) GROUP BY rowid HAVING count(DISTINCT term) >= %s"  # noqa: S608 -- constants only
    return _run(summed, [*parameters, at_least])


def _run(statement: str, parameters: Sequence[str | float]) -> Matches:
    """Run a statement that selects (number, score)."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return matches_of(cursor.fetchall())
