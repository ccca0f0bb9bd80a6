"""Rules are what the objectives say, Prometheus accepts them, and every alert fires when it should and only then."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from observability.generate import render
from observability.objectives import read_objectives
from observability.tests.cases import CASES, Case
from observability.tests.programs import program

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "observability" / "prometheus" / "rules").glob("*.yml"))

#: Histories longer than this are evaluated every ten minutes.
LONG_MINUTES = 200

pytestmark = pytest.mark.once


def groups_of(path: Path) -> list[dict[str, Any]]:
    """Read the groups of a rule file."""
    groups: list[dict[str, Any]] = yaml.safe_load(path.read_text())["groups"]
    return groups


def load_rules() -> list[dict[str, Any]]:
    """Read every rule of every file."""
    return [rule for path in RULES for group in groups_of(path) for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in load_rules() if "alert" in rule}


def promtool_test(name: str, case: Case) -> dict[str, Any]:
    """Write a case as promtool reads it."""
    rule = ALERTS[name]

    def expect(alert: str, minute: int, fires: tuple[tuple[dict[str, str], str], ...]) -> dict[str, Any]:
        expected = [
            {
                "exp_labels": {**labels, **rule["labels"]},
                "exp_annotations": {"summary": summary, "runbook": rule["annotations"]["runbook"]},
            }
            for labels, summary in fires
        ]
        return {"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": expected}

    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "alert_rule_test": [
            expect(name, case.silent_at, ()),
            expect(name, case.fires_at, case.fires),
            *(expect(other, case.fires_at, ()) for other in case.silent_too),
        ],
    }


@pytest.mark.parametrize("path", render(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_generated_file_is_up_to_date(path):
    assert path.read_text() == render()[path], "run python -m observability.generate"


def test_prometheus_accepts_the_rules():
    promtool = program("promtool")

    result = subprocess.run([promtool, "check", "rules", *RULES], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr


def test_every_alert_has_its_case():
    assert set(CASES) == set(ALERTS)


def needs_recordings(name: str) -> bool:
    """Whether an alert reads what the other file records; the others are tested without it, which takes a fifth."""
    return bool(re.search("sl[io]:", ALERTS[name]["expr"]))


@pytest.mark.parametrize(
    ("recorded", "lasts_days", "step"),
    [(False, False, "1m"), (True, False, "1m"), (True, True, "10m")],
    ids=["raw", "recorded", "over days"],
)
def test_every_alert_fires_when_it_should_and_only_then(tmp_path, recorded, lasts_days, step):
    promtool = program("promtool")
    names = [
        name
        for name, case in CASES.items()
        if needs_recordings(name) is recorded and (case.fires_at > LONG_MINUTES) is lasts_days
    ]
    files = RULES if recorded else [path for path in RULES if path.name == "alerts.yml"]
    file = tmp_path / "alerts.yml"
    file.write_text(
        yaml.safe_dump(
            {
                "rule_files": [str(path) for path in files],
                "evaluation_interval": step,
                # Else promtool takes them in any order, and an alert may see what was recorded a step before.
                "group_eval_order": [group["name"] for path in reversed(files) for group in groups_of(path)],
                "tests": [promtool_test(name, CASES[name]) for name in names],
            },
            sort_keys=False,
        )
    )

    result = subprocess.run([promtool, "test", "rules", file], capture_output=True, text=True, check=False)

    assert names
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_view_of_the_api_has_one_latency_objective():
    """Pages for browsers, the probes, and the path of the WebSocket, which no view serves, have none."""
    latencies = read_objectives().latencies
    without = {"platform", "admin", "sync-live"}

    found = {}
    for name in _view_names(get_resolver("mediagateway.urls.api").url_patterns):
        found[name] = [
            each.name
            for each in latencies
            if re.fullmatch(each.views, name) and not (each.but_not and re.fullmatch(each.but_not, name))
        ]

    assert len(found) > 50
    assert {name: classes for name, classes in found.items() if len(classes) != 1} == {
        name: [] for name in found if name.partition(":")[0] in without
    }


def _view_names(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """Name the views as the metrics do."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _view_names(pattern.url_patterns, namespace + inner)
        elif pattern.name:
            yield namespace + pattern.name


def test_every_alert_leads_to_a_section_that_exists():
    for name, rule in ALERTS.items():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        titles = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
        assert anchor in anchors, name


def test_the_client_s_names_are_kept():
    recorded = {rule["record"] for rule in load_rules() if "record" in rule}

    assert recorded >= {
        "sli:availability:ratio_rate5m",
        "sli:availability:by_service:ratio_rate5m",
        "sli:api_latency:p50_5m",
        "sli:api_latency:p95_5m",
        "sli:api_latency:p99_5m",
        "sli:latency:by_service:p95_5m",
        "slo:availability:target",
        "slo:error_budget:remaining",
        "slo:error_budget:burn_rate_1h",
        "slo:availability:compliance_30d",
        "sli:throughput:requests_per_second",
        "sli:throughput:by_service:requests_per_second",
        "sli:error:rate_5m",
    }
