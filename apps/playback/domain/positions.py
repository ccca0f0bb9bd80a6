"""Which of the positions that a player reports holds: time stamps settle it, not the order of arrival."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from apps.playback.errors import BeyondTheEndError

#: Seconds by which a player may overshoot the end: it counts frames, and the duration is rounded.
OVERSHOOT_S: Final = 5
#: How far a client's clock may run ahead and be believed.
_CLOCK_SLACK: Final = timedelta(seconds=5)


class PlaybackState(StrEnum):
    """What a player does. The last two are final: a session that reached them takes no further reports."""

    PLAYING = "playing"
    PAUSED = "paused"
    BUFFERING = "buffering"
    STOPPED = "stopped"
    ENDED = "ended"

    @property
    def is_final(self) -> bool:
        """Whether the session is over."""
        return self in (PlaybackState.STOPPED, PlaybackState.ENDED)


class Outcome(StrEnum):
    """
    What became of a report.

    "stale" is a report from before the position that holds: it arrived late and changes nothing. A report from after
    it is "applied", and called "rewound" when it lies before it: somebody went back.
    """

    APPLIED = "applied"
    REWOUND = "rewound"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a player was, and when it was there (aware)."""

    position_s: int
    duration_s: int | None
    observed_at: datetime


def settle(held: Position, reported: Position, *, now: datetime) -> tuple[Position, Outcome]:
    """
    Decide which position holds after a report.

    Args:
        held: What holds so far.
        reported: What the player says. A duration that it does not know is taken from what is held.
        now: Our clock: a stamp from the future counts as now, or it would silence every later report.

    Raises:
        BeyondTheEndError: The position is more than `OVERSHOOT_S` behind the end.
    """
    duration_s = reported.duration_s or held.duration_s
    position_s = within(reported.position_s, duration_s)
    observed_at = reported.observed_at if reported.observed_at <= now + _CLOCK_SLACK else now
    if observed_at < held.observed_at:
        return held, Outcome.STALE
    outcome = Outcome.REWOUND if position_s < held.position_s else Outcome.APPLIED
    return Position(position_s, duration_s, observed_at), outcome


def within(position_s: int, duration_s: int | None) -> int:
    """
    Bring a position that overshot the end back to it.

    Raises:
        BeyondTheEndError: It lies more than `OVERSHOOT_S` behind the end.
    """
    if duration_s is None:
        return position_s
    if position_s > duration_s + OVERSHOOT_S:
        raise BeyondTheEndError(position_s, duration_s)
    return min(position_s, duration_s)
