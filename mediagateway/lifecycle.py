"""Where this process stands in its life, serving or draining before it stops, and how far behind its work it is."""

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class _Lifecycle:
    """The one mutable fact about the process. A plain attribute, because signal handlers set it."""

    is_draining: bool = False


_process = _Lifecycle()


def begin_drain() -> None:
    """From now on `/ready` answers 503, so that balancers send new requests elsewhere."""
    _process.is_draining = True


def is_draining() -> bool:
    """Whether this process has been told to stop."""
    return _process.is_draining


_thread = threading.local()


def note_queued(seconds: float) -> None:
    """Remember how long what this thread serves next has waited for it."""
    _thread.queued_s = seconds


def queued_s() -> float:
    """Seconds that what this thread serves has waited; 0 where nobody counts, as in tests and on the live channel."""
    return getattr(_thread, "queued_s", 0.0)
