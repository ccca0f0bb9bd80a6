"""What figures were taken on and of: without it they mean nothing a month later."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from perf.environment import ROOT

_CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, object]:
    """Name the processor, the system and what runs on them; nothing that tells whose machine it is."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": version("django"),
        "gunicorn": version("gunicorn"),
        # Of the minute before the run: how much others had to do.
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def describe_commit() -> str:
    """Name the commit, with a plus when the tree differs from it; "unknown" outside a checkout."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        return f"{commit}+" if _git("status", "--porcelain", "--untracked-files=no") else commit
    except (FileNotFoundError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    """Read the model's name where Linux tells it."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"
