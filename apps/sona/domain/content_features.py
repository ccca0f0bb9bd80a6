"""
What titles are, as vectors whose cosine says how alike two of them are: what carries new titles and new people.

A vector is a row of blocks, each of length 1 (or 0, where nothing is known) times the root of its weight, so the
product of two rows is the weighted sum of the blocks' cosines: 0..1.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from scipy import sparse

from apps.sona.domain.arrays import Doubles, Floats
from apps.sona.domain.item_table import ItemTable, cut_rows

#: Neighbours that a title keeps.
CONTENT_WIDTH = 128
#: Shares of the blocks; they add up to 1.
_WEIGHTS = {"genres": 0.25, "people": 0.25, "themes": 0.1, "text": 0.3, "years": 0.1}
#: Years between the knots on which a year is spread.
_KNOT_YEARS = 8
_FIRST_YEAR, _KNOTS = 1870, 24


@dataclass(frozen=True, slots=True)
class TitleFeatures:
    """
    What is known of one title.

    Attributes:
        people: Keys of who made it and who plays in it; who counts twice comes twice.
        themes: Moods and themes.
        embedding: Of its text, length 1; None without one.
    """

    genres: Sequence[str] = ()
    people: Sequence[str] = ()
    themes: Sequence[str] = ()
    year: int | None = None
    embedding: Floats | None = field(default=None, compare=False)


def fit_content(titles: Sequence[TitleFeatures], *, width: int = CONTENT_WIDTH) -> ItemTable:
    """Find each title's nearest by what they are; a title is no neighbour of itself."""
    rows = [
        _weighted(_words([title.genres for title in titles]), "genres"),
        _weighted(_words([title.people for title in titles]), "people"),
        _weighted(_words([title.themes for title in titles]), "themes"),
        _weighted(_years([title.year for title in titles]), "years"),
    ]
    known = sparse.csr_matrix(sparse.hstack(rows))
    text = _texts(titles) * np.sqrt(_WEIGHTS["text"])

    def similarities(start: int, stop: int) -> Floats:
        block: Floats = (known[start:stop] @ known.T).toarray().astype(np.float32)
        if text.size:
            block += text[start:stop] @ text.T
        block[np.arange(stop - start), np.arange(start, stop)] = 0
        return block

    return cut_rows(similarities, len(titles), width=width)


def _words(bags: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Write bags of words as rows, rarer words longer: log(1 + n / titles that have it)."""
    spread = Counter(chain.from_iterable(set(bag) for bag in bags))
    codes = {word: code for code, word in enumerate(sorted(spread))}
    rarity = np.log1p(len(bags) / np.array([spread[word] for word in codes], np.float64)) if codes else np.zeros(0)
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.fromiter((codes[word] for word in chain.from_iterable(bags)), np.int32)
    return sparse.csr_matrix((rarity[columns], (rows, columns)), shape=(len(bags), len(codes)))


def _years(years: Iterable[int | None]) -> sparse.csr_matrix:
    """Spread each year over the two knots around it, so that near years are alike."""
    rows, columns, values = [], [], []
    years = list(years)
    for row, year in enumerate(years):
        if year is None:
            continue
        place = min(max((year - _FIRST_YEAR) / _KNOT_YEARS, 0), _KNOTS - 2)
        knot = int(place)
        rows += [row, row]
        columns += [knot, knot + 1]
        values += [1 - (place - knot), place - knot]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(years), _KNOTS))


def _weighted(matrix: sparse.csr_matrix, block: str) -> sparse.csr_matrix:
    """Bring each row to length 1, then to the block's share."""
    lengths: Doubles = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.sqrt(_WEIGHTS[block]) / np.maximum(lengths, 1e-12)
    return sparse.csr_matrix(sparse.diags(scale) @ matrix)


def _texts(titles: Sequence[TitleFeatures]) -> Floats:
    """Stack the embeddings; zeros where there is none, and no columns where nobody has one."""
    size = next((len(title.embedding) for title in titles if title.embedding is not None), 0)
    stacked = np.zeros((len(titles), size), np.float32)
    for row, title in enumerate(titles):
        if title.embedding is not None:
            stacked[row] = title.embedding
    return stacked
