"""`python -m deploy.readiness RESULTS OUTPUT`: write docs/launch-readiness.md from what deploy/verify.sh measured."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.tests.served import ROOT
from perf.machine import describe_commit

_HEAD = """\
# Launch readiness

Written by `deploy/verify.sh` on {day}, commit {commit}: the checklist, run literally against `manage.py serve --all`.
What was not made is said; nothing here is written by hand.

| | check | measured |
|---|---|---|"""
#: What else is proven: name, the figures' file, what it says of them, who makes it.
_PROOFS: tuple[tuple[str, str, Callable[[Any], str], str], ...] = (
    (
        "Rolling restart under load",
        "deploy/results/rolling.json",
        lambda found: f"{found['restarts']} restarts, {found['requests']:,} requests, {found['failed']} failed",
        "make rolling",
    ),
    (
        "Chaos",
        "deploy/results/chaos.json",
        lambda found: (
            f"{len(found['rows'])} faults, slowest recovery {max(row['recovery_s'] for row in found['rows']):.2f} s, "
            f"{found['acknowledged_and_lost']} of {found['writes_acknowledged']:,} acknowledged writes lost"
        ),
        "make chaos",
    ),
    (
        "Loss of a database",
        "deploy/results/drill.json",
        lambda found: "; ".join(f"{name.replace('_', ' ')}: back in {each['rto_s']} s" for name, each in found.items()),
        "make drill",
    ),
    (
        "Bill of materials and audit",
        "deploy/results/audit.json",
        lambda found: (
            f"{found['sbom']['components']} components, {found['weaknesses']['audited']} audited, "
            f"{found['weaknesses']['not_audited']} could not be, {len(found['secrets']['found'])} secrets"
        ),
        "make audit",
    ),
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
        "| | found | made by |",
        "|---|---|---|",
    ]
    for name, path, describe, command in _PROOFS:
        file = ROOT / path
        found = describe(json.loads(file.read_text())) if file.exists() else "not made"
        lines.append(f"| {name} | {found} | `{command}` |")
    report = "`perf/BASELINE_REPORT.md`" if (ROOT / "perf" / "BASELINE_REPORT.md").exists() else "not made"
    lines.append(f"| Baseline | {report} | `make perf` |")
    lines += ["", "## The commands", ""]
    for check in checks:
        lines += [f"{check['name']}:", "", "```", check["command"], "```", ""]
    output.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
