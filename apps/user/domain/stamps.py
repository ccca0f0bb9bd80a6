"""
Clock stamps: one total order for the writes of a value, over all devices.

A stamp is a hybrid logical clock (Kulkarni et al., 2014) as text: milliseconds since 1970 (13 digits), a counter for
writes within one of them (4 hexadecimal digits), and who wrote. Its parts have fixed widths, so the order of the texts
is the order of the writes.
"""

from datetime import datetime

#: Who writes when a request comes over plain HTTP.
SERVER = "server"


def next_stamp(now: datetime, *, after: str = "") -> str:
    """
    Make the stamp of a write.

    Args:
        now: The writer's clock; aware.
        after: The newest stamp that the writer has seen; the new one is greater whatever the clocks say.
    """
    now_ms = int(now.timestamp() * 1000)
    seen_ms, seen_counter = (int(after[:13]), int(after[14:18], 16)) if after else (0, -1)
    if now_ms > seen_ms:
        return _write(now_ms, 0)
    return _write(seen_ms, seen_counter + 1) if seen_counter < 0xFFFF else _write(seen_ms + 1, 0)


def _write(ms: int, counter: int) -> str:
    return f"{ms:013d}-{counter:04x}-{SERVER}"
