"""What the search door speaks: frozen values, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.content.contracts import TitleSummary
from apps.search.domain.understanding.chips import ChipKind, State, Strength
from apps.search.domain.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A constraint read from the text that had to give way, and what stood instead."""

    constraint: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadChip:
    """
    Something that was read from the text, and what became of it; its id, sent back as `without`, takes it away.

    Attributes:
        words: The caller's own, folded.
    """

    id: str
    kind: ChipKind
    strength: Strength
    label: str
    words: str
    state: State


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; the score is 0..1 within its answer."""

    title: TitleSummary
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A page of a result set.

    Attributes:
        total: Titles in the whole set.
        facets: Dimension -> value -> titles in the whole set; empty when not asked for.
        relaxed: What gave way so that there is an answer.
        chips: What was read from the text, in its order.
        references: Names of titles that others were compared with.
        is_degraded: Whether similar meanings are missing, because the vectors did not answer.
        version: State of the index that answered; a page after this one needs the same.
        changes_at: When the clock alone may change the answer: an offer of the region begins or ends. None is never.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    relaxed: tuple[Relaxation, ...]
    chips: tuple[ReadChip, ...]
    references: tuple[str, ...]
    is_degraded: bool
    version: str
    changes_at: datetime | None
