"""The tests that docs/identity.md names as proofs."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`([a-z_/]+/test_\w+\.py|test_\w+\.py)(?:::(test_\w+))?`")


def test_every_proof_exists():
    """The file, and the function in it."""
    text = (ROOT / "docs" / "identity.md").read_text()
    missing = []
    for path, function in NAMED.findall(text):
        inside = path.startswith(("apps/", "deploy/", "mediagateway/", "docs/"))
        file = ROOT / path if inside else ROOT / "apps" / "auth" / "tests" / path
        if not file.is_file() or (function and f"def {function}(" not in file.read_text()):
            missing.append(f"{path}::{function}")

    assert len(NAMED.findall(text)) > 40
    assert missing == []
