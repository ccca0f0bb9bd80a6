"""Where this process stands in its life: serving, or draining before it stops."""

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
