"""The borders between packages hold, and the linter that says so is known to bite: a breach of each is caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

pytestmark = pytest.mark.once

#: Contract (by the start of its name) -> file -> line that breaks it.
BREACHES = [
    ("Apps form a DAG", "apps/content/queries/breach.py", "import apps.search.api"),
    ("Apps form a DAG", "apps/sync/services.py", "import apps.auth.api"),
    ("Apps form a DAG", "apps/novelty/__init__.py", '"""An app that nobody has placed."""'),
    ("Apps meet only", "apps/search/services/documents.py", "import apps.content.models"),
    ("Apps meet only", "apps/search/services/documents.py", "import apps.content.services"),
    ("Shape of an app", "apps/content/domain/breach.py", "import apps.content.models"),
    ("Shape of an app", "apps/search/models.py", "import apps.search.http.views"),
    ("Shape of an app", "apps/search/utils.py", '"""An attic."""'),
    ("Domain and contracts", "apps/content/domain/breach.py", "import django.db"),
    ("Domain and contracts", "apps/content/contracts.py", "import rest_framework"),
    ("Domain and contracts", "mediagateway/policy.py", "import django"),
    ("The kernel knows no app", "mediagateway/health.py", "import apps.content.api"),
    ("Settings are read", "mediagateway/health.py", "import settings.base"),
    ("Settings are read", "apps/search/services/documents.py", "import settings"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what the linter reads, without tests and data."""
    folder = tmp_path_factory.mktemp("checkout")
    for package in ("apps", "mediagateway", "settings"):
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("tests", "__pycache__", "*.jsonl", "*.gz", "static", "templates"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run import-linter on a copy; its cache would not notice a file that comes and goes within a second."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_project_keeps_its_contracts(checkout):
    result = lint(checkout)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREACHES, ids=[f"{file}: {line}" for _, file, line in BREACHES])
def test_a_breach_is_caught_by_its_contract(checkout, contract, file, line):
    path = checkout / file
    is_new_folder = not path.parent.exists()
    path.parent.mkdir(exist_ok=True)
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")

    result = lint(checkout)

    if before is not None:
        path.write_text(before)
    elif is_new_folder:
        shutil.rmtree(path.parent)
    else:
        path.unlink()
    broken = [name for name in CONTRACTS if f"{name} BROKEN" in result.stdout]
    assert result.returncode != 0
    assert any(name.startswith(contract) for name in broken), result.stdout


def test_every_contract_has_a_breach():
    assert all(any(name.startswith(contract) for contract, _, _ in BREACHES) for name in CONTRACTS)
