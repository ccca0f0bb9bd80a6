"""Every query of a dashboard is PromQL over metrics that the code exports, with labels that they have."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import promql_parser
import pytest
import yaml
from django.urls import get_resolver
from prometheus_client import REGISTRY

from mediagateway.telemetry.exposition import ProcessCollector
from mediagateway.telemetry.facts import list_facts
from observability.tests.test_rules import load_rules
from settings.groups import GROUPS

ROOT = Path(__file__).parents[1]
BOARDS = sorted((ROOT / "grafana" / "dashboards").glob("*.json"))
#: What Prometheus adds to every series, and what a histogram's buckets have.
_ADDED = {"service", "job", "instance", "le"}
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}

pytestmark = pytest.mark.once


def queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield title and PromQL of every panel that asks Prometheus."""
    for panel in json.loads(path.read_text())["panels"]:
        if panel.get("datasource", {}).get("type") == "prometheus":
            for target in panel["targets"]:
                yield panel["title"], target["expr"]


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Name every series that our processes export or our rules record, with its labels."""
    assert get_resolver("mediagateway.urls.api").url_patterns  # Imports every view, and what they count.
    for module in ("mediagateway.http.ratelimit", "mediagateway.management.commands.worker"):
        import_module(module)
    series: dict[str, set[str]] = {"up": set()}
    for collector in set(REGISTRY._names_to_collectors.values()):
        labels = set(getattr(collector, "_labelnames", ()))
        for family in getattr(collector, "describe", collector.collect)():
            for suffix in _SUFFIXES.get(family.type, ()):
                series[family.name + suffix] = labels
    series |= {fact.name: set(fact.labels) for fact in list_facts()}
    for family in ProcessCollector().collect():
        series[family.name + ("_total" if family.type == "counter" else "")] = {"pid"}
    recorded = {rule["record"]: {"class", "source", "platform"} for rule in load_rules() if "record" in rule}
    return series | recorded


def selectors(expr: str) -> Iterator[promql_parser.VectorSelector]:
    """Yield what an expression selects."""
    found = []
    promql_parser.walk(
        promql_parser.parse(expr),
        lambda node: found.append(node) if isinstance(node, promql_parser.VectorSelector) else None,
    )
    yield from found


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_every_panel_asks_for_what_there_is(path, exported):
    for title, expr in queries(path):
        for selector in selectors(expr):
            assert selector.name in exported, f"{title}: {selector.name}"
            named = {matcher.name for matcher in selector.matchers.matchers}
            assert named <= exported[selector.name] | _ADDED, f"{title}: {expr}"


def test_rules_read_only_what_there_is(exported):
    for rule in load_rules():
        for selector in selectors(rule["expr"]):
            assert selector.name in exported, rule
            named = {matcher.name for matcher in selector.matchers.matchers}
            assert named <= exported[selector.name] | _ADDED, rule


def test_there_is_a_dashboard_for_each_service_and_those_that_were_promised():
    names = {path.stem for path in BOARDS}

    assert names == {f"service-{name}" for name in (*GROUPS, "worker")} | {
        "slo-error-budget",
        "logs-explorer",
        "business",
    }


def test_every_panel_reads_a_data_source_that_is_provisioned():
    sources = yaml.safe_load((ROOT / "grafana" / "provisioning" / "datasources" / "datasources.yaml").read_text())
    provisioned = {(source["type"], source["uid"]) for source in sources["datasources"]}

    for path in BOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            if panel["type"] != "row":
                assert (panel["datasource"]["type"], panel["datasource"]["uid"]) in provisioned, panel["title"]
