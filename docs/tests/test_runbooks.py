"""The runbooks' commands: each that can run on one machine runs, and each that needs a cluster is listed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.failures import FAILURES
from deploy.tests.served import ROOT, Served, embedded_environ

pytestmark = pytest.mark.once

RUNBOOKS = ROOT / "docs" / "runbooks"
NAMES = ("README", "DEPLOYMENT", "ROLLBACK", "TROUBLESHOOTING", "INCIDENT_RESPONSE")
KINDS = {"sh run", "sh run slow", "sh cluster", ""}


def blocks(name):
    """Read a runbook's fenced blocks: what stands behind the fence, and the lines."""
    return re.findall(r"^```([^\n]*)\n(.*?)^```", (RUNBOOKS / f"{name}.md").read_text(), re.MULTILINE | re.DOTALL)


def commands(*kinds):
    """Number the blocks of these kinds: "NAME-3" -> script."""
    return {
        f"{name}-{number}": script
        for name in NAMES
        for number, (kind, script) in enumerate(blocks(name), start=1)
        if kind in kinds
    }


def test_every_block_says_what_it_is():
    assert {kind for name in NAMES for kind, _ in blocks(name)} <= KINDS
    assert len(commands("sh run")) >= 20


def test_commands_that_need_a_cluster_are_listed_one_by_one():
    listed = set(re.findall(r"^- `(.+)`$", (RUNBOOKS / "README.md").read_text(), re.MULTILINE))
    used = {line for script in commands("sh cluster").values() for line in script.splitlines() if line}

    assert listed == used


@pytest.mark.parametrize("command", sorted(commands("sh cluster").values()))
def test_what_a_cluster_command_names_exists(command):
    for path in re.findall(r"(?:deploy|docs)/[\w./-]+", command):
        assert (ROOT / path).exists() or path == "deploy/compose/production.env"


def test_every_failure_has_its_section_and_every_section_its_failure():
    text = (RUNBOOKS / "TROUBLESHOOTING.md").read_text()

    assert set(re.findall(r"^`python -m deploy\.failures ([a-z-]+)`$", text, re.MULTILINE)) == FAILURES.keys()
    assert len(FAILURES) >= 10
    assert text.count("**Symptom.**") == text.count("**Query.**") == text.count("**Fix.**") == len(FAILURES)


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    """The api group on one machine, and what a shell beside it has."""
    folder = tmp_path_factory.mktemp("data")
    settings = {**embedded_environ(), "DJANGO_SETTINGS_MODULE": "settings.dev", "MG_DATA_DIR": str(folder)}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=settings, check=True)
    served = Served(folder, "--group", "api")
    path = f"{Path(sys.executable).parent}:{served.environ['PATH']}"
    try:
        served.wait_until_ready("api")
        yield {**served.environ, "API": served.url(""), "PATH": path, "MG_LOG_LEVEL": "error"}
    finally:
        served.stop()


@pytest.mark.slow
@pytest.mark.parametrize("block", sorted(commands("sh run")))
def test_a_command_runs(environ, block):
    assert shutil.which("jq"), "the runbooks use jq"
    run(commands("sh run")[block], environ)


@pytest.mark.slow
@pytest.mark.parametrize("block", sorted(commands("sh run slow")))
def test_a_command_that_takes_minutes_runs(environ, block):
    run(commands("sh run slow")[block], environ)


def run(script, environ):
    """Run a block as somebody does who stops at the first failure."""
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{script}\n{ran.stdout}\n{ran.stderr}"
