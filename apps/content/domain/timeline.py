"""
When something was believed: a source's word, read off its snapshots.

A source says what it lists by snapshots, each true from its own time until the source's next one. So everything it ever
said of one claim is a set of intervals between its snapshots, and a snapshot that arrives late decides exactly the span
up to the next snapshot. Applying the same snapshots in any order therefore ends in the same intervals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open span `[start, end)` of aware UTC times; an end of None is "still"."""

    start: datetime
    end: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Say whether the moment lies within."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlaps(self, other: "Interval") -> bool:
        """Say whether the two spans share a moment."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


def apply_sighting(
    intervals: Iterable[Interval], *, at: datetime, following: datetime | None, present: bool
) -> tuple[Interval, ...]:
    """
    Let one snapshot decide its span, `[at, following)`, of a claim's history; the rest stays.

    Args:
        intervals: What the source's other snapshots say, disjoint and not touching.
        at: The snapshot's own time.
        following: Time of the source's next snapshot; None when this is its newest.
        present: Whether the snapshot lists the claim.

    Returns:
        Intervals in time order, disjoint and not touching.
    """
    kept: list[Interval] = []
    for interval in intervals:
        if interval.start < at:
            kept.append(Interval(interval.start, at if interval.end is None else min(interval.end, at)))
        if following is not None and (interval.end is None or interval.end > following):
            kept.append(Interval(max(interval.start, following), interval.end))
    if present:
        kept.append(Interval(at, following))
    return unite(kept)


def unite(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Unite intervals of any order, overlapping or touching, into disjoint ones in time order."""
    united: list[Interval] = []
    for interval in sorted(intervals, key=lambda interval: interval.start):
        last = united[-1] if united else None
        if last is None or (last.end is not None and last.end < interval.start):
            united.append(interval)
        elif last.end is not None:
            united[-1] = Interval(last.start, None if interval.end is None else max(last.end, interval.end))
    return tuple(united)
