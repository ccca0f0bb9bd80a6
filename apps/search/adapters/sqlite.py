"""Full text on SQLite: FTS5 for words, rapidfuzz over the names in memory for near spellings."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.db import connection
from rapidfuzz import fuzz, process

from apps.search.adapters.store import IndexVersion, get_index_version
from apps.search.domain.ports import MIN_SIMILARITY, Matches, matches_of
from apps.search.domain.signatures import Signatures, signatures_of
from apps.search.models import SearchDocument

# bm25() weighs the columns title, people, tags, synopsis; it is negative, the better the lower.
_BM25 = "-bm25(search_fts, 10.0, 4.0, 3.0, 1.0)"
_MATCH_ALL = f"SELECT rowid, {_BM25} FROM search_fts WHERE search_fts MATCH %s"  # noqa: S608 -- constants only
_MATCH_ONE = f"SELECT rowid, {_BM25} AS score FROM search_fts WHERE search_fts MATCH %s"  # noqa: S608 -- constants only
# The same weights by column, for scores that know nothing of other documents.
_COLUMN_WEIGHTS = {"title_terms": 10.0, "people_terms": 4.0, "tag_terms": 3.0, "synopsis_terms": 1.0}
_MATCH_COLUMN = "SELECT rowid, %s AS term, %s AS score FROM search_fts WHERE search_fts MATCH %s"


@dataclass(frozen=True, slots=True)
class _NameList:
    """Every folded name beside the number of its document, at one state of the index."""

    version: IndexVersion | None
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    signatures: Signatures


class SQLiteIndex:
    """The embedded engine."""

    def __init__(self) -> None:
        """Start without names; they are read when first needed."""
        self._names = _NameList(None, (), (), signatures_of(()))
        self._lock = Lock()

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

    def fuzzy_names(self, folded: str, *, limit: int | None) -> Matches:
        """See `LexicalIndex.fuzzy_names`: compares with the names that share letters, a millisecond for 100,000."""
        listed = self._current_names()
        places = listed.signatures.near(folded).tolist()
        names = {at: listed.names[at] for at in places}
        # Several names of one document may be near, so more are taken than wanted.
        most = limit and limit * 2
        found = process.extract(folded, names, scorer=fuzz.ratio, score_cutoff=100 * MIN_SIMILARITY, limit=most)
        best: dict[int, float] = {}
        for _, score, at in found:
            best.setdefault(listed.numbers[at], score / 100)
        kept = list(best.items())[:limit]
        return matches_of(kept)

    def _current_names(self) -> _NameList:
        """Read the names again when a document changed."""
        newest = get_index_version()
        with self._lock:
            if self._names.version != newest:
                rows = SearchDocument.objects.filter(is_live=True).values_list("number", "names")
                pairs = [(name, number) for number, names in rows for name in names.split("\n") if name]
                names = tuple(name for name, _ in pairs)
                numbers = tuple(number for _, number in pairs)
                self._names = _NameList(newest, names, numbers, signatures_of(names))
            return self._names


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
