"""Who hears of which alert."""

import subprocess
from pathlib import Path

import pytest

from observability.tests.programs import program
from observability.tests.test_rules import ALERTS

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "alertmanager" / "alertmanager.yml"

pytestmark = pytest.mark.once

_TICKETS = {"ErrorBudgetBurnSlow", "ErrorBudgetLow", "FreshnessBudgetLow", "CatalogueStale"}


def amtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Alertmanager's own checker."""
    return subprocess.run([program("amtool"), *arguments], capture_output=True, text=True, check=False)


def test_alertmanager_accepts_the_configuration():
    result = amtool("check-config", str(CONFIG))

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_reaches_its_people(name):
    severity = ALERTS[name]["labels"]["severity"]
    expected = "on-call" if severity == "critical" else "tickets" if name in _TICKETS else "team"
    labels = (f"alertname={name}", f"severity={severity}", "service=api")

    result = amtool("config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={expected}", *labels)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["prometheus.yml", "local.yml"])
def test_prometheus_accepts_its_configuration(name):
    command = [program("promtool"), "check", "config", str(ROOT / "prometheus" / name)]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
