"""Everything that search holds in memory, as one immutable value: columns, names, people and words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.search.domain.analysis import fold, query_terms
from apps.search.domain.columns import Columns, Document, Mask, Slots, empty_columns
from apps.search.domain.prefixes import PrefixIndex, empty_prefixes
from apps.search.domain.stories import NO_FIELDS, Fields, StoryIndex, empty_stories


@dataclass(frozen=True, slots=True)
class Names:
    """
    Words of a document.

    Attributes:
        display: The name to show.
        folded: All names, folded.
        people: Lines of "<UUID in hex> <name>".
        told: Index terms by field.
    """

    display: str
    folded: Sequence[str]
    people: str
    told: Fields = NO_FIELDS


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """
    The index at one revision.

    Attributes:
        columns: What filters and facets work on.
        titles: Folded names by slot.
        displays: Name to show by slot.
        people: Folded names by person code.
        person_ids, person_names: By person code; codes only grow.
        appearances: Pairs (slot, person code), shape (n, 2), ascending by person.
        stories: Index terms by slot.
        themes: Index terms -> the themes that are written by just these.
    """

    columns: Columns
    titles: PrefixIndex
    displays: npt.NDArray[np.object_]
    people: PrefixIndex
    person_ids: tuple[str, ...]
    person_names: tuple[str, ...]
    person_codes: Mapping[str, int]
    appearances: npt.NDArray[np.int32]
    stories: StoryIndex
    themes: Mapping[frozenset[str], tuple[str, ...]]

    def apply(self, documents: Sequence[Document], names: Sequence[Names], *, revision: int) -> "Snapshot":
        """Make the next snapshot from changed documents, ascending by number, and their names beside them."""
        columns = self.columns.apply(documents, revision=revision)
        if not documents:
            return replace(self, columns=columns)
        numbers = np.array([document.number for document in documents], dtype=np.int64)
        slots = np.searchsorted(columns.numbers, numbers).tolist()
        displays = np.full(columns.size, "", dtype=np.object_)
        displays[: len(self.displays)] = self.displays
        for slot, name in zip(slots, names, strict=True):
            displays[slot] = name.display

        ids, shown, codes = list(self.person_ids), list(self.person_names), dict(self.person_codes)
        new_people: dict[int, tuple[str, ...]] = {}
        pairs = []
        for slot, name in zip(slots, names, strict=True):
            for line in name.people.splitlines():
                person_id, _, person_name = line.partition(" ")
                code = codes.get(person_id)
                if code is None:
                    code = codes[person_id] = len(ids)
                    new_people[code] = (fold(person_name),)
                    ids.append(person_id)
                    shown.append(person_name)
                pairs.append((slot, code))
        touched = np.zeros(columns.size, dtype=np.bool_)
        touched[slots] = True
        kept = self.appearances[~touched[self.appearances[:, 0]]]
        return Snapshot(
            columns=columns,
            titles=self.titles.replace(
                {slot: name.folded for slot, name in zip(slots, names, strict=True)}, size=columns.size
            ),
            displays=displays,
            people=self.people.replace(new_people, size=len(ids)),
            person_ids=tuple(ids),
            person_names=tuple(shown),
            person_codes=codes,
            appearances=_by_person(np.concatenate([kept, np.array(pairs, dtype=np.int32).reshape(-1, 2)])),
            stories=self.stories.replace(
                {slot: name.told for slot, name in zip(slots, names, strict=True)}, size=columns.size
            ),
            themes=_with_themes(self.themes, _themes(columns)[len(_themes(self.columns)) :]),
        )

    def having_theme(self, terms: Sequence[str]) -> npt.NDArray[np.float64]:
        """
        Rate the titles that have some of these terms as a theme.

        Args:
            terms: Few and distinct: themes are looked for by every choice of them.

        Returns:
            Shape (n_slots,): the largest share of the terms that is a theme of the title.
        """
        shares = np.zeros(self.columns.size)
        for count in range(1, len(terms) + 1):
            for chosen in combinations(terms, count):
                if themes := self.themes.get(frozenset(chosen)):
                    shares[self.columns.labels["theme"].any_of(themes, self.columns.size)] = count / len(terms)
        return shares

    def featuring(self, people: Iterable[UUID]) -> Mask:
        """Mark the titles that at least one of these people is on."""
        mask = np.zeros(self.columns.size, dtype=np.bool_)
        codes = [self.person_codes[person.hex] for person in people if person.hex in self.person_codes]
        mask[self.slots_of_people(np.array(codes, dtype=np.int32))] = True
        return mask

    def slots_of_people(self, codes: Slots) -> Slots:
        """Give the titles that people are on, person by person."""
        return self._credits(codes)[0]

    def person_popularity(self, codes: Slots, permitted: Mask) -> npt.NDArray[np.float64]:
        """
        Rate people by the titles that the viewer may see: s / (s + 1), where s is their popularity's sum.

        Returns:
            Beside the codes; -1 for a person with no visible title, so that nothing tells they exist.
        """
        slots, places = self._credits(codes)
        visible = permitted[slots]
        slots, places = slots[visible], places[visible]
        total = np.bincount(places, weights=self.columns.popularity[slots], minlength=len(codes))
        seen = np.bincount(places, minlength=len(codes))
        return np.where(seen > 0, total / (total + 1), -1.0)

    def _credits(self, codes: Slots) -> tuple[Slots, npt.NDArray[np.intp]]:
        """Give the titles of people, and beside each whose it is, by the place among the codes."""
        owners = self.appearances[:, 1]
        keys = np.asarray(codes, dtype=np.int32)
        starts, ends = np.searchsorted(owners, keys), np.searchsorted(owners, keys, side="right")
        counts = ends - starts
        places = np.repeat(np.arange(len(keys)), counts)
        rows = np.arange(len(places)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
        slots: Slots = self.appearances[rows, 0]
        return slots, places


def _themes(columns: Columns) -> tuple[str, ...]:
    """List all themes; new ones come last."""
    return columns.labels["theme"].words.words


def _with_themes(
    known: Mapping[frozenset[str], tuple[str, ...]], new: Sequence[str]
) -> Mapping[frozenset[str], tuple[str, ...]]:
    """Add themes by their terms."""
    if not new:
        return known
    every = dict(known)
    for theme in new:
        terms = frozenset(query_terms(theme))
        every[terms] = (*every.get(terms, ()), theme)
    return every


def _by_person(appearances: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Order pairs by person, each column in one stretch of memory."""
    return np.asfortranarray(appearances[np.argsort(appearances[:, 1], kind="stable")])


def empty_snapshot() -> Snapshot:
    """Make the index of an empty catalogue."""
    return Snapshot(
        columns=empty_columns(),
        titles=empty_prefixes(),
        displays=np.zeros(0, dtype=np.object_),
        people=empty_prefixes(),
        person_ids=(),
        person_names=(),
        person_codes={},
        appearances=_by_person(np.zeros((0, 2), dtype=np.int32)),
        stories=empty_stories(),
        themes={},
    )
