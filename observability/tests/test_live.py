"""A real Prometheus over all groups and the worker under load: every rule has a value and every panel has data."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from apps.ingestion.tests.factories import justwatch_row, write_feed
from apps.mcp.tests.agents import LEGACY
from deploy.tests.served import Served
from observability.tests.programs import free_port, program
from observability.tests.test_dashboards import BOARDS, queries
from observability.tests.test_rules import RULES, load_rules
from settings.groups import GROUPS

ROOT = Path(__file__).parents[1]
#: Seconds of load, and until what was scraped last is evaluated; rules are evaluated every two seconds here.
_LOAD_S, _SETTLE_S = 45.0, 90.0

#: What an agent asks first; JSON-RPC is no operation of the OpenAPI document.
AGENT = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}

pytestmark = [pytest.mark.once, pytest.mark.slow]


class Prometheus:
    """A Prometheus with the repository's configuration, on other ports and in more of a hurry."""

    def __init__(self, folder: Path, served: Served) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        rules = folder / "rules"
        rules.mkdir()
        for path in RULES:
            (rules / path.name).write_text(path.read_text().replace("interval: 30s", "interval: 2s"))
        config = (ROOT / "prometheus" / "local.yml").read_text()
        config = config.replace("15s", "2s").replace("30s", "2s")
        config = re.sub(r"localhost:(80\d\d)", lambda port: f"127.0.0.1:{int(port[1]) + served.offset}", config)
        (folder / "prometheus.yml").write_text(config)
        self.log = folder / "prometheus.log"
        command = [
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Run a query now."""
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": query}, timeout=30).json()
        assert answer["status"] == "success", answer
        return list(answer["data"]["result"])

    def rules(self) -> list[dict[str, str]]:
        """List the rules as Prometheus evaluates them."""
        groups = httpx.get(f"{self.url}/api/v1/rules", timeout=30).json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]


@contextmanager
def prometheus(folder: Path, served: Served) -> Iterator[Prometheus]:
    """Run one until the end of the block."""
    running = Prometheus(folder, served)
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)


def operations(served: Served) -> list[tuple[str, str]]:
    """List every operation of the API as method and path, its parameters filled with what does not exist."""
    document = httpx.get(served.url("/api-docs/openapi.json"), timeout=60).json()
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", str(uuid4()), path))
        for path, methods in document["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def load(served: Served, until: float) -> None:
    """Ask every operation of every group, search, and sign in, again and again."""
    with httpx.Client(timeout=60) as client:
        calls = operations(served)
        person = {"email": f"{uuid4().hex}@example.com", "password": "nanoseconds of wire", "display_name": "Grace"}
        client.post(served.url("/api/v1/auth/register", "auth"), json=person)
        while time.monotonic() < until:
            for group in ("api", "discovery"):
                for query in ("harbour lights", "zzyzx"):
                    client.get(served.url("/api/v1/search", group), params={"q": f"{query} {uuid4().hex[:4]}"})
            for group in GROUPS:
                client.get(served.url("/ready", group))
                client.get(served.url("/api/v1/nothing", group))
            client.post(served.url("/api/v1/auth/login", "auth"), json=person)
            client.post(served.url("/mcp", "mcp"), json=AGENT, headers=LEGACY)
            for method, path in calls:
                if not path.startswith(("/swagger", "/api-docs", "/metrics")):
                    client.request(method, served.url(path), json={} if method != "GET" else None)


def missing_panels(running: Prometheus) -> list[str]:
    """Name the panels whose query gives nothing."""
    return [
        f"{board.stem}: {title}: {expr}" for board in BOARDS for title, expr in queries(board) if not running.ask(expr)
    ]


def missing_rules(running: Prometheus) -> list[str]:
    """Name the recording rules that have no value, or could not be evaluated."""
    found = []
    for rule in load_rules():
        if "record" not in rule:
            continue
        labels = ",".join(f'{name}="{value}"' for name, value in rule.get("labels", {}).items())
        query = f"{rule['record']}{{{labels}}}"
        if not running.ask(query):
            found.append(query)
    return found + [rule["name"] for rule in running.rules() if rule["health"] == "err"]


def test_every_rule_has_a_value_and_every_panel_has_data(serve, tmp_path):
    feed = write_feed(tmp_path / "netflix.csv", [justwatch_row()])
    with serve("--all") as served:
        for group in GROUPS:  # Each has its own minute: nine start at once.
            served.wait_until_ready(group)
        served.manage(
            "ingest", "justwatch-csv", "--platform", "netflix", "--region", "US", "--as-of", "2026-01-01", str(feed)
        )
        with prometheus(tmp_path, served) as running:
            load(served, time.monotonic() + _LOAD_S)
            deadline = time.monotonic() + _SETTLE_S
            while (missing := missing_rules(running) + missing_panels(running)) and time.monotonic() < deadline:
                time.sleep(2)
            down = running.ask('up{job="mediagateway"} == 0')
            availability = running.ask("sli:availability:ratio_rate5m")

    assert missing == []
    assert down == []
    assert float(availability[0]["value"][1]) > 0.9
