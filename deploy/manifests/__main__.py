"""
`python -m deploy.manifests`: write the files that repeat for each process group; `--check` only compares.

They are committed, so that kubectl and docker need no Python; a test holds them to the table.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deploy.manifests import kubernetes, nginx
from deploy.manifests.sizes import SIZES, WORKER, WORKER_PORT, Size
from settings.groups import GROUPS

_DEPLOY = Path(__file__).resolve().parent.parent
_NOTE = "# Written by `python -m deploy.manifests` from settings/groups.py and deploy/manifests/sizes.py.\n"


class _Dumper(yaml.SafeDumper):
    """Writes lists indented and nothing by reference, as people write manifests."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 -- PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def rendered_files() -> dict[Path, str]:
    """Render every file: where it belongs -> its text."""
    base = _DEPLOY / "k8s" / "base"
    files = {base / f"{group.name}.yaml": _yaml(kubernetes.group_objects(group)) for group in GROUPS.values()}
    files[base / "worker.yaml"] = _yaml(kubernetes.worker_objects())
    files[base / "ingress.yaml"] = _yaml([kubernetes.ingress()])
    files[_DEPLOY / "helm" / "mediagateway" / "files" / "groups.yaml"] = _yaml([_chart_groups()])
    replicas = {group.name: [f"{group.name}:{group.port}"] for group in GROUPS.values()}
    files[_DEPLOY / "compose" / "nginx" / "groups.conf"] = nginx.render(replicas, listen="443 ssl")
    return files


def main(arguments: Iterable[str]) -> int:
    """Write, or with `--check` name what differs and return 1."""
    files = rendered_files()
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(path.relative_to(_DEPLOY))  # noqa: T201 -- a command's output
    if "--check" in arguments:
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path])
    return 0


def _chart_groups() -> dict[str, Any]:
    """Give the chart's templates the table; `values.yaml` overrides single fields of a group."""
    groups = {
        group.name: {"port": group.port, "prefixes": list(group.prefixes), **_chart_size(SIZES[group.name])}
        for group in GROUPS.values()
    }
    return {"groups": groups, "worker": {"port": WORKER_PORT, **_chart_size(WORKER)}}


def _chart_size(size: Size) -> dict[str, Any]:
    fewest, most = size.replicas
    return {"cpu": f"{size.cpu_m}m", "memory": f"{size.memory_mib}Mi", "minReplicas": fewest, "maxReplicas": most}


def _yaml(documents: Iterable[dict[str, Any]]) -> str:
    return _NOTE + yaml.dump_all(
        documents, Dumper=_Dumper, sort_keys=False, width=120, default_flow_style=False, explicit_start=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
