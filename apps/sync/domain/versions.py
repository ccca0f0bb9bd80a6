"""
Version vectors: what a replica knows, as the highest sequence number of each origin without a gap below it.

Operations of one origin are taken in their order only. A number is therefore enough for each origin, and a gap is seen
at once instead of being hidden behind a later number.
"""

from collections.abc import Mapping
from enum import StrEnum

#: Origin -> highest sequence number known, all lower ones included.
Vector = Mapping[str, int]


class Arrival(StrEnum):
    """What the arrival of an operation means to a replica."""

    NEXT = "next"
    KNOWN = "known"
    GAP = "gap"


def judge(vector: Vector, origin: str, seq: int) -> Arrival:
    """Say whether an operation is the next of its origin, known already, or ahead of one that is missing."""
    known = vector.get(origin, 0)
    if seq <= known:
        return Arrival.KNOWN
    return Arrival.NEXT if seq == known + 1 else Arrival.GAP


def join(one: Vector, other: Vector) -> dict[str, int]:
    """Give what two replicas know together."""
    return {origin: max(one.get(origin, 0), other.get(origin, 0)) for origin in {**one, **other}}


def covers(vector: Vector, other: Vector) -> bool:
    """Whether everything that `other` knows is known."""
    return all(vector.get(origin, 0) >= seq for origin, seq in other.items())
