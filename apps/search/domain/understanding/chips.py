"""What was understood of a query: chips, and what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from apps.search.domain.filters import Filters


class ChipKind(StrEnum):
    """What a chip is about."""

    GENRE = "genre"
    MOOD = "mood"
    KIND = "kind"
    PERSON = "person"
    YEARS = "years"
    RUNTIME = "runtime"
    LANGUAGE = "language"
    COUNTRY = "country"
    PLATFORM = "platform"
    PRICE = "price"
    AUDIENCE = "audience"
    AWARD = "award"
    LEAVING = "leaving"
    NEW = "new"
    REFERENCE = "reference"
    SPELLING = "spelling"
    UNSUPPORTED = "unsupported"


class Strength(StrEnum):
    """How a chip works: as a constraint, as a taste that orders, as a title to compare with, or not at all."""

    HARD = "hard"
    SOFT = "soft"
    REFERENCE = "reference"
    IGNORED = "ignored"


class State(StrEnum):
    """What became of a chip."""

    APPLIED = "applied"
    RELAXED = "relaxed"
    REMOVED = "removed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Chip:
    """
    One thing that was read from the text.

    Attributes:
        id: Stable name of what it says; sent back as `without`, it takes the chip away.
        label: For a person.
        words: The caller's own words, folded.
        filters: What it asks for as a constraint; names of `Filters`.
    """

    id: str
    kind: ChipKind
    strength: Strength
    label: str
    words: str
    filters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """A title that others are compared with; it is itself no answer."""

    slot: int
    title_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """
    A query as it was read.

    Attributes:
        text: What is left to look for by words, folded; "" when everything was understood.
        tale: As `text`, without the names of people, and with words that say more than the genre they name.
        meaning: What is left to look for by meaning: as `tale`, and with the words of tastes.
        chips: In the order of the text, those that were taken back by the caller included.
        removed: Ids of chips that the caller took back.
        references: Titles to be alike.
        is_open: Whether nothing was said but that something is to be watched.
        is_title: Whether the whole text was taken for a title, so that nothing else was read from it.
        prefers_new: Whether newer titles come higher.
    """

    text: str
    tale: str
    meaning: str
    chips: tuple[Chip, ...] = ()
    removed: frozenset[str] = frozenset()
    references: tuple[Reference, ...] = ()
    is_title: bool = False
    is_open: bool = False
    prefers_new: bool = False

    def constraints(self, *, without: frozenset[str] = frozenset()) -> tuple[Chip, ...]:
        """Give the chips that constrain, but for some."""
        gone = self.removed | without
        return tuple(chip for chip in self.chips if chip.strength is Strength.HARD and chip.id not in gone)

    def tastes(self) -> tuple[Chip, ...]:
        """Give the chips that order."""
        return tuple(chip for chip in self.chips if chip.strength is Strength.SOFT and chip.id not in self.removed)


#: Names in `Filters` of which a smaller value asks more, and of which a larger one does.
_LOWEST = ("year_to", "runtime_max", "max_maturity", "max_price_minor", "leaving_by_s")
_HIGHEST = ("year_from", "runtime_min")


def combine(explicit: Filters, chips: tuple[Chip, ...]) -> tuple[Filters, ...]:
    """
    Write constraints as filters, all of which must hold.

    Words within one filter are alternatives, so each chip is a filter of its own beside the caller's; chips of kinds
    that are alternatives when several are named (`platform`, `kind`, `language`, `country`) share one.
    """
    shared: dict[ChipKind, dict[str, tuple[object, ...]]] = {}
    found = [explicit]
    for chip in chips:
        lists = {name: value for name, value in chip.filters.items() if isinstance(value, tuple)}
        if chip.kind in _ALTERNATIVES and lists.keys() == chip.filters.keys() and not _excludes(chip):
            into = shared.setdefault(chip.kind, {})
            for name, value in lists.items():
                into[name] = into.get(name, ()) + value
        else:
            found.append(Filters(**chip.filters))  # type: ignore[arg-type]  # the rules write names of Filters
    found += [Filters(**names) for names in shared.values()]  # type: ignore[arg-type]  # as above
    return tuple(found)


_ALTERNATIVES = {ChipKind.PLATFORM, ChipKind.KIND, ChipKind.LANGUAGE, ChipKind.COUNTRY}


def _excludes(chip: Chip) -> bool:
    return any(name.startswith("exclude") for name in chip.filters)
