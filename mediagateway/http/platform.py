"""What every process group answers beside its apps: probes and metrics."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from prometheus_client import CONTENT_TYPE_LATEST
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from mediagateway.health import read_readiness
from mediagateway.http.conditional import json_response
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView
from mediagateway.telemetry.exposition import render_metrics


class Health(serializers.Serializer[Any]):
    """Which process this is."""

    status = serializers.ChoiceField(["ok"])
    service = serializers.CharField(help_text="The process group.")
    version = serializers.CharField()


class HealthCheck(serializers.Serializer[Any]):
    """How one dependency is."""

    status = serializers.ChoiceField(["ok", "degraded", "failed", "not_configured"])
    latency_ms = serializers.FloatField()
    detail = serializers.CharField(allow_blank=True)


class Readiness(serializers.Serializer[Any]):
    """Whether to send requests to this process."""

    status = serializers.ChoiceField(["ready", "degraded", "unready"])
    checks = serializers.DictField(child=HealthCheck())


class Liveness(serializers.Serializer[Any]):
    """That this process runs."""

    status = serializers.ChoiceField(["alive"])


class MetricsRenderer(BaseRenderer):
    """Prometheus' text format; named here for content negotiation only."""

    media_type = "text/plain"
    format = "txt"


class ProbeView(ApiView):
    """A view for balancers and monitors: no principal, no limits."""

    authentication_classes = []


class HealthView(ProbeView):
    """Cheap: asks nobody."""

    @extend_schema(
        operation_id="platform_health_get",
        summary="Which process this is",
        responses={200: Health, **problems(500)},
        examples=[OpenApiExample("api", value={"status": "ok", "service": "api", "version": "0.1.0"})],
    )
    def get(self, request: Request) -> HttpResponse:
        """Say which service and which version this is."""
        return json_response({"status": "ok", "service": settings.GROUP.name, "version": settings.VERSION})


class ReadyView(ProbeView):
    """Asks every dependency."""

    @extend_schema(
        operation_id="platform_readiness_get",
        summary="Whether to send requests here",
        responses={200: Readiness, 503: Readiness},
    )
    def get(self, request: Request) -> HttpResponse:
        """Say whether requests should be sent here: 503 when a critical dependency fails or the process drains."""
        readiness = read_readiness()
        return json_response(asdict(readiness), status=503 if readiness.status == "unready" else 200)


class LivenessView(ProbeView):
    """Asks nothing outside the process."""

    @extend_schema(
        operation_id="platform_liveness_get",
        summary="Whether the process runs",
        responses=Liveness,
        examples=[OpenApiExample("alive", value={"status": "alive"})],
    )
    def get(self, request: Request) -> HttpResponse:
        """Say that the process answers, whatever the state of what it depends on."""
        return json_response({"status": "alive"})


class MetricsView(ProbeView):
    """Prometheus' scrape target, summed over the group's worker processes."""

    renderer_classes = [MetricsRenderer]

    @extend_schema(
        operation_id="platform_metrics_get", summary="Metrics for Prometheus", responses={(200, "text/plain"): str}
    )
    def get(self, request: Request) -> HttpResponse:
        """Write all metrics in Prometheus' text format."""
        response = HttpResponse(render_metrics(), content_type=CONTENT_TYPE_LATEST)
        response["Cache-Control"] = "no-store"
        return response
