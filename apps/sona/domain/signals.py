"""What a person said or did about titles, and what that says of their taste."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class SignalKind(StrEnum):
    """How somebody spoke of a title."""

    WATCHED = "watched"
    RATED = "rated"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Signal:
    """
    One thing said of a title.

    Attributes:
        value: Share that was watched, 0..1; score, 1..10; for what was added, 1.
        at: Aware.
    """

    title_id: UUID
    kind: SignalKind
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Liking:
    """A title that speaks for a person's taste; `strength` 0.25..2, `why` is the strongest signal."""

    title_id: UUID
    strength: float
    at: datetime
    why: SignalKind


#: A share below which something was tried and left.
_TRIED = 0.3
#: Scores from here on praise; up to there they do not.
_GOOD, _BAD = 6, 4
#: What being put on the watchlist says.
_ADDED = 0.5
#: Titles that speak for a person; the newest.
MAX_LIKINGS = 200


def strength_of(kind: SignalKind, value: float) -> float:
    """
    Say how much a signal speaks for its title: 0 for nothing, below 0 against it.

    A whole watch counts 1, half of one about a half; a ten counts 1.5, a six 0.75.
    """
    if kind is SignalKind.WATCHED:
        return value if value >= _TRIED else 0.0
    if kind is SignalKind.ADDED:
        return _ADDED
    if value <= _BAD:
        return -1.0
    return 0.75 + (value - _GOOD) * 0.1875 if value >= _GOOD else 0.25


def find_likings(
    signals: Iterable[Signal], *, since: datetime | None = None, without: Collection[UUID] = ()
) -> tuple[Liking, ...]:
    """
    Fold signals into what is liked, oldest first.

    A title that was rated badly is not liked, however often it was watched.

    Args:
        signals: Of one person, in any order.
        since: When the person had everything forgotten; earlier signals say nothing.
        without: Titles that speak for nobody, such as dismissed ones.
    """
    by_title: dict[UUID, list[Signal]] = {}
    for signal in signals:
        if (since is None or signal.at > since) and signal.title_id not in without:
            by_title.setdefault(signal.title_id, []).append(signal)
    likings = [liking for title_id, said in by_title.items() if (liking := _fold(title_id, said))]
    return tuple(sorted(likings, key=lambda liking: (liking.at, liking.title_id))[-MAX_LIKINGS:])


def _fold(title_id: UUID, said: Collection[Signal]) -> Liking | None:
    strengths: Mapping[Signal, float] = {signal: strength_of(signal.kind, signal.value) for signal in said}
    if min(strengths.values()) < 0:
        return None
    total = sum(strengths.values())
    if total <= 0:
        return None
    strongest = max(strengths, key=lambda signal: (strengths[signal], signal.at))
    return Liking(title_id, min(total, 2.0), max(signal.at for signal in said), strongest.kind)
