"""
The searchable catalogue as columns in memory: every filter, policy, total and facet is arithmetic on them.

One snapshot is immutable and shared by all threads of a process; `Columns.apply` makes the next one from the documents
that changed. About 150 bytes a title without names; a mask over 40,000 titles costs some 50 microseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Slots = npt.NDArray[np.int32]

#: Stands for "no end" and "no price" where a number is needed.
FOREVER = np.iinfo(np.int64).max
UNKNOWN = -1

LABELS = ("genre", "country", "language", "mood", "theme")


@dataclass(frozen=True, slots=True)
class DocumentOffer:
    """A current offer, as a document carries it; times in whole seconds since 1970, UTC."""

    platform: str
    region: str
    type: str
    quality: str
    price_minor: int
    currency: str
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Document:
    """One title as the columns need it; `is_live` is False for one that left the catalogue."""

    number: int
    title_id: UUID
    is_live: bool
    kind: str = ""
    year: int = UNKNOWN
    runtime_minutes: int = UNKNOWN
    popularity: float = 0.0
    rating: float = float("nan")
    min_ages: Mapping[str, int | None] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    offers: Sequence[DocumentOffer] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A closed-over-time list of words, each with its code: its position."""

    words: tuple[str, ...] = ()
    codes: Mapping[str, int] = field(default_factory=dict)

    def including(self, words: Iterable[str]) -> "Words":
        """Return a list that knows these words too; codes never change."""
        new = tuple(word for word in dict.fromkeys(words) if word not in self.codes)
        if not new:
            return self
        every = self.words + new
        return Words(every, {word: code for code, word in enumerate(every)})

    def codes_of(self, words: Iterable[str]) -> list[int]:
        """Give the codes of the words that are known."""
        return [self.codes[word] for word in words if word in self.codes]


@dataclass(frozen=True, slots=True)
class Label:
    """One many-valued attribute, as pairs (slot, code) in no order."""

    words: Words
    slots: Slots
    codes: Slots

    def any_of(self, wanted: Iterable[str], size: int) -> Mask:
        """Mark the slots that carry at least one of the words."""
        mask = np.zeros(size, dtype=np.bool_)
        codes = self.words.codes_of(wanted)
        if codes:
            mask[self.slots[np.isin(self.codes, codes)]] = True
        return mask

    def words_of(self, slot: int) -> tuple[str, ...]:
        """Give the words that a slot carries."""
        return tuple(self.words.words[code] for code in self.codes[self.slots == slot])

    def counts(self, mask: Mask) -> dict[str, int]:
        """Count the marked slots that carry each word; words with none are absent."""
        counts = np.bincount(self.codes[mask[self.slots]], minlength=len(self.words.words))
        return {self.words.words[code]: int(counts[code]) for code in np.flatnonzero(counts)}


_OFFER_DTYPE = np.dtype(
    [
        ("slot", np.int32),
        ("platform", np.int16),
        ("region", np.int16),
        ("type", np.int16),
        ("quality", np.int16),
        ("currency", np.int16),
        ("price", np.int64),
        ("start", np.int64),
        ("end", np.int64),
    ]
)


@dataclass(frozen=True, slots=True)
class Columns:
    """
    A snapshot of every document.

    A slot is a document's place, 0..n-1, in ascending document number; it never changes while the process lives.

    Attributes:
        revision: The index revision that this snapshot shows.
        numbers: Document numbers, ascending, shape (n,).
        title_ids: shape (n,), dtype object.
        live: False where the title has left.
        kinds: Codes into `kind_words`.
        years, runtimes: UNKNOWN where not known.
        ratings: NaN where not known.
        ages: Region -> minimum ages, shape (n,); the key "" holds the strictest of all regions. UNKNOWN = none.
        offers: One row for each offer, in no order.
    """

    revision: int
    numbers: npt.NDArray[np.int64]
    title_ids: npt.NDArray[np.object_]
    live: Mask
    kind_words: Words
    kinds: npt.NDArray[np.int16]
    years: npt.NDArray[np.int16]
    runtimes: npt.NDArray[np.int16]
    popularity: npt.NDArray[np.float32]
    ratings: npt.NDArray[np.float32]
    ages: Mapping[str, npt.NDArray[np.int16]]
    labels: Mapping[str, Label]
    offer_words: Words
    offers: npt.NDArray[np.void]

    @property
    def size(self) -> int:
        """Number of slots, those of titles that left included."""
        return len(self.numbers)

    def slots_of(self, numbers: npt.NDArray[np.int64]) -> tuple[Slots, Mask]:
        """
        Find the slots of document numbers.

        Returns:
            Slots of the numbers that are known, and a mask over `numbers` that says which those are. A number is
            unknown when the database is ahead of this snapshot.
        """
        places = np.searchsorted(self.numbers, numbers)
        known = places < self.size
        known[known] = self.numbers[places[known]] == numbers[known]
        return places[known].astype(np.int32), known

    def apply(self, documents: Sequence[Document], *, revision: int) -> "Columns":
        """
        Make the next snapshot from the documents that changed.

        Args:
            documents: Changed and new ones, each number once, ascending.
            revision: The revision that they lead to.

        Costs a copy of every column and a Python step for each document.
        """
        new_numbers = np.array([document.number for document in documents], dtype=np.int64)
        known = np.isin(new_numbers, self.numbers)
        numbers = np.concatenate([self.numbers, new_numbers[~known]])
        if len(numbers) > 1 and not np.all(numbers[:-1] < numbers[1:]):
            raise ValueError("Document numbers must only grow.")
        slots = np.searchsorted(numbers, new_numbers).astype(np.int32)
        size = len(numbers)
        kind_words = self.kind_words.including(document.kind for document in documents)
        return Columns(
            revision=revision,
            numbers=numbers,
            title_ids=_put(self.title_ids, size, slots, [document.title_id for document in documents], None),
            live=_put(self.live, size, slots, [document.is_live for document in documents], False),
            kind_words=kind_words,
            kinds=_put(self.kinds, size, slots, [kind_words.codes[document.kind] for document in documents], 0),
            years=_put(self.years, size, slots, [document.year for document in documents], UNKNOWN),
            runtimes=_put(self.runtimes, size, slots, [document.runtime_minutes for document in documents], UNKNOWN),
            popularity=_put(self.popularity, size, slots, [document.popularity for document in documents], 0.0),
            ratings=_put(self.ratings, size, slots, [document.rating for document in documents], np.nan),
            ages=_put_ages(self.ages, size, slots, documents),
            labels={name: _put_label(self.labels[name], name, slots, size, documents) for name in LABELS},
            **_put_offers(self.offer_words, self.offers, slots, size, documents),
        )


def empty_columns() -> Columns:
    """Make the snapshot of a catalogue without titles."""
    no_slots = np.zeros(0, dtype=np.int32)
    return Columns(
        revision=0,
        numbers=np.zeros(0, dtype=np.int64),
        title_ids=np.zeros(0, dtype=np.object_),
        live=np.zeros(0, dtype=np.bool_),
        kind_words=Words(),
        kinds=np.zeros(0, dtype=np.int16),
        years=np.zeros(0, dtype=np.int16),
        runtimes=np.zeros(0, dtype=np.int16),
        popularity=np.zeros(0, dtype=np.float32),
        ratings=np.zeros(0, dtype=np.float32),
        ages={"": np.zeros(0, dtype=np.int16)},
        labels={name: Label(Words(), no_slots, no_slots) for name in LABELS},
        offer_words=Words(),
        offers=np.zeros(0, dtype=_OFFER_DTYPE),
    )


def seconds(moment: datetime | None) -> int:
    """Write an aware moment as whole seconds since 1970; None is for ever."""
    return int(FOREVER) if moment is None else int(moment.timestamp())


def _put(column: npt.NDArray[Any], size: int, slots: Slots, values: Sequence[object], fill: object) -> npt.NDArray[Any]:
    """Copy a column to a new size with some values replaced."""
    grown = np.full(size, fill, dtype=column.dtype)
    grown[: len(column)] = column
    for slot, value in zip(slots.tolist(), values, strict=True):
        grown[slot] = value
    return grown


def _put_ages(
    ages: Mapping[str, npt.NDArray[np.int16]], size: int, slots: Slots, documents: Sequence[Document]
) -> dict[str, npt.NDArray[np.int16]]:
    """Keep one column for each region that has certificates, filled from the strictest where it has none itself."""
    strictest = [
        max((age for age in document.min_ages.values() if age is not None), default=UNKNOWN) for document in documents
    ]
    grown = {"": _put(ages[""], size, slots, strictest, UNKNOWN)}
    for region in {*ages, *(region for document in documents for region in document.min_ages)} - {""}:
        own = []
        for document, fallback in zip(documents, strictest, strict=True):
            age = document.min_ages.get(region, fallback)
            own.append(UNKNOWN if age is None else age)
        # A region seen for the first time starts from what was known without it.
        grown[region] = _put(ages.get(region, ages[""]), size, slots, own, UNKNOWN)
    return grown


def _put_label(label: Label, name: str, slots: Slots, size: int, documents: Sequence[Document]) -> Label:
    """Replace the pairs of the changed slots."""
    words = label.words.including(word for document in documents for word in document.labels.get(name, ()))
    pairs = [
        (slot, words.codes[word])
        for slot, document in zip(slots.tolist(), documents, strict=True)
        for word in document.labels.get(name, ())
    ]
    added = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    kept = _untouched(label.slots, slots, size)
    return Label(
        words, np.concatenate([label.slots[kept], added[:, 0]]), np.concatenate([label.codes[kept], added[:, 1]])
    )


def _put_offers(
    words: Words, offers: npt.NDArray[np.void], slots: Slots, size: int, documents: Sequence[Document]
) -> dict[str, Any]:
    """Replace the offers of the changed slots."""
    words = words.including(
        word
        for document in documents
        for offer in document.offers
        for word in (offer.platform, offer.region, offer.type, offer.quality, offer.currency)
    )
    rows = [
        (
            slot,
            words.codes[offer.platform],
            words.codes[offer.region],
            words.codes[offer.type],
            words.codes[offer.quality],
            words.codes[offer.currency],
            offer.price_minor,
            offer.start_s,
            offer.end_s,
        )
        for slot, document in zip(slots.tolist(), documents, strict=True)
        for offer in document.offers
    ]
    kept = offers[_untouched(offers["slot"], slots, size)]
    return {"offer_words": words, "offers": np.concatenate([kept, np.array(rows, dtype=_OFFER_DTYPE)])}


def _untouched(owners: npt.NDArray[np.int32], slots: Slots, size: int) -> Mask:
    """Mark the rows whose slot did not change."""
    touched = np.zeros(size, dtype=np.bool_)
    touched[slots] = True
    return ~touched[owners]
