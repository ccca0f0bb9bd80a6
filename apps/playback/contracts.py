"""What the playback door speaks, and what clients see: frozen values, never a model."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.content.contracts import DeviceKind, LinkKind, Money, OfferType, Quality, TitleSummary
from apps.playback.domain.positions import Outcome, PlaybackState

__all__ = [
    "ContinueReason",
    "ContinueRecord",
    "DeepLinkAnswer",
    "OfferLink",
    "Outcome",
    "PlaybackSessionRecord",
    "PlaybackState",
    "PositionAnswer",
    "ProgressAnswer",
    "ProgressReport",
    "SessionDraft",
    "StartedSession",
    "WatchFacts",
    "WatchRecord",
]


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """
    What somebody is about to watch.

    Attributes:
        content_id: The title; an id that was merged starts the title that answers for it.
        device_id: Where; None for a player that is no registered device.
        platform: Which service plays it, by slug; "" is unknown.
        duration_s: As the player knows it; None takes the catalogue's runtime.
    """

    content_id: UUID
    device_id: UUID | None = None
    platform: str = ""
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class PlaybackSessionRecord:
    """A title that is being played, or was until just now. `is_live` counts it as one of the household's streams."""

    id: UUID
    content_id: UUID
    device_id: UUID | None
    platform: str | None
    state: PlaybackState
    position_s: int
    duration_s: int | None
    completion_ratio: float
    is_live: bool
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StartedSession:
    """A new session, where to start, and how often to say that it goes on."""

    session: PlaybackSessionRecord
    resume_position_s: int
    heartbeat_interval_s: int


@dataclass(frozen=True, slots=True)
class PositionAnswer:
    """What became of a report, and the session as it stands now."""

    outcome: Outcome
    session: PlaybackSessionRecord


class ContinueReason(StrEnum):
    """Why a title is to go on with: it was left in the middle, or it follows an episode that was watched."""

    UNFINISHED = "unfinished"
    NEXT_EPISODE = "next_episode"


@dataclass(frozen=True, slots=True)
class ContinueRecord:
    """A title that somebody is in the middle of; for a series, the episode to go on with."""

    title: TitleSummary
    reason: ContinueReason
    position_s: int
    resume_position_s: int
    duration_s: int | None
    completion_ratio: float
    last_watched_at: datetime


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """
    Where somebody is in a title, told without a session of ours.

    Attributes:
        session_id: The sitting, when the client keeps one; None goes on with the one that speaks for the title.
        observed_at: When they were there (aware), by the client's clock.
    """

    content_id: UUID
    position_s: int
    duration_s: int
    state: PlaybackState
    observed_at: datetime
    device_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """What became of a report, and where the title stands now."""

    outcome: Outcome
    content_id: UUID
    position_s: int
    duration_s: int
    resume_position_s: int
    completion_ratio: float
    is_completed: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """
    One title of a history.

    Attributes:
        series_id: Of an episode or season, else the title itself.
        position_s: Where it was left last.
        is_completed: Whether it was watched to the end then; `completed_at` says when it first was.
        play_count: How often it was started.
    """

    content_id: UUID
    series_id: UUID
    position_s: int
    duration_s: int | None
    completion_ratio: float
    is_completed: bool
    completed_at: datetime | None
    play_count: int
    first_watched_at: datetime
    last_watched_at: datetime


@dataclass(frozen=True, slots=True)
class WatchRecord:
    """A title of a history as its owner sees it."""

    title: TitleSummary
    position_s: int
    duration_s: int | None
    completion_ratio: float
    is_completed: bool
    completed_at: datetime | None
    play_count: int
    first_watched_at: datetime
    last_watched_at: datetime


@dataclass(frozen=True, slots=True)
class OfferLink:
    """
    A way to watch a title and the addresses that open it on one device, best first.

    Attributes:
        is_subscribed: Whether the household pays for this platform.
        link_kind: Whether the links lead to the title itself or to the platform's search for it.
        app_link: Opens the app; null where the device's apps take no links.
        universal_link: Opens the app if it is installed and else the website; null where the system does not do that.
        web_fallback: For a browser; always there.
        launch_path: To POST to the device's own control port (Roku); null elsewhere.
    """

    offer_id: UUID
    platform: str
    platform_name: str
    type: OfferType
    quality: Quality
    price: Money | None
    is_subscribed: bool
    valid_until: datetime | None
    link_kind: LinkKind
    app_link: str | None
    universal_link: str | None
    web_fallback: str
    launch_path: str | None


@dataclass(frozen=True, slots=True)
class DeepLinkAnswer:
    """
    How to watch a title on a device.

    Attributes:
        resume_position_s: Where the viewer stopped; platforms take no position, so the client may say it.
        best: What costs this household least.
        alternatives: What else there is, in the same order.
    """

    content_id: UUID
    device: DeviceKind
    resume_position_s: int
    best: OfferLink
    alternatives: tuple[OfferLink, ...]
