"""What is committed for Kubernetes, compose and nginx: in step with the group table, and valid by its schemas."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator

from deploy.manifests.__main__ import rendered_files
from deploy.tests.rendering import ROOT, breaches_of_restricted, check_schema, pods, read_manifests
from settings.groups import GROUPS, find_group

pytestmark = pytest.mark.once

DEPLOY = ROOT / "deploy"
PLAIN = sorted([*(DEPLOY / "k8s" / "base").glob("*.yaml"), *(DEPLOY / "k8s").glob("*/*/*.yaml")])
COMPOSE = ["development.yaml", "production.yaml"]


def test_the_written_files_are_those_of_the_table():
    stale = [path.name for path, text in rendered_files().items() if path.read_text() != text]

    assert not stale, "run python -m deploy.manifests"


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_manifests_keep_their_schemas(path):
    known = [
        manifest
        for manifest in read_manifests(path.read_text())
        if "kustomize" not in manifest["apiVersion"] and "istio" not in manifest["apiVersion"]
    ]

    for manifest in known:
        check_schema(manifest)


def test_every_pod_is_restricted():
    manifests = [manifest for path in PLAIN for manifest in read_manifests(path.read_text())]
    specifications = pods(manifests)

    assert {f"Deployment/{name}" for name in GROUPS} < specifications.keys()
    assert {name: breaches for name, pod in specifications.items() if (breaches := breaches_of_restricted(pod))} == {}


@pytest.mark.parametrize("broken", [{"privileged": True}, {"runAsNonRoot": False}, {"capabilities": {"drop": []}}])
def test_a_pod_that_is_not_restricted_is_found(broken):
    (pod,) = pods(read_manifests((DEPLOY / "k8s" / "base" / "migrate.yaml").read_text())).values()
    pod["containers"][0]["securityContext"] |= broken

    assert [breach.split(": ")[1] for breach in breaches_of_restricted(pod)] == list(broken)


def test_the_base_names_every_group():
    kustomization = yaml.safe_load((DEPLOY / "k8s" / "base" / "kustomization.yaml").read_text())

    assert {f"{name}.yaml" for name in GROUPS} < set(kustomization["resources"])


def test_every_operation_is_served_where_the_ingress_sends_it():
    """
    The longest prefix decides; the URL conf of that group has to know the path.

    Long-lived connections are served by the live group's ASGI application itself, past any URL conf.
    """
    paths = SchemaGenerator(urlconf="mediagateway.urls.api").get_schema(request=None, public=True)["paths"]
    groups = {path: find_group(path) for path in paths}
    lost = [path for path, group in groups.items() if group.worker == "thread" and not _is_served(group.urlconf, path)]

    assert len(paths) > 50
    assert not lost


def _is_served(urlconf: str, path: str) -> bool:
    """Try the converters that our URLs have in the place of each parameter."""
    candidates = [path]
    while "{" in candidates[0]:
        candidates = [
            before + value + rest.partition("}")[2]
            for candidate in candidates
            for before, _, rest in [candidate.partition("{")]
            for value in ("00000000-0000-4000-8000-000000000000", "7", "word")
        ]
    for candidate in candidates:
        try:
            resolve(candidate, urlconf)
        except Resolver404:
            continue
        return True
    return False


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/", "api"),
        ("/api/v1/search", "discovery"),
        ("/api/v1/searching", "api"),
        ("/api/v1/user/watchlist/7", "sync"),
        ("/api/v1/user/profile", "auth"),
        ("/api/v1/sync/events", "live"),
        ("/api/v1/sync/eventsource", "sync"),
        ("/api/v1/admin/users", "api"),
    ],
)
def test_the_longest_prefix_of_whole_segments_decides(path, group):
    assert find_group(path).name == group


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_keeps_its_schema(name, tmp_path):
    """As compose reads it: with the anchors resolved and what only holds them left out."""
    document = yaml.safe_load((DEPLOY / "compose" / name).read_text())
    resolved = tmp_path / name
    resolved.write_text(json.dumps({key: value for key, value in document.items() if not key.startswith("x-")}))

    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(resolved)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_one_box_runs_every_group_and_its_surroundings():
    services = yaml.safe_load((DEPLOY / "compose" / "production.yaml").read_text())["services"]

    assert {name: services[name]["environment"]["MG_GROUP"] for name in GROUPS} == {name: name for name in GROUPS}
    assert services.keys() - GROUPS.keys() == {
        *("worker", "migrate", "nginx", "postgres", "redis", "qdrant"),
        *("prometheus", "alertmanager", "grafana", "loki", "alloy", "otel-collector", "jaeger"),
    }
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())) or name == "nginx"


def test_the_image_is_linted():
    hadolint = Path(sys.executable).with_name("hadolint")
    linted = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("variable", ["ALLOWED_ORIGINS", "MG_ALLOWED_HOSTS", "MG_PUBLIC_URL", "MG_TRUSTED_PROXIES"])
def test_what_production_asks_for_is_set_everywhere(variable):
    """Compose, kustomize and Helm name the same variables."""
    chart = yaml.safe_load((DEPLOY / "helm" / "mediagateway" / "values.yaml").read_text())
    base = yaml.safe_load((DEPLOY / "k8s" / "base" / "kustomization.yaml").read_text())
    compose = yaml.safe_load((DEPLOY / "compose" / "production.yaml").read_text())

    assert variable in chart["config"]
    assert any(line.startswith(f"{variable}=") for line in base["configMapGenerator"][0]["literals"])
    assert all(variable in compose["services"][name]["environment"] for name in GROUPS)
