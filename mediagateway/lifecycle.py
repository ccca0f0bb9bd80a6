"""Where this process stands in its life: serving, or draining before it stops."""

import threading

_draining = threading.Event()


def begin_drain() -> None:
    """From now on `/ready` answers 503, so that balancers send new requests elsewhere."""
    _draining.set()


def is_draining() -> bool:
    """Whether this process has been told to stop."""
    return _draining.is_set()
