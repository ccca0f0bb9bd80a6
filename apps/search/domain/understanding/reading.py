"""A query while it is read: its words, what became of each, and the chips so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from apps.search.domain.analysis import STOP_WORDS
from apps.search.domain.understanding.chips import Chip, ChipKind, Reference, Strength
from apps.search.domain.understanding.lexicon import Concept, Entry

#: Words that ask and say nothing of what is asked for.
FILLERS = frozenset(
    {
        *("something", "anything", "watch", "want", "wanna", "looking", "find", "show", "give", "recommend", "stuff"),
        *(
            "should",
            "can",
            "some",
            "good",
            "great",
            "best",
            "top",
            "nice",
            "please",
            "tonight",
            "really",
            "very",
            "like",
            "need",
            "suggest",
        ),
        *("suggestions", "recommendations", "ones", "one", "title", "titles", "see", "let", "get", "got", "famous"),
        *("called", "named", "set", "released", "made", "available", "streaming", "stream", "out", "too", "pretty"),
    }
)
_LONGEST_PHRASE = 4


class Fate(Enum):
    """What became of a word."""

    KEPT = auto()
    #: Said by a constraint; nothing to look for any more.
    GONE = auto()
    #: Names a taste: part of the meaning, not of the words to look for.
    TASTE = auto()
    #: The same, and told besides: "mafia" is crime, and not all of it.
    TOPIC = auto()
    #: The name of a person.
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A concept in the text: words `start` to `end`, the end not included."""

    start: int
    end: int
    entry: Entry


class Names(Protocol):
    """The titles and people that the caller may know of."""

    def title(self, folded: str, *, year: int | None = None) -> Reference | None:
        """Give the best-known title of exactly this name."""
        ...

    def near_title(self, folded: str) -> Reference | None:
        """Give the title whose name is spelt nearly so."""
        ...

    def person(self, folded: str, *, by_surname: bool = False) -> tuple[UUID, str] | None:
        """Give the best-known person of exactly this name, or of this surname."""
        ...

    def is_ordinary(self, surname: str, person: UUID) -> bool:
        """Say whether texts have this word so often that it hardly means the person, as in "christmas movies"."""
        ...

    def begins_title(self, folded: str) -> bool:
        """Say whether a well-known title begins with these words."""
        ...


@dataclass(slots=True)
class Reading:
    """
    The state of reading one query.

    Attributes:
        words: Folded, in order.
        fates: Beside the words.
        spans: Concepts of the lexicon, longest first reading, ascending, not overlapping.
        now: Decides what is new.
    """

    words: list[str]
    lexicon: Mapping[str, Entry]
    names: Names
    now: datetime
    removed: frozenset[str] = frozenset()
    fates: list[Fate] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    prefers_new: bool = False
    #: Chips of people who were named without "with" or the like.
    bare_people: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find the concepts."""
        self.fates = [Fate.KEPT] * len(self.words)
        self.spans = list(_spans(self.words, self.lexicon))

    def phrase(self, start: int, end: int) -> str:
        """Give the words of a stretch."""
        return " ".join(self.words[start:end])

    def is_free(self, start: int, end: int) -> bool:
        """Say whether no rule has read a stretch yet."""
        return all(fate is Fate.KEPT for fate in self.fates[start:end])

    def mark(self, start: int, end: int, fate: Fate) -> None:
        """Say what became of a stretch."""
        self.fates[start:end] = [fate] * (end - start)

    def add(
        self,
        chip_id: str,
        kind: ChipKind,
        label: str,
        at: tuple[int, int],
        *,
        strength: Strength = Strength.HARD,
        fate: Fate = Fate.GONE,
        asks: Mapping[str, object] | None = None,
    ) -> None:
        """Add a chip for a stretch of words; `asks` are names of `Filters`. One that says the same again is dropped."""
        self.mark(*at, fate)
        if all(chip.id != chip_id for chip in self.chips):
            self.chips.append(Chip(chip_id, kind, strength, label, self.phrase(*at), asks or {}))

    def span_at(self, start: int) -> Span | None:
        """Give the free concept that starts at a word."""
        for span in self.spans:
            if span.start == start and self.is_free(span.start, span.end):
                return span
        return None

    def span_before(self, end: int) -> Span | None:
        """Give the concept that ends where a stretch begins, whatever became of it."""
        return next((span for span in self.spans if span.end == end), None)

    def free_spans(self, *concepts: Concept) -> Iterator[Span]:
        """Give the concepts that no rule has read yet."""
        for span in self.spans:
            if span.entry.concept in concepts and self.is_free(span.start, span.end):
                yield span

    def find(self, *phrases: str) -> Iterator[tuple[int, int]]:
        """Give the free stretches that read like one of these phrases."""
        text = f" {' '.join(self.words)} "
        for phrase in phrases:
            # Hardly any phrase is there at all.
            if f" {phrase} " not in text:
                continue
            wanted = phrase.split()
            for start in range(len(self.words) - len(wanted) + 1):
                end = start + len(wanted)
                if self.words[start:end] == wanted and self.is_free(start, end):
                    yield start, end

    def is_last(self, start: int) -> bool:
        """Say whether only concepts, stop words and what was read follow."""
        return all(at < start for at in self.content())

    def content(self) -> list[int]:
        """Give the words that say what is looked for and that no concept names."""
        named = {at for span in self.spans for at in range(span.start, span.end)}
        return [
            at
            for at, word in enumerate(self.words)
            if self.fates[at] is Fate.KEPT and at not in named and word not in STOP_WORDS and word not in FILLERS
        ]

    def is_head(self, start: int) -> bool:
        """Say whether nothing but asking words and concepts stands before a word."""
        content = self.content()
        return not content or start < content[0]


def _spans(words: list[str], lexicon: Mapping[str, Entry]) -> Iterator[Span]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            entry = lexicon.get(" ".join(words[at : at + length]))
            if entry is not None:
                yield Span(at, at + length, entry)
                at += length
                break
        else:
            at += 1
