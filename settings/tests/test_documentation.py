"""Every variable that the settings read is in the operations guide, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_guide_lists_every_variable():
    code = "".join(path.read_text() for path in (ROOT / "settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', code))
    table = (ROOT / "docs" / "operations.md").read_text().partition("## Configuration")[2]
    listed = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))

    assert read == listed
