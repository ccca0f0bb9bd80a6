"""
A hybrid logical clock (Kulkarni et al., 2014): 48 bits of milliseconds since 1970 and 16 bits of counter.

A stamp is a reading as text, `<13 digits>-<4 hexadecimal digits>-<who>`, the same form as the stamps of preferences.
Its parts have fixed widths, so the order of the texts is the order of the writes: by time, then counter, then who.
"""

import re
from dataclasses import dataclass

#: Who writes when a request comes over plain HTTP; it sorts behind every device, whose ids are hexadecimal.
SERVER = "server"
COUNTER_BITS = 16
MAX_COUNTER = (1 << COUNTER_BITS) - 1
#: Ahead of our own clock by more than this, a stamp is refused: two devices may each be wrong by a day.
MAX_AHEAD_MS = 48 * 3600 * 1000

_STAMP = re.compile(r"([0-9]{13})-([0-9a-f]{4})-(.+)")


@dataclass(slots=True)
class HybridClock:
    """
    The clock of one writer; not safe to share among threads.

    Attributes:
        who: The writer: a device's id, or `SERVER`.
        last: The newest reading that was made or seen, packed: milliseconds << 16 | counter.
    """

    who: str
    last: int = 0

    def tick(self, wall_ms: int) -> str:
        """Make the stamp of a write: greater than every stamp made or seen, whatever the wall's clock says."""
        self.last = max(wall_ms << COUNTER_BITS, advance(self.last))
        return write_stamp(self.last, self.who)

    def observe(self, stamp: str) -> None:
        """Take note of somebody's stamp, so that the next one of ours is greater."""
        self.last = max(self.last, read_stamp(stamp))


def advance(reading: int) -> int:
    """Give the smallest reading that comes after; past the last count a millisecond is borrowed from the future."""
    return reading + 1


def write_stamp(reading: int, who: str) -> str:
    """Write a packed reading as text."""
    return f"{reading >> COUNTER_BITS:013d}-{reading & MAX_COUNTER:04x}-{who}"


def read_stamp(stamp: str) -> int:
    """Read the packed reading of a stamp that `is_stamp_of` has let through, or that we wrote."""
    return int(stamp[:13]) << COUNTER_BITS | int(stamp[14:18], 16)


def stamp_ms(stamp: str) -> int:
    """Read the milliseconds of a stamp."""
    return int(stamp[:13])


def is_stamp_of(who: str, text: str) -> bool:
    """Whether a text has the form of a stamp by this writer."""
    match = _STAMP.fullmatch(text)
    return match is not None and match[3] == who


def is_too_far_ahead(stamp: str, wall_ms: int) -> bool:
    """Whether a stamp lies further in the future than clocks may be wrong."""
    return stamp_ms(stamp) - wall_ms > MAX_AHEAD_MS
