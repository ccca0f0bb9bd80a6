"""Reading and judging rendered manifests: by the schemas of Kubernetes, and the restricted pod security standard."""

import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools" / "bin"
KUBERNETES = "1.34"
#: Groups of objects that Kubernetes' own schemas do not know; their definitions are asked instead.
CUSTOM = ("argoproj.io", "istio.io")

Manifest = dict[str, Any]


def run_tool(name: str, *arguments: str) -> str:
    """Run one of `make deploy-tools` and hand its output over."""
    ran = subprocess.run([TOOLS / name, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def read_manifests(text: str) -> list[Manifest]:
    """Read a stream of YAML documents; empty ones are left out."""
    return [document for document in yaml.safe_load_all(text) if document]


def is_custom(manifest: Manifest) -> bool:
    """Whether an object is of a kind that a controller brings along."""
    return str(manifest["apiVersion"]).partition("/")[0].endswith(CUSTOM)


def check_schema(manifest: Manifest) -> None:
    """Hold a manifest to the strict schema of its kind: unknown fields are errors."""
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """Find the pod specifications: "Kind/name" -> specification."""
    return {
        f"{manifest['kind']}/{manifest['metadata']['name']}": manifest["spec"]["template"]["spec"]
        for manifest in manifests
        if manifest["kind"] in {"Deployment", "Job"}
    }


def breaches_of_restricted(pod: Manifest) -> list[str]:
    """
    Name what the restricted pod security standard forbids in a pod, and a root file system that can be written.

    Source: Kubernetes, "Pod Security Standards", the controls of Baseline and Restricted that manifests can break.
    """
    security = pod.get("securityContext", {})
    breaches = [key for key in ("hostNetwork", "hostPID", "hostIPC") if pod.get(key)]
    breaches += [f"volume {volume['name']}" for volume in pod.get("volumes", []) if "hostPath" in volume]
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        own = {**security, **container.get("securityContext", {})}
        wanted = {
            "runAsNonRoot": own.get("runAsNonRoot") is True and own.get("runAsUser") != 0,
            "seccompProfile": own.get("seccompProfile", {}).get("type") in {"RuntimeDefault", "Localhost"},
            "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
            "capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            "privileged": not own.get("privileged"),
            "readOnlyRootFilesystem": own.get("readOnlyRootFilesystem") is True,
            "hostPort": not any("hostPort" in port for port in container.get("ports", [])),
        }
        breaches += [f"{container['name']}: {control}" for control, is_kept in wanted.items() if not is_kept]
    return breaches
