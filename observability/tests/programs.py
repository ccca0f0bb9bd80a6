"""Programs that the tests drive: Debian's, and those that `make obs-tools` builds."""

import shutil
from pathlib import Path

import pytest

_BUILT = Path(__file__).parents[2] / ".tools" / "bin"


def program(name: str) -> str:
    """Find a program, or skip the test with the command that brings it."""
    found = shutil.which(name) or shutil.which(name, path=str(_BUILT))
    if not found:
        pytest.skip(f"{name} is not here: make obs-tools brings it")
    return found
