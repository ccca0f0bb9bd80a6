"""Load on one address by wrk, one closed loop of connections, and what came of it."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("load.lua")
MISSING_WRK = """\
wrk is not installed, and nothing is measured without it:
  Debian, Ubuntu   apt-get install wrk
  macOS            brew install wrk
  elsewhere        https://github.com/wg/wrk
Then run this command again."""


class LoadError(Exception):
    """The load did not run, or what was answered is no basis for a figure."""


@dataclass(frozen=True, slots=True)
class Sample:
    """
    One stretch of load on one target.

    Attributes:
        requests: How many were answered.
        requests_per_s: Answers of status below 400; a stretch with any other is no sample.
        p50_ms: Median latency as the client saw it, queueing included; likewise `p90_ms` and `p99_ms`.
        bytes_per_request: Head and body.
        server_cpu_us: CPU time of all server processes for one request; None where the system does not tell.
    """

    requests: int
    requests_per_s: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    bytes_per_request: float
    server_cpu_us: float | None = None


def find_wrk() -> str:
    """
    Find the load generator.

    Raises:
        LoadError: Not installed; the message says how to get it.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise LoadError(MISSING_WRK)
    return wrk


def run_load(wrk: str, url: str, paths: Path, *, start: int, connections: int, seconds: int) -> Sample:
    """
    Send the paths of a file in turn, over and over.

    One thread of wrk: it is many times faster than the server, and the server needs the other cores.

    Args:
        wrk: The program.
        url: Scheme, host and port.
        paths: A file with one path and query on each line.
        start: How many paths to pass over first; counting goes round.
        connections: Requests in flight at any time.
        seconds: How long.

    Returns:
        The sample without its CPU time.

    Raises:
        LoadError: wrk failed, or anything but success was answered.
    """
    command = [
        *(wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "10s"),
        *("--script", str(_SCRIPT), url, "--", str(paths), str(start)),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise LoadError(f"wrk ended with {ran.returncode}: {ran.stderr.strip() or ran.stdout.strip()}")
    return parse_output(ran.stdout)


def parse_output(output: str) -> Sample:
    """
    Read the line of JSON that `load.lua` writes after wrk's own words.

    Raises:
        LoadError: There is no such line, nothing was answered, or errors were.
    """
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise LoadError(f"wrk said nothing that load.lua writes: {output.strip()[-500:]!r}")
    raw = json.loads(lines[-1])
    if raw["bad_statuses"] or raw["failed_connections"] or not raw["requests"]:
        raise LoadError(
            f"{raw['requests']} requests, {raw['bad_statuses']} answered with an error status, "
            f"{raw['failed_connections']} with none"
        )
    return Sample(
        requests=raw["requests"],
        requests_per_s=raw["requests"] / (raw["duration_us"] / 1e6),
        p50_ms=raw["p50_us"] / 1e3,
        p90_ms=raw["p90_us"] / 1e3,
        p99_ms=raw["p99_us"] / 1e3,
        bytes_per_request=raw["bytes"] / raw["requests"],
    )


def write_paths(file: Path, paths: Sequence[str]) -> Path:
    """Write the file that `load.lua` reads."""
    file.write_text("\n".join(paths) + "\n")
    return file
