"""Every overlay and the chart, rendered by the real tools and held to the schemas of what they are applied to."""

import copy
import json
import subprocess
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from deploy.tests.rendering import (
    KUBERNETES,
    ROOT,
    breaches_of_restricted,
    check_schema,
    is_custom,
    pods,
    read_manifests,
    run_tool,
)
from settings.groups import GROUPS

pytestmark = [pytest.mark.slow, pytest.mark.once]

DEPLOY = ROOT / "deploy"
OVERLAYS = ["dev", "staging", "prod", "prod-istio"]
#: Where controllers define their objects: Go module -> files of definitions.
DEFINITIONS = {
    "istio.io/api@v1.28.0": "kubernetes/customresourcedefinitions.gen.yaml",
    "github.com/argoproj/argo-cd/v3@v3.2.0": "manifests/crds/application-crd.yaml",
}


@pytest.fixture(scope="module", autouse=True)
def _tools():
    subprocess.run(["make", "deploy-tools"], cwd=ROOT, check=True, capture_output=True)


@cache
def overlay(name):
    return read_manifests(run_tool("kustomize", "build", f"deploy/k8s/overlays/{name}"))


@cache
def chart(*settings):
    options = [option for setting in settings for option in ("--set", setting)]
    return read_manifests(
        run_tool(
            "helm", "template", "mediagateway", "deploy/helm/mediagateway", f"--kube-version={KUBERNETES}.0", *options
        )
    )


@cache
def definitions():
    """Read the controllers' own schemas out of their Go modules: (group/version, kind) -> schema."""
    found = {}
    for module, path in DEFINITIONS.items():
        downloaded = subprocess.run(
            ["go", "mod", "download", "-json", module], cwd="/", check=True, capture_output=True, text=True
        )
        text = Path(json.loads(downloaded.stdout)["Dir"], path).read_text()
        for definition in read_manifests(text):
            spec = definition["spec"]
            for version in spec["versions"]:
                key = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
                found[key] = _closed(version["schema"]["openAPIV3Schema"])
    return found


def _closed(schema):
    """Forbid unknown fields, as the API server drops them without a word."""
    if isinstance(schema, dict):
        schema = {name: _closed(part) for name, part in schema.items()}
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        schema = [_closed(part) for part in schema]
    return schema


def check_definition(manifest):
    """Hold an object of a controller to its definition; what every object has is Kubernetes' business."""
    own = {name: part for name, part in manifest.items() if name not in {"apiVersion", "kind", "metadata"}}
    schema = copy.deepcopy(definitions()[manifest["apiVersion"], manifest["kind"]])
    schema["required"] = [name for name in schema.get("required", ()) if name != "metadata"]
    jsonschema.validate(own, schema)


@pytest.mark.parametrize("name", OVERLAYS)
def test_overlays_render_to_valid_restricted_objects(name):
    manifests = overlay(name)

    for manifest in manifests:
        (check_definition if is_custom(manifest) else check_schema)(manifest)
    assert {f"Deployment/{group}" for group in GROUPS} | {"Deployment/worker", "Job/migrate"} <= pods(manifests).keys()
    assert {pod: breaches for pod, spec in pods(manifests).items() if (breaches := breaches_of_restricted(spec))} == {}
    images = {container["image"] for pod in pods(manifests).values() for container in pod["containers"]}
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_the_argo_application_is_valid_and_points_here():
    (application,) = read_manifests((DEPLOY / "argocd" / "application.yaml").read_text())

    check_definition(application)
    assert (ROOT / application["spec"]["source"]["path"] / "kustomization.yaml").exists()


@pytest.mark.parametrize("change", [{"spec": {"mtls": {"mode": "SOMETIMES"}}}, {"spec": {"mtsl": {"mode": "STRICT"}}}])
def test_a_wrong_custom_object_is_found(change):
    (right,) = (manifest for manifest in overlay("prod-istio") if manifest["kind"] == "PeerAuthentication")

    check_definition(right)
    with pytest.raises(jsonschema.ValidationError):
        check_definition(right | change)


def test_staging_and_development_differ_where_they_must():
    hosts = {
        name: next(m for m in overlay(name) if m["kind"] == "Ingress")["spec"]["rules"][0]["host"] for name in OVERLAYS
    }

    assert hosts == {
        "dev": "mediagateway.localhost",
        "staging": "api.staging.mediagateway.io",
        "prod": "api.mediagateway.io",
        "prod-istio": "api.mediagateway.io",
    }
    assert not [m for m in overlay("prod") if m["kind"] == "Secret"], "secrets are made outside"


def test_the_chart_renders_to_valid_restricted_objects():
    run_tool("helm", "lint", "--strict", "deploy/helm/mediagateway")
    manifests = chart()

    for manifest in manifests:
        check_schema(manifest)
    assert {pod: breaches for pod, spec in pods(manifests).items() if (breaches := breaches_of_restricted(spec))} == {}


@pytest.mark.parametrize("kind", ["Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"])
def test_chart_and_overlay_say_the_same(kind):
    """Two ways to the same objects: what one knows and the other does not is a mistake in one of them."""

    def objects(manifests):
        return {m["metadata"]["name"]: _comparable(m["spec"]) for m in manifests if m["kind"] == kind}

    assert objects(chart()) == objects(overlay("prod"))


def _comparable(spec):
    """Take out what differs by nature: names with hashes, marks of a changed configuration, defaults, order."""
    spec = copy.deepcopy(spec)
    if "template" in spec:
        spec["template"]["metadata"].pop("annotations", None)
        (container,) = spec["template"]["spec"]["containers"]
        container.pop("imagePullPolicy", None)
        container["envFrom"] = sorted(next(iter(source)) for source in container["envFrom"])
    for rule in spec.get("rules", ()):
        rule["http"]["paths"].sort(key=lambda path: path["path"])
    return spec


def test_values_override_one_field_of_one_group():
    changed = chart("groups.sona.maxReplicas=99", "worker.cpu=2000m", "image.digest=sha256:" + "0" * 64)
    scalers = {m["metadata"]["name"]: m["spec"] for m in changed if m["kind"] == "HorizontalPodAutoscaler"}
    worker = pods(changed)["Deployment/worker"]["containers"][0]

    assert (scalers["sona"]["minReplicas"], scalers["sona"]["maxReplicas"]) == (3, 99)
    assert scalers["sync"]["maxReplicas"] == 30
    assert worker["resources"]["requests"]["cpu"] == "2000m"
    assert worker["image"].endswith("@sha256:" + "0" * 64)


@pytest.mark.parametrize("wrong", ["groups.snoa.maxReplicas=9", "image.digest=abc", "existingSecret="])
def test_the_chart_refuses_values_that_mean_nothing(wrong):
    with pytest.raises(AssertionError, match=r"values don't meet|additional|match|minLength|propertyNames"):
        chart(wrong)


def test_the_images_of_compose_and_cluster_are_one():
    compose = yaml.safe_load((DEPLOY / "compose" / "production.yaml").read_text())
    named = compose["services"]["api"]["image"].partition(":")[0]

    assert all(
        container["image"].partition(":")[0] == named
        for pod in pods(overlay("prod")).values()
        for container in pod["containers"]
    )
