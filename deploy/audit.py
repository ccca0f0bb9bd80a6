"""
`make audit`: a bill of materials, known weaknesses of what is in it, and secrets in the repository.

pip-audit ends with 0 also when it could ask nobody, so its report is read: what was not audited is counted and said.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.tests.served import ROOT

_RUNTIME = ROOT / "requirements" / "runtime.txt"
#: Part of a path -> why what looks like a secret there guards nothing.
_HARMLESS = {
    "/tests/": "examples",
    "/testing/": "examples",
    "/settings/": "names of variables, and development's keys",
    "/deploy/failures.py": "keys of drills",
    "/deploy/population.py": "keys of load runs",
    "/deploy/verify.sh": "keys of load runs",
    "/perf/environment.py": "keys of load runs",
    "/perf/people.py": "keys of load runs",
    "/deploy/compose/development.yaml": "a password of stores on one's own machine",
    "/deploy/helm/mediagateway/values.yaml": "names of Kubernetes Secrets",
    "/deploy/k8s/base/ingress.yaml": "the name of a Kubernetes Secret",
    "/deploy/manifests/kubernetes.py": "the name of a Kubernetes Secret",
    "/apps/auth/domain/backup_codes.py": "the alphabet of backup codes",
    "/apps/auth/models.py": "a column's name",
    "/apps/auth/services/mfa.py": "a key's name",
    "/mediagateway/vectors/embedders/onnx.py": "checksums of public files",
}


def main() -> int:
    """Audit; 1 when a weakness or a secret was found, 3 when packages could not be audited and nothing else was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sbom", type=Path, default=ROOT / "deploy" / "results" / "sbom.cdx.json")
    parser.add_argument("--json", type=Path, default=ROOT / "deploy" / "results" / "audit.json")
    options = parser.parse_args()
    options.sbom.parent.mkdir(exist_ok=True)
    findings: dict[str, dict[str, Any]] = {
        "sbom": write_sbom(options.sbom),
        "weaknesses": audit_packages(),
        "secrets": find_secrets(),
    }
    text = json.dumps(findings, indent=1)
    options.json.write_text(text + "\n")
    print(text)  # noqa: T201 -- a command's output
    if findings["weaknesses"]["vulnerable"] or findings["secrets"]["found"]:
        return 1
    return 3 if findings["weaknesses"]["not_audited"] else 0


def write_sbom(output: Path) -> dict[str, int]:
    """Write the bill of materials of what runs (CycloneDX), and count its components."""
    command = [
        "cyclonedx-py",
        "requirements",
        str(_RUNTIME),
        "--output-reproducible",
        "--of",
        "JSON",
        "-o",
        str(output),
    ]
    _run(command)
    return {"components": len(json.loads(output.read_text())["components"])}


def audit_packages() -> dict[str, Any]:
    """Ask pip-audit about everything locked."""
    ran = _run(
        ["pip-audit", "--requirement", str(_RUNTIME), "--no-deps", "--disable-pip", "--format", "json"], check=False
    )
    return read_audit(ran.stdout)


def read_audit(report: str) -> dict[str, Any]:
    """
    Read pip-audit's report.

    Returns:
        How many packages were audited, those with known weaknesses, and those of which nobody could tell.
    """
    packages = json.loads(report)["dependencies"] if report.strip() else []
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = {
        package["name"]: [vuln["id"] for vuln in package["vulns"]] for package in packages if package.get("vulns")
    }
    return {
        "audited": len(packages) - len(skipped),
        "not_audited": len(skipped) or int(not packages),
        "vulnerable": vulnerable,
    }


def find_secrets() -> dict[str, Any]:
    """Scan what is committed for keys, tokens and passwords; the places that hold harmless ones are named above."""
    files = _run(
        ["git", "ls-files", "*.py", "*.yaml", "*.yml", "*.toml", "*.sh", "*.js", "*.md", "*.env*"]
    ).stdout.split()
    report = json.loads(_run(["detect-secrets", "scan", *files]).stdout)["results"]
    found = [
        f"{path}:{secret['line_number']} {secret['type']}"
        for path, secrets in report.items()
        if not any(place in f"/{path}" for place in _HARMLESS)
        for secret in secrets
    ]
    return {"files": len(files), "found": found}


def _run(command: list[str], *, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run a tool of this environment."""
    program = Path(sys.executable).with_name(command[0])
    words = [str(program) if program.exists() else command[0], *command[1:]]
    return subprocess.run(words, cwd=ROOT, check=check, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
