"""What the door to recommendations speaks, and what clients see: frozen values, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.content.contracts import TitleSummary
from apps.sona.domain.context import Company, Context, DayPart, Device, Mood
from apps.sona.domain.experiments import ExperimentStatus, Interval, Outcome
from apps.sona.domain.feedback import FeedbackKind, Scope
from apps.sona.domain.ranking import ReasonCode, Source
from apps.sona.domain.signals import SignalKind

__all__ = [
    "Company",
    "Context",
    "DayPart",
    "Device",
    "DismissalRecord",
    "ExperimentMetrics",
    "ExperimentRecord",
    "ExperimentStatus",
    "FeedbackKind",
    "GenreTaste",
    "Interval",
    "LikedTitle",
    "MetricOutcomes",
    "Mood",
    "Outcome",
    "ReasonCode",
    "ReasonRecord",
    "Recommendation",
    "RecommendationRequest",
    "Recommendations",
    "Scope",
    "ScoredTitle",
    "SignalKind",
    "SimilarTitle",
    "Source",
    "TasteProfile",
    "VariantRecord",
    "VariantShown",
]


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """
    What is asked.

    Attributes:
        context: The moment.
        limit: Most titles, 1..100.
        exclude_watched: Whether to leave out what the person has watched, rated or put on the watchlist.
        diversity: 0: best first; 1: as different as can be. None is what the experiment or the default says.
        my_services: Only what the household's services have now.
        available: Only what some platform has now in the region.
        kinds: Kinds of title; empty is all.
    """

    context: Context = field(default=Context())
    limit: int = 20
    exclude_watched: bool = True
    diversity: float | None = None
    my_services: bool = False
    available: bool = False
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReasonRecord:
    """Why a title is there; `content_id` names the title that it is because of, else null."""

    code: ReasonCode
    text: str
    content_id: UUID | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """
    A recommended title.

    Attributes:
        score: Share of all that might be recommended that ranks no higher, 0..1.
        source: Which part of the model spoke loudest.
        reasons: The most personal first. One because of a title was tried: without that title this one is not here.
    """

    title: TitleSummary
    score: float
    source: Source
    reasons: tuple[ReasonRecord, ...]


@dataclass(frozen=True, slots=True)
class VariantShown:
    """The experiment that shaped an answer."""

    experiment_id: UUID
    variant: str


@dataclass(frozen=True, slots=True)
class Recommendations:
    """
    An answer.

    Attributes:
        model_version: Of the model; "untrained" before the first.
        day_part: Part of the day that was assumed.
        is_personal: False when the household has refused personal recommendations, or nothing is known of the person.
    """

    items: tuple[Recommendation, ...]
    model_version: str
    day_part: DayPart
    is_personal: bool
    experiment: VariantShown | None


@dataclass(frozen=True, slots=True)
class SimilarTitle:
    """A title like another one; `score` is relative to the most alike, 0..1."""

    title: TitleSummary
    score: float


@dataclass(frozen=True, slots=True)
class ScoredTitle:
    """How well a title suits a person: the share of what they may see that suits them no better, and by parts."""

    content_id: UUID
    score: float
    components: Mapping[str, float]
    model_version: str


@dataclass(frozen=True, slots=True)
class LikedTitle:
    """A title that speaks for a person's taste."""

    content_id: UUID
    strength: float
    at: datetime
    because: SignalKind


@dataclass(frozen=True, slots=True)
class GenreTaste:
    """A genre's share of what a person likes, and of the catalogue."""

    genre: str
    share: float
    catalogue_share: float


@dataclass(frozen=True, slots=True)
class DismissalRecord:
    """What a person does not want to be shown; `until` is null for ever."""

    scope: Scope
    key: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """All that the engine believes of a person; it keeps nothing else."""

    liked: tuple[LikedTitle, ...]
    genres: tuple[GenreTaste, ...]
    favorite_genres: tuple[str, ...]
    dismissed: tuple[DismissalRecord, ...]
    forgotten_at: datetime | None
    is_personal: bool
    model_version: str


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """A variant; `diversity` null leaves the default, `multipliers` scale the model's parts."""

    name: str
    weight: float
    diversity: float | None
    multipliers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ExperimentRecord:
    """An experiment."""

    id: UUID
    name: str
    description: str
    status: ExperimentStatus
    traffic_ratio: float
    variants: tuple[VariantRecord, ...]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MetricOutcomes:
    """What came of each variant by one metric; the first variant is what the others are compared with."""

    metric: str
    variants: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class ExperimentMetrics:
    """
    What came of an experiment.

    Attributes:
        ratio_p_value: Chance of shares of exposures at least this far from the weights.
        is_ratio_plausible: False when that cannot be luck: then something is broken, and no other figure counts.
    """

    experiment_id: UUID
    exposures: Mapping[str, int]
    ratio_p_value: float
    is_ratio_plausible: bool
    metrics: tuple[MetricOutcomes, ...]
