"""Kubernetes objects of the process groups: what the kustomize base holds, as plain dictionaries."""

from collections.abc import Iterator
from typing import Any

from deploy.manifests.sizes import SIZES, WORKER, WORKER_PORT, Size
from settings.groups import GROUPS, ProcessGroup

Manifest = dict[str, Any]

#: Drain, grace and margin of docs/operations.md: 10 + 30 + 5 s, and some to spare.
_PATIENCE_S = 60
_IMAGE = "mediagateway"


def group_objects(group: ProcessGroup) -> Iterator[Manifest]:
    """Describe one group: Deployment, Service, HorizontalPodAutoscaler, PodDisruptionBudget."""
    size = SIZES[group.name]
    yield _deployment(group.name, _server(group, size))
    yield {
        **_head("v1", "Service", group.name),
        "spec": {
            "selector": _selector(group.name),
            "ports": [{"name": "http", "port": group.port, "targetPort": "http", "appProtocol": "http"}],
        },
    }
    yield _autoscaler(group.name, size)
    yield _disruption_budget(group.name)


def worker_objects() -> Iterator[Manifest]:
    """Describe the worker, which nobody asks but Prometheus; its Service gives it the name that is scraped."""
    container = {
        **_container("worker", WORKER),
        "command": ["python", "manage.py", "worker"],
        "env": [{"name": "MG_WORKER_PORT", "value": str(WORKER_PORT)}],
        "ports": [{"name": "metrics", "containerPort": WORKER_PORT}],
    }
    yield _deployment("worker", container)
    yield {
        **_head("v1", "Service", "worker"),
        "spec": {
            "selector": _selector("worker"),
            "ports": [{"name": "metrics", "port": WORKER_PORT, "targetPort": "metrics", "appProtocol": "http"}],
        },
    }
    yield _autoscaler("worker", WORKER)
    yield _disruption_budget("worker")


def ingress() -> Manifest:
    """Route the public host by path prefix; controllers prefer the longest, as the specification asks."""
    paths = [
        {
            "path": prefix,
            "pathType": "Prefix",
            "backend": {"service": {"name": group.name, "port": {"name": "http"}}},
        }
        for group in GROUPS.values()
        for prefix in group.prefixes
    ]
    paths.sort(key=lambda path: (-len(str(path["path"])), path["path"]))
    return {
        **_head("networking.k8s.io/v1", "Ingress", "mediagateway"),
        "spec": {
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["api.mediagateway.io"], "secretName": "mediagateway-tls"}],
            "rules": [{"host": "api.mediagateway.io", "http": {"paths": paths}}],
        },
    }


def _head(api_version: str, kind: str, name: str) -> Manifest:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "labels": _selector(name)}}


def _selector(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/part-of": "mediagateway", "app.kubernetes.io/component": name}


def _deployment(name: str, container: Manifest) -> Manifest:
    """Roll without losing capacity; spread over nodes; run as nobody, on a file system that is not to be written."""
    return {
        **_head("apps/v1", "Deployment", name),
        "spec": {
            # No number of replicas: it is the autoscaler's, and a deployment that named one would undo its work.
            "revisionHistoryLimit": 5,
            "selector": {"matchLabels": _selector(name)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": _selector(name)},
                "spec": {
                    "serviceAccountName": "mediagateway",
                    "automountServiceAccountToken": False,
                    "terminationGracePeriodSeconds": _PATIENCE_S,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 10001,
                        "runAsGroup": 10001,
                        "fsGroup": 10001,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "topologySpreadConstraints": [
                        {
                            "maxSkew": 1,
                            "topologyKey": "kubernetes.io/hostname",
                            "whenUnsatisfiable": "ScheduleAnyway",
                            "labelSelector": {"matchLabels": _selector(name)},
                        }
                    ],
                    "containers": [container],
                    "volumes": [
                        {"name": "state", "emptyDir": {"sizeLimit": "2Gi"}},
                        {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}},
                    ],
                },
            },
        },
    }


def _container(name: str, size: Size) -> Manifest:
    """Describe what servers and worker have in common."""
    return {
        "name": name,
        "image": _IMAGE,
        "envFrom": [{"configMapRef": {"name": "mediagateway"}}, {"secretRef": {"name": "mediagateway"}}],
        "resources": {
            "requests": {"cpu": f"{size.cpu_m}m", "memory": f"{size.memory_mib}Mi"},
            "limits": {"memory": f"{size.memory_mib}Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "state", "mountPath": "/var/lib/mediagateway"},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 -- a volume of the pod's own
        ],
    }


def _server(group: ProcessGroup, size: Size) -> Manifest:
    """Describe a group's container: what it listens on and how it is asked."""
    container = _container(group.name, size)
    return {
        **container,
        "env": [{"name": "MG_GROUP", "value": group.name}],
        "ports": [{"name": "http", "containerPort": group.port}],
        # A worker that loads the catalogue may take a while; nothing else is asked until it has.
        "startupProbe": {**_probe("/liveness"), "periodSeconds": 2, "failureThreshold": 60},
        "livenessProbe": {**_probe("/liveness"), "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 3},
        # Asked more often than the drain lasts, so that a leaving pod gets no request that it would refuse.
        "readinessProbe": {**_probe("/ready"), "periodSeconds": 3, "timeoutSeconds": 3, "failureThreshold": 2},
    }


def _probe(path: str) -> Manifest:
    return {"httpGet": {"path": path, "port": "http"}}


def _autoscaler(name: str, size: Size) -> Manifest:
    """Scale on CPU: quickly up, slowly down, so that a burst's second wave finds the first one's replicas."""
    fewest, most = size.replicas
    return {
        **_head("autoscaling/v2", "HorizontalPodAutoscaler", name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": fewest,
            "maxReplicas": most,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
                }
            ],
            "behavior": {
                "scaleUp": {"policies": [{"type": "Percent", "value": 100, "periodSeconds": 30}]},
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{"type": "Percent", "value": 20, "periodSeconds": 60}],
                },
            },
        },
    }


def _disruption_budget(name: str) -> Manifest:
    return {
        **_head("policy/v1", "PodDisruptionBudget", name),
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": _selector(name)}},
    }
