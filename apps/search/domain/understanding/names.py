"""The titles and people of one viewer, as the rules ask for them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from apps.search.domain.analysis import query_terms
from apps.search.domain.columns import Mask, Slots
from apps.search.domain.ports import Matches
from apps.search.domain.snapshot import Snapshot
from apps.search.domain.understanding.chips import Reference

#: A name without a cue must be that of somebody with so many titles: character names are names, too.
_MIN_TITLES = 2
#: How much better known than the next one somebody must be to be meant by the surname alone.
_SURNAME_LEAD = 2.0
#: A word that so many other titles have for each one of somebody's is a word, and no surname.
_ORDINARY = 4
#: A title that is known so well may be meant by its first words.
_KNOWN = 0.3
#: Nearer than this a title is meant by a misspelt reference.
_NEAR = 0.82


@dataclass(frozen=True, slots=True)
class SnapshotNames:
    """
    See `Names`.

    Attributes:
        permitted: What the viewer may see; nothing else exists here.
        near: Finds names that are spelt nearly so; None where there is no time for it.
    """

    snapshot: Snapshot
    permitted: Mask
    near: Callable[[str], Matches] | None = None

    def title(self, folded: str, *, year: int | None = None) -> Reference | None:
        """See the protocol."""
        slots = self.snapshot.titles.exact(folded)
        slots = slots[self.permitted[slots]]
        if year is not None:
            slots = slots[self.snapshot.columns.years[slots] == year]
        return self._best(slots)

    def near_title(self, folded: str) -> Reference | None:
        """See the protocol."""
        if self.near is None:
            return None
        matches = self.near(folded)
        slots, known = self.snapshot.columns.slots_of(matches.numbers)
        good = self.permitted[slots] & (matches.scores[known] >= _NEAR)
        return self._best(slots[good])

    def person(self, folded: str, *, by_surname: bool = False) -> tuple[UUID, str] | None:
        """See the protocol."""
        people = self.snapshot.people
        codes = people.ending(folded) if by_surname else people.exact(folded)
        known: list[tuple[float, int, int]] = []
        for code in codes.tolist():
            slots = self.snapshot.slots_of_people(np.array([code], dtype=np.int32))
            slots = np.unique(slots[self.permitted[slots]])
            weight = float(self.snapshot.columns.popularity[slots].sum()) + 0.05 * len(slots)
            known.append((weight, len(slots), code))
        known.sort(reverse=True)
        if not known or known[0][1] < _MIN_TITLES:
            return None
        if by_surname and len(known) > 1 and known[0][0] < _SURNAME_LEAD * known[1][0]:
            return None
        code = known[0][2]
        return UUID(self.snapshot.person_ids[code]), self.snapshot.person_names[code]

    def is_ordinary(self, surname: str, person: UUID) -> bool:
        """See the protocol."""
        people, visible = self.snapshot.people, self.permitted
        having = self.snapshot.stories.having(query_terms(surname), visible)
        namesakes = self.snapshot.slots_of_people(people.ending(surname))
        own = self.snapshot.featuring([person]) & visible
        others = np.setdiff1d(having, namesakes)
        return len(others) > _ORDINARY * int(np.count_nonzero(own))

    def begins_title(self, folded: str) -> bool:
        """See the protocol."""
        slots, _ = self.snapshot.titles.beginning(folded)
        slots = slots[self.permitted[slots]]
        return bool(len(slots) and self.snapshot.columns.popularity[slots].max() >= _KNOWN)

    def _best(self, slots: Slots) -> Reference | None:
        if len(slots) == 0:
            return None
        columns = self.snapshot.columns
        slot = max(slots.tolist(), key=lambda at: (float(columns.popularity[at]), str(columns.title_ids[at])))
        return Reference(slot, columns.title_ids[slot], str(self.snapshot.displays[slot]))
