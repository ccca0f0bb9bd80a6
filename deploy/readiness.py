"""`python -m deploy.readiness RESULTS OUTPUT`: write docs/launch-readiness.md from what deploy/verify.sh measured."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.tests.served import ROOT
from perf.machine import describe_commit

_HEAD = """\
# Launch readiness

Written by `deploy/verify.sh` on {day}, commit {commit}: the checklist, run literally against `manage.py serve --all`.
What was not made is said; nothing here is written by hand.

| | check | measured |
|---|---|---|"""
_PROOFS = (
    ("Rolling restart", "deploy/results/rolling.json", "make rolling"),
    ("Chaos", "docs/chaos.md", "make chaos"),
    ("Baseline report", "perf/BASELINE_REPORT.md", "make perf"),
    ("Bill of materials and audit", "deploy/results/audit.json", "make audit"),
)


def main(results: Path, output: Path) -> None:
    """Write the page."""
    checks = [json.loads(line) for line in results.read_text().splitlines()]
    lines = [_HEAD.format(day=f"{datetime.now(UTC):%Y-%m-%d}", commit=describe_commit())]
    signs = {"yes": "✓", "no": "✗", "not-made": "not made"}
    lines += [f"| {signs[check['passed']]} | {check['name']} | {check['measured']} |" for check in checks]
    held = sum(check["passed"] == "yes" for check in checks)
    lines += [
        "",
        f"{held} of {len(checks)} hold.",
        "",
        "## Further proofs",
        "",
        "| | where | made by |",
        "|---|---|---|",
    ]
    for name, path, command in _PROOFS:
        where = f"`{path}`" if (ROOT / path).exists() else "not made"
        lines.append(f"| {name} | {where} | `{command}` |")
    lines += ["", "## The commands", ""]
    for check in checks:
        lines += [f"{check['name']}:", "", "```", check["command"], "```", ""]
    output.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
