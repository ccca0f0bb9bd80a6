"""
`make agents`: call every tool by the protocol's own inspector, over HTTP and stdio, and run its conformance suite.

Both come from npm (`.tools/mcp`). The server is one of our own, with a small catalogue, somebody who has signed in, and
a television that is online.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.tests.browsing import EMAIL, PASSWORD, register
from deploy.tests.served import ROOT, Served, embedded_environ

_TOOLS = ROOT / ".tools" / "mcp" / "node_modules"
_INSPECTOR = _TOOLS / "@modelcontextprotocol" / "inspector" / "clients" / "launcher" / "build" / "index.js"
_SUITE = _TOOLS / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
_CATALOGUE = """
from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from apps.search.services import documents
titles = [TitleFactory.create(title=name, runtime_minutes=90, min_ages={"US": 0}) for name in ("Star One", "Star Two")]
for title in titles:
    CertificateFactory.create(title=title, rating="G", min_age=0)
    OfferFactory.create(title=title, platform_id="netflix", region="US")
documents.index_titles([title.id for title in titles])
print(titles[0].id)
"""
_TV = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True}}
#: Over stdio the inspector waits for a whole Django to start.
_CONNECT_TIMEOUT_MS = "120000"
#: Answers of the suite's checks that count: INFO and SKIPPED say nothing.
_COUNTED = ("SUCCESS", "FAILURE", "WARNING")

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one call: `problem` is empty when the answer was the right one."""

    transport: str
    call: str
    problem: str


class Visit:
    """The inspector on one transport, as one caller; each call is a process of its own."""

    def __init__(self, transport: str, target: list[str], heartbeat: Callable[[], None]) -> None:
        """Name the target as the inspector's command line does."""
        self.results: list[Result] = []
        self._transport, self._target, self._heartbeat = transport, target, heartbeat

    def ask(self, method: str, *options: str, problem_of: Callable[[Answer], str] = lambda _: "") -> Answer:
        """Ask once, and note what became of it."""
        before, after = ([], self._target) if self._transport == "stdio" else (self._target, [])
        command = [_node(), str(_INSPECTOR), "--cli", *before, "--method", method, *options]
        command += ["--connect-timeout", _CONNECT_TIMEOUT_MS, "--format", "json", "-q", *after]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=180)
        answer: Answer = json.loads(ran.stdout)["result"] if ran.returncode == 0 else {}
        problem = problem_of(answer) if ran.returncode == 0 else f"exit {ran.returncode}: {ran.stderr[-300:]}"
        self.results.append(Result(self._transport, " ".join((method, *options[:2])), problem))
        return answer

    def call(self, tool: str, **arguments: Any) -> Answer:
        """Call a tool that must not refuse."""
        self._heartbeat()
        words = ("--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        answer = self.ask("tools/call", *words, problem_of=_refusal)
        given: Answer = answer.get("structuredContent", {})
        return given


def visit_all(visit: Visit, title: str, tv: str) -> set[str]:
    """List what there is and call every tool, and take back what can be; say which tools were called."""
    arguments: Mapping[str, Mapping[str, Any]] = {
        "search_titles": {"query": "star one"},
        "get_title": {"title_id": title},
        "list_genres": {},
        "list_platforms": {},
        "check_availability": {"title_id": title, "region": "US"},
        "list_devices": {},
        "initiate_playback": {"title_id": title, "device_id": tv},
        "control_playback": {"device_id": tv, "action": "pause"},
        "get_recommendations": {"limit": 5},
        "tonight": {"minutes": 120},
        "get_continue_watching": {},
        "dismiss_title": {"title_id": title, "days": 1},
        "get_watchlist": {},
        "manage_watchlist": {"action": "add", "title_id": title},
        "rate_title": {"title_id": title, "score": 8},
        "get_preferences": {},
        "update_preferences": {"values": {"subtitles_enabled": True}},
    }
    listed = visit.ask("tools/list", "--strict")
    for method in ("resources/list", "resources/templates/list", "prompts/list"):
        visit.ask(method)
    visit.ask("resources/read", "--uri", f"mediagateway://titles/{title}")
    visit.ask("prompts/get", "--prompt-name", "find_similar", "--prompt-args", "title=Alien")
    called = set()
    for tool, given in arguments.items():
        answer = visit.call(tool, **given)
        called.add(tool)
        if token := answer.get("undo_token"):
            visit.call("undo", undo_token=token)
            called.add("undo")
    # The others are the suite's own (`apps/mcp/tests/conformance.py`).
    ours = (tool["name"] for tool in listed.get("tools", ()) if not tool["description"].endswith("for the suite."))
    return set(ours) - called


def run_suite(url: str) -> tuple[int, dict[str, str]]:
    """Run the conformance suite; give its exit code and, of each scenario, the worst that its checks say."""
    with tempfile.TemporaryDirectory() as folder:
        command = [_node(), str(_SUITE), "server", "--url", url, "--suite", "all", "--output-dir", folder]
        command += ["--expected-failures", str(ROOT / "deploy" / "conformance.yaml")]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
        scenarios = {}
        for file in sorted(Path(folder).glob("*/checks.json")):
            said = {check["status"] for check in json.loads(file.read_text())}
            name = file.parent.name.removeprefix("server-").rsplit("-", 6)[0]
            scenarios[name] = max(said & set(_COUNTED), key=("SUCCESS", "WARNING", "FAILURE").index)
    return ran.returncode, scenarios


@contextmanager
def _server(folder: Path) -> Iterator[Served]:
    """Serve the api group on an embedded database of its own."""
    settings = {"DJANGO_SETTINGS_MODULE": "deploy.tests.conformance_settings", "MG_DATA_DIR": str(folder)}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**embedded_environ(), **settings}, check=True)
    served = Served(folder, "--group", "api", **settings)
    try:
        served.wait_until_ready("api")
        yield served
    finally:
        served.stop()


def visit_as_somebody(served: Served) -> tuple[list[Visit], set[str]]:
    """Sign somebody in, bring their television online, and visit: over HTTP by both eras of the protocol, and stdio."""
    title = served.manage("shell", "--verbosity", "0", "-c", _CATALOGUE).stdout.split()[-1]
    register(served)  # type: ignore[no-untyped-call] # tests have no types
    signed_in = httpx.post(served.url("/api/v1/auth/login"), json={"email": EMAIL, "password": PASSWORD}, timeout=30)
    token = signed_in.json()["access_token"]
    bearer = f"Bearer {token}"
    with httpx.Client(base_url=served.url("/api/v1/"), headers={"Authorization": bearer}, timeout=30) as api:
        tv = api.post("sync/devices", json=_TV).json()["id"]

        def heartbeat() -> None:
            api.post(f"sync/devices/{tv}/heartbeat", json={}).raise_for_status()

        over_http = ["--server-url", served.url("/mcp"), "--transport", "http", "--header", f"Authorization: {bearer}"]
        visits = [
            Visit("http", [*over_http, "--protocol-era", "legacy"], heartbeat),
            Visit("http, modern", [*over_http, "--protocol-era", "modern"], heartbeat),
            Visit("stdio", _stdio_target({**served.environ, "MG_TOKEN": token}), heartbeat),
        ]
        uncalled = set().union(*(visit_all(visit, title, tv) for visit in visits))
    return visits, uncalled


def main() -> int:
    """Do both and write what became of it; 1 when anything is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, default=ROOT / "deploy" / "results" / "agents.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as served:
        visits, uncalled = visit_as_somebody(served)
        # The suite's check of Host and Origin wants a server on localhost.
        code, scenarios = run_suite(served.url("/mcp").replace("127.0.0.1", "localhost"))
    results = [result for visit in visits for result in visit.results]
    wrong = [result for result in results if result.problem]
    document = {
        "inspector": [asdict(result) for result in results],
        "tools_not_called": sorted(uncalled),
        "conformance": scenarios,
    }
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps(document, indent=1) + "\n")
    counted = ", ".join(f"{count} {status}" for status, count in sorted(Counter(scenarios.values()).items()))
    print(f"inspector: {len(results)} calls, {len(wrong)} wrong; conformance: {counted}; exit code {code}")  # noqa: T201 -- a command's output
    for result in wrong:
        print(result, file=sys.stderr)  # noqa: T201 -- a command's output
    return int(bool(wrong or uncalled or code))


def _stdio_target(environ: Mapping[str, str]) -> list[str]:
    """Name the server's command, with the environment that the inspector would not pass on by itself."""
    ours = {name: value for name, value in environ.items() if name.startswith(("MG_", "DJANGO_"))}
    words = [word for name, value in ours.items() for word in ("-e", f"{name}={value}")]
    return [*words, sys.executable, "manage.py", "mcp_stdio"]


def _node() -> str:
    """Find a Node.js: the one that npm has brought beside the tools, which need a newer one than systems often have."""
    brought = sorted(_TOOLS.glob("node-*/bin/node"))
    return str(brought[0]) if brought else "node"


def _refusal(answer: Answer) -> str:
    """Say what a tool refused; nothing when it answered."""
    return json.dumps(answer.get("structuredContent")) if answer.get("isError") else ""


if __name__ == "__main__":
    sys.exit(main())
