"""
k6's scenarios against real groups: `python -m perf.scenarios baseline stress spike soak`, or `make perf`.

Each group is a gunicorn of its own on a real PostgreSQL and a real Redis, as in production; k6 asks the groups by the
open model. Whoever has machines for it sets BASE_URL and SCALE=1; on one machine everything is scaled down, and the
results say by how much.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from mediagateway.testing.servers import postgres, valkey
from perf.environment import ROOT, set_environment
from perf.figures import percentile
from perf.groups import PARTS, Meter, running_groups
from perf.load import LoadError
from perf.machine import describe_commit, describe_machine
from settings.groups import GROUPS

RESULTS = ROOT / "perf" / "results"
_PEOPLE = ROOT / "perf" / "people.json"
#: What k6 answers when it ran and a threshold did not hold.
_THRESHOLD_MISSED = 99
_OFFSET = 11000
#: Part of the mix -> an operation without which it has nothing to ask.
NEEDS = {
    "search": "/api/v1/search",
    "recommendations": "/api/v1/sona/recommendations",
    "playback": "/api/v1/playback/sessions",
    "auth": "/api/v1/auth/refresh",
    "sync": "/api/v1/sync/delta",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a scenario is run on one machine: its scale and its length."""

    scale: float
    duration: str


#: For two cores that the load generator shares.
PLANS = {
    "baseline": Plan(0.03, "3m"),
    "stress": Plan(0.06, "4m"),
    "spike": Plan(0.01, "2m30s"),
    "soak": Plan(0.03, "10m"),
}


def main() -> int:
    """Run the scenarios one after the other; 1 when one did not run, 0 also when thresholds were missed."""
    options = _read_options()
    set_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.prod"
    try:
        with ExitStack() as stack:
            stores = _start_stores(stack)
            if not options.as_is:
                subprocess.run([sys.executable, "-m", "perf.catalogue"], cwd=ROOT, check=True)
            data_dir = Path(os.environ["MG_DATA_DIR"]).resolve()
            groups = sorted({PARTS[part] for part in options.parts})
            pids = stack.enter_context(running_groups(groups, offset=_OFFSET, data_dir=data_dir)) | stores
            parts = _served_parts(options.parts)
            for name in options.scenarios:
                # Tokens live for fifteen minutes; each scenario starts with fresh ones.
                people = [sys.executable, "-m", "perf.people", "--count", str(options.people), "--output", str(_PEOPLE)]
                subprocess.run(people, cwd=ROOT, check=True)
                plan = Plan(options.scale or PLANS[name].scale, options.duration or PLANS[name].duration)
                _write(name, _run(name, plan, parts, pids))
    except (LoadError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _start_stores(stack: ExitStack) -> dict[str, int]:
    """Bring PostgreSQL and Redis up, unless the environment names others; tell their first processes."""
    pids = {}
    if not os.environ.get("PERF_DATABASE_URL"):
        database = stack.enter_context(postgres(is_durable=True))
        os.environ["DATABASE_URL"] = database.url
        pids["postgres"] = database.pid
    else:
        os.environ["DATABASE_URL"] = os.environ["PERF_DATABASE_URL"]
        if pid := os.environ.get("PERF_DATABASE_PID"):  # Of its postmaster, where it runs on this machine.
            pids["postgres"] = int(pid)
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = stack.enter_context(valkey())
    return pids


def _served_parts(parts: Sequence[str]) -> list[str]:
    """Ask the groups which parts of the mix they serve: this is the product as it is, not as it will be."""
    served = []
    for part, group in ((part, PARTS[part]) for part in parts):
        address = f"http://127.0.0.1:{GROUPS[group].port + _OFFSET}/api-docs/openapi.json"
        with urlopen(address, timeout=60) as answer:
            if NEEDS[part] in json.load(answer)["paths"]:
                served.append(part)
    return served


def _run(name: str, plan: Plan, parts: Sequence[str], pids: dict[str, int]) -> dict[str, Any]:
    """Run one scenario, and gather what k6, the meter and the raw samples say."""
    print(f"\n{name}: scale {plan.scale:g}, {plan.duration}, {', '.join(parts)}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        summary, samples = Path(scratch, "summary.json"), Path(scratch, "samples.csv")
        environ = {
            **os.environ,
            "SCALE": str(plan.scale),
            "DURATION": plan.duration,
            "PARTS": ",".join(parts),
            "PEOPLE": str(_PEOPLE),
            "SUMMARY": str(summary),
            "GROUP_URLS": json.dumps(
                {part: f"http://127.0.0.1:{GROUPS[group].port + _OFFSET}" for part, group in PARTS.items()}
            ),
        }
        k6 = str(Path(sys.executable).with_name("k6"))
        machine, commit, started = describe_machine(), describe_commit(), datetime.now(UTC)
        command = [k6, "run", "--quiet", "--no-usage-report", "--out", f"csv={samples}", f"perf/k6/{name}.js"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ)
        with Meter({**pids, "k6": process.pid}) as meter:
            code = process.wait()
        if code not in {0, _THRESHOLD_MISSED}:
            raise LoadError(f"k6 ended with {code}.")
        return {
            "scenario": name,
            "started_at": started.isoformat(timespec="seconds"),
            "commit": commit,
            "machine": machine,
            "scale": plan.scale,
            "duration": plan.duration,
            "parts": list(parts),
            "thresholds_met": code == 0,
            "metrics": json.loads(summary.read_text())["metrics"],
            "usage": {group: asdict(usage) for group, usage in meter.usage.items()},
            "series": read_series(samples),
        }


def read_series(samples: Path, *, bin_s: int = 5) -> list[dict[str, Any]]:
    """
    Sum k6's raw samples up, a line for each part and each few seconds.

    Returns:
        `{"at_s", "part", "requests", "p50_ms", "p95_ms"}`, by time.
    """
    bins: dict[tuple[int, str], list[float]] = defaultdict(list)
    first = None
    with samples.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["metric_name"] != "http_req_duration":
                continue
            at = int(row["timestamp"])
            first = at if first is None else min(first, at)
            part = next(word.partition("=")[2] for word in row["extra_tags"].split("&") if word.startswith("part="))
            bins[at // bin_s, part].append(float(row["metric_value"]))
    start = (first or 0) // bin_s
    return [
        {
            "at_s": (at - start) * bin_s,
            "part": part,
            "requests": len(took),
            "p50_ms": round(percentile(took, 0.5), 2),
            "p95_ms": round(percentile(took, 0.95), 2),
        }
        for (at, part), took in sorted(bins.items())
    ]


def _write(name: str, result: dict[str, Any]) -> None:
    file = RESULTS / f"{name}-{datetime.now(UTC):%Y%m%d}.json"
    file.write_text(json.dumps(result, indent=1) + "\n")
    print(f"Written to {file.relative_to(ROOT)}")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="+", choices=sorted(PLANS))
    parser.add_argument("--scale", type=float, default=float(os.environ.get("SCALE", "0")))
    parser.add_argument("--duration", default=os.environ.get("DURATION", ""))
    parser.add_argument("--parts", nargs="+", choices=sorted(PARTS), default=list(PARTS), help="of the mix")
    parser.add_argument("--people", type=int, default=1300, help="at least users times scale")
    parser.add_argument("--as-is", action="store_true", help="take the catalogue of PERF_DATABASE_URL as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
