"""
`make rolling`: restart two replicas of every group behind nginx, one after the other, while k6 asks; nobody may notice.

nginx is set up by the same function that writes the one-box production's configuration, k6 runs the baseline's mix.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.clusters import free_port, wait_for
from deploy.manifests import nginx
from deploy.population import ENVIRON, populate
from deploy.tests.served import ROOT, Served, free_offset
from mediagateway.testing.servers import postgres, valkey
from settings.groups import GROUPS

_START_S = 180
_MAIN = """\
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/groups.conf;
}}
"""


@dataclass(slots=True)
class Replica:
    """One gunicorn of one group, with a data folder of its own."""

    group: str
    port: int
    environ: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, without waiting."""
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)

    def is_ready(self) -> bool:
        """Whether it wants requests."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """Drain it and wait until it is gone."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(90)


def main() -> int:
    """Restart everything under load; 1 when a request failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--scale", default="0.01")
    options = parser.parse_args()
    with ExitStack() as stack:
        figures = roll(stack, options.scale)
    text = json.dumps(figures, indent=1)
    print(text)  # noqa: T201 -- a command's output
    if options.json:
        options.json.parent.mkdir(exist_ok=True)
        options.json.write_text(text + "\n")
    return 0 if figures["failed"] == 0 and figures["requests"] else 1


def roll(stack: ExitStack, scale: str) -> dict[str, Any]:
    """Bring two replicas of each group up behind nginx, restart each under load, and count what failed."""
    folder = Path(tempfile.mkdtemp(prefix="mediagateway-rolling-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    environ = {
        **ENVIRON,
        "DATABASE_URL": stack.enter_context(postgres()).url,
        "REDIS_URL": stack.enter_context(valkey()),
        "MG_WORKERS": "1",
        "MG_DRAIN_S": "2",
    }
    people = _populate(folder, environ)
    replicas = [replica for name in ("a", "b") for replica in _replicas(folder / name, environ)]
    for replica in replicas:
        stack.callback(replica.stop)
        replica.start()
        wait_for(replica.is_ready, _START_S)
    address = _front(stack, folder, replicas)
    parts = _served_parts(address)
    summary = folder / "summary.json"
    k6 = _start_k6(address, people, parts, scale, summary)
    try:
        time.sleep(5)
        for replica in replicas:
            replica.stop()
            replica.start()
            wait_for(replica.is_ready, _START_S)
        time.sleep(5)
    finally:
        k6.send_signal(signal.SIGINT)
        k6.wait(60)
    metrics = json.loads(summary.read_text())["metrics"]
    return {
        "restarts": len(replicas),
        "parts": parts,
        "requests": metrics["http_reqs"]["values"]["count"],
        "failed": metrics["unexpected"]["values"]["passes"],
        "limited": metrics["rate_limited"]["values"]["passes"],
        "seconds": round(metrics["iteration_duration"]["values"]["max"] / 1000, 1),
    }


def _populate(folder: Path, environ: dict[str, str]) -> Path:
    """Migrate and fill the database; a server that starts nothing lends its commands."""
    home = folder / "home"
    home.mkdir()
    served = Served(home, "--group", "mcp", **environ, MG_WORKER="0")
    try:
        served.manage("migrate", "--verbosity", "0")
        # More than k6 has users: two that were one person would use up each other's refresh tokens.
        people, _ = populate(served, folder, titles=80, people=150)
        served.manage("shell", "-c", "from mediagateway import events\nwhile events.deliver_pending(): pass")
    finally:
        served.stop()
    return people


def _replicas(folder: Path, environ: dict[str, str]) -> list[Replica]:
    """Describe one replica of each group; their ports lie together, their data apart from the other replicas'."""
    folder.mkdir()
    offset = free_offset()
    own = {**os.environ, **environ, "MG_DATA_DIR": str(folder), "MG_PORT_OFFSET": str(offset)}
    own.pop("PORT", None)
    return [
        Replica(group.name, group.port + offset, {**own, "MG_GROUP": group.name}, folder / f"{group.name}.log")
        for group in GROUPS.values()
    ]


def _front(stack: ExitStack, folder: Path, replicas: list[Replica]) -> str:
    """Run nginx over the replicas; its address."""
    port = free_port()
    servers = {name: [f"127.0.0.1:{each.port}" for each in replicas if each.group == name] for name in GROUPS}
    (folder / "groups.conf").write_text(nginx.render(servers, listen=f"127.0.0.1:{port}"))
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        raise FileNotFoundError("nginx is not installed: make deploy-packages")
    process = subprocess.Popen([binary, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    address = f"http://127.0.0.1:{port}"
    wait_for(lambda: _answers(f"{address}/health"), 30)
    return address


def _served_parts(address: str) -> list[str]:
    """Find the parts of the mix that have anything to ask."""
    from perf.scenarios import NEEDS

    paths = httpx.get(f"{address}/api-docs/openapi.json", timeout=60).json()["paths"]
    return [part for part, path in NEEDS.items() if path in paths]


def _start_k6(address: str, people: Path, parts: list[str], scale: str, summary: Path) -> "subprocess.Popen[bytes]":
    environ = {
        **os.environ,
        "BASE_URL": address,
        "PEOPLE": str(people),
        "PARTS": ",".join(parts),
        "SCALE": scale,
        "THINK_S": "2",
        "DURATION": "30m",
        "SUMMARY": str(summary),
    }
    k6 = str(Path(sys.executable).with_name("k6"))
    command = [k6, "run", "--quiet", "--no-usage-report", "--no-thresholds", "perf/k6/baseline.js"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
