"""What discovery answers: frozen values, never a model."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from apps.content.contracts import Money, TitleSummary
from apps.playback.contracts import OfferLink

__all__ = [
    "Basis",
    "MissingReason",
    "MonthPlan",
    "NotCovered",
    "OfferLink",
    "PlanAnswer",
    "PlannedService",
    "ReasonCode",
    "Row",
    "SuggestionReason",
    "TonightAnswer",
    "TonightSuggestion",
    "TrendingRecord",
]


class Basis(StrEnum):
    """What a list of trends is ordered by: what people watch, or, where nobody has watched yet, popularity."""

    ACTIVITY = "activity"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class TrendingRecord:
    """A title and what its audience has faded to, in whole viewings of this moment; 0 without activity."""

    title: TitleSummary
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a start page: what stands in it, and why it is shown. The reason is true of every title in it."""

    id: str
    title: str
    reason: str
    items: tuple[TitleSummary, ...]


class ReasonCode(StrEnum):
    """Why a title is suggested; each is checked before it is said."""

    FITS_TIME = "fits_time"
    SUITS_EVERYBODY = "suits_everybody"
    MATCHES_MOOD = "matches_mood"
    NOT_SEEN = "not_seen"
    INCLUDED = "included"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class SuggestionReason:
    """A reason, for a program and for a person."""

    code: ReasonCode
    detail: str


@dataclass(frozen=True, slots=True)
class TonightSuggestion:
    """Something to watch tonight: the title, why, and how to open it."""

    title: TitleSummary
    runtime_minutes: int
    reasons: tuple[SuggestionReason, ...]
    offer: OfferLink


@dataclass(frozen=True, slots=True)
class TonightAnswer:
    """
    What to watch tonight.

    Attributes:
        answer: The one; null when nothing that can be played fits.
        backups: At most two others.
        mood_matched: Whether the answer has the mood that was asked for; the mood is a wish and gives way.
    """

    region: str
    answer: TonightSuggestion | None
    backups: tuple[TonightSuggestion, ...]
    mood_matched: bool


class MissingReason(StrEnum):
    """Why a plan does not cover a title."""

    NO_SUBSCRIPTION_OFFER = "no_subscription_offer"
    PRICE_UNKNOWN = "price_unknown"


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A title of the watchlist that no subscription of the plan brings."""

    content_id: UUID
    reason: MissingReason


@dataclass(frozen=True, slots=True)
class PlannedService:
    """A service to have in a month; no price when none was given."""

    platform: str
    platform_name: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """A month of 30 days: what to pay for, and what to watch then, before it leaves."""

    starts_on: date
    ends_on: date
    services: tuple[PlannedService, ...]
    content_ids: tuple[UUID, ...]
    cost: Money | None


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """
    The cheapest way to watch a watchlist by subscriptions, month by month.

    Attributes:
        months: Every month of the plan, those without a service too.
        service_months: How many months of services there are to pay.
        total: What they cost; null without prices, where their number is what is least.
        baseline: What all these services cost when none is ever cancelled.
        saving: The difference.
        is_exact: Whether no plan can be cheaper; else `gap_ratio` bounds by how much one may be.
        free: Titles that can be watched free or with ads now, and need no service.
    """

    region: str
    months: tuple[MonthPlan, ...]
    service_months: int
    total: Money | None
    baseline: Money | None
    saving: Money | None
    is_exact: bool
    gap_ratio: float
    free: tuple[UUID, ...]
    not_covered: tuple[NotCovered, ...]
