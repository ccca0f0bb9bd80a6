"""Near spellings on any database: the names of all documents in memory, rated by rapidfuzz."""

from dataclasses import dataclass
from threading import Lock

from rapidfuzz import fuzz, process

from apps.search.adapters.store import IndexVersion, get_index_version
from apps.search.domain.ports import MIN_SIMILARITY, Matches, matches_of
from apps.search.domain.signatures import Signatures, signatures_of
from apps.search.models import SearchDocument


@dataclass(frozen=True, slots=True)
class _NameList:
    """Every folded name beside the number of its document, at one state of the index."""

    version: IndexVersion | None
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    signatures: Signatures


class NearNames:
    """
    What the engines have in common.

    PostgreSQL's trigrams were tried: "the matr" shares four of its nine with every name that begins with "the", and
    took 75 ms among 18,000 titles.
    """

    def __init__(self) -> None:
        """Start without names; they are read when first needed."""
        self._names = _NameList(None, (), (), signatures_of(()))
        self._by_number: dict[int, str] = {}
        self._lock = Lock()

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
        return matches_of(list(best.items())[:limit])

    def _current_names(self) -> _NameList:
        """Follow the index: one SQL statement, and one more when a document changed."""
        newest = get_index_version()
        with self._lock:
            held = self._names.version
            if held != newest:
                rows = SearchDocument.objects.values_list("number", "names")
                if held is None or held.epoch != newest.epoch:
                    self._by_number = {}
                else:
                    rows = rows.filter(revision__gt=held.revision)
                # Of a title that has left, no name is left either.
                self._by_number |= dict(rows)
                pairs = [
                    (name, number) for number, text in self._by_number.items() for name in text.split("\n") if name
                ]
                names = tuple(name for name, _ in pairs)
                self._names = _NameList(newest, names, tuple(number for _, number in pairs), signatures_of(names))
            return self._names
