"""
Search at a constant rate: `python -m perf.search_rate` asks one group of gunicorn with k6, as `k6/search.js` says.

The catalogue, its index and its vectors are those of MG_DATA_DIR (`var/perf` unless it is set; `python -m
perf.catalogue` and `manage.py rebuild_vectors` fill it), or of DATABASE_URL. Redis is REDIS_URL, or one that is brought
up. The searches are those of a CSV file of judged queries, each followed by the years, names and slips that make it one
that nobody asked before.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from mediagateway.testing.servers import valkey
from perf.environment import ROOT, set_environment
from perf.groups import Meter, running_groups
from perf.load import LoadError
from perf.machine import describe_commit, describe_machine
from settings.groups import GROUPS

_JUDGED = ROOT / "perf" / "quality" / "search" / "judged.csv"
_GROUP = "discovery"
#: What people add to a query; with these each judged query is some twenty.
_ADDED = (
    *("", " movie", " series", " film", " 2010s", " 90s", " please", " new", " old", " with subtitles", " in english"),
    *(" tonight", " for kids", " under two hours", " not animated", " from the 80s", " funny", " scary", " classic"),
)


def main() -> int:
    """Start the group, ask, and write what k6 and the meter say; 1 when it did not run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--duration", default="60s")
    parser.add_argument("--queries", type=Path, default=_JUDGED, help="CSV with a column query")
    parser.add_argument("--port-offset", type=int, default=12500)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    set_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.prod"
    with ExitStack() as stack:
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = stack.enter_context(valkey())
        try:
            groups = running_groups([_GROUP], offset=options.port_offset, worker=False, data_dir=_data_dir())
            pids = stack.enter_context(groups)
        except LoadError as error:
            print(error, file=sys.stderr)
            return 1
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "queries.json").write_text(json.dumps(list_queries(options.queries)))
        environ = {
            **os.environ,
            "BASE_URL": f"http://127.0.0.1:{GROUPS[_GROUP].port + options.port_offset}",
            "RATE": str(options.rate),
            "DURATION": options.duration,
            "QUERIES": str(folder / "queries.json"),
            "SUMMARY": str(folder / "summary.json"),
        }
        k6 = str(Path(sys.executable).with_name("k6"))
        machine, commit = describe_machine(), describe_commit()
        command = [k6, "run", "--quiet", "--no-usage-report", "perf/k6/search.js"]
        # Every process reads the index, the vectors and the model before anything is counted.
        subprocess.run(
            [*command[:-1], "--duration", "5s", "--vus", "8", command[-1]], cwd=ROOT, env=environ, check=False
        )
        process = subprocess.Popen(command, cwd=ROOT, env=environ)
        with Meter({**pids, "k6": process.pid}) as meter:
            process.wait()
        figures = {
            "machine": machine,
            "commit": commit,
            "metrics": json.loads((folder / "summary.json").read_text())["metrics"],
            "cpu_s": {name: round(usage.cpu_s, 1) for name, usage in meter.usage.items()},
        }
    print("CPU s:", figures["cpu_s"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def list_queries(path: Path) -> list[str]:
    """Read the queries, and make of each as many as there are things to add, so that few are asked for twice."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        asked = [row["query"].strip() for row in csv.DictReader(file)]
    return [f"{query}{added}" for added in _ADDED for query in asked]


def _data_dir() -> Path:
    return Path(os.environ["MG_DATA_DIR"]).resolve()


if __name__ == "__main__":
    sys.exit(main())
