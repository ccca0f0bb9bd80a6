"""Programs that the tests drive: Debian's, and those that `make obs-tools` builds."""

import shutil
import socket
from pathlib import Path

import pytest

_BUILT = Path(__file__).parents[2] / ".tools" / "bin"


def program(name: str) -> str:
    """Find a program, or skip the test with the command that brings it."""
    found = shutil.which(name) or shutil.which(name, path=str(_BUILT))
    if not found:
        pytest.skip(f"{name} is not here: make obs-tools brings it")
    return found


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
