"""What the search door speaks: frozen values, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Matches:
    """
    A whole result set.

    Attributes:
        ids: Best first.
        version: State of the index that it was found in.
        is_degraded: Whether titles of similar meaning are missing.
    """

    ids: tuple[UUID, ...]
    version: str
    is_degraded: bool


@dataclass(frozen=True, slots=True)
class SavedSearchRecord:
    """
    A search that a person keeps, and is told news of.

    Attributes:
        filters: As `POST /search` takes them.
        without: Ids of chips that are not meant.
        region: Where offers and certificates are looked up; "" is the profile's.
        notify: Whether new matches are told.
        matches: Titles at the last look; null before the first one.
        is_too_broad: Whether it finds so many titles that nothing is told.
    """

    id: UUID
    name: str
    query: str
    filters: Mapping[str, Any]
    without: tuple[str, ...]
    region: str
    notify: bool
    matches: int | None
    is_too_broad: bool
    last_news_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SearchTotals:
    """
    Searches of a period.

    Attributes:
        searches: Those that were logged; `unlogged_*` are of people of whom only counts are kept, by whole days (UTC).
        searchers_by_day: Households that agreed to be told apart, counted once for each day.
        clicked: Searches with at least one click.
        mean_click_position: In the result set, from 1; null without clicks.
        mean_ms, p50_ms, p95_ms: Until the answer was made; null without searches.
    """

    searches: int
    searchers_by_day: int
    zero_results: int
    zero_result_ratio: float
    clicked: int
    click_through_ratio: float
    mean_click_position: float | None
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    unlogged_searches: int
    unlogged_zero_results: int
    unlogged_clicks: int


@dataclass(frozen=True, slots=True)
class TopQuery:
    """A text that was asked often, folded, and what came of it."""

    text: str
    searches: int
    zero_results: int
    clicked: int
    click_through_ratio: float


@dataclass(frozen=True, slots=True)
class UnansweredQuery:
    """A text that found nothing."""

    text: str
    searches: int
    last_asked_at: datetime


@dataclass(frozen=True, slots=True)
class RankingClicks:
    """What came of the searches that one ranking ordered; version 0 and no variant are the weights in code."""

    ranking_version: int
    variant: str
    searches: int
    clicked: int
    click_through_ratio: float


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What was searched for; lists begin with the most frequent."""

    since: datetime
    until: datetime
    totals: SearchTotals
    top_queries: tuple[TopQuery, ...]
    zero_result_queries: tuple[UnansweredQuery, ...]
    rankings: tuple[RankingClicks, ...]


@dataclass(frozen=True, slots=True)
class RankingRecord:
    """
    A version of the weights.

    Attributes:
        version: Counts from 1; 0 is the weights in code.
        weights: Every weight by its name.
        created_by: Account of the admin; null for the weights in code.
    """

    version: int
    weights: Mapping[str, float]
    description: str
    created_at: datetime | None
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class RankingVariantRecord:
    """
    Other weights for a share of the callers.

    Attributes:
        traffic_percentage: Share of the callers, 0..100, while it is active.
        revision: Moves with the weights; the query log calls the variant `<name>.<revision>`.
    """

    name: str
    weights: Mapping[str, float]
    description: str
    traffic_percentage: int
    is_active: bool
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ActiveRanking:
    """What orders results now."""

    ranking: RankingRecord
    changed_at: datetime | None
    variants: tuple[RankingVariantRecord, ...]
