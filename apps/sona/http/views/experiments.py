"""Experiments, for admins; conversions, for whoever was shown a variant."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.sona.contracts import ExperimentMetrics, ExperimentRecord, ExperimentStatus, VariantRecord, VariantShown
from apps.sona.http.serializers import ConversionBody, ExperimentBody, ExperimentChange, ExperimentPage
from apps.sona.queries import experiments as queries
from apps.sona.services import experiments as services
from apps.user.api import get_viewer
from mediagateway.http.conditional import json_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body

ADMIN = frozenset({"admin:experiments"})
_LIST = "sona:experiments"


class ExperimentListView(ApiView):
    """All experiments."""

    permission_classes = [Scoped]
    scopes = ADMIN

    @extend_schema(
        operation_id="sona_experiments_list",
        summary="List experiments",
        parameters=[PageQuery],
        responses={200: ExperimentPage, **problems(400, 403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List experiments, newest first."""
        asked = read_query(PageQuery, request.GET)
        page = queries.list_experiments(after=decode_cursor(_LIST, asked["cursor"]), limit=asked["limit"])
        cursor = encode_cursor(_LIST, page.next_key) if page.next_key is not None else None
        response = json_response(page_body(page.items, cursor))
        if cursor is not None:
            response["Link"] = next_link(request, cursor)
        return response

    @extend_schema(
        operation_id="sona_experiments_create",
        summary="Make an experiment",
        request=ExperimentBody,
        responses={201: shape_of(ExperimentRecord), **problems(400, 403, 409)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Make an experiment as a draft; its first variant is what the others are compared with."""
        asked = read_body(ExperimentBody, json_body(request))
        made = services.create_experiment(
            require_principal(request),
            name=asked["name"],
            description=asked["description"],
            traffic_ratio=asked["traffic_ratio"],
            variants=[VariantRecord(**variant) for variant in asked["variants"]],
            now=timezone.now(),
        )
        return json_response(made, status=201)


class ExperimentView(ApiView):
    """One experiment."""

    permission_classes = [Scoped]
    scopes = ADMIN

    @extend_schema(
        operation_id="sona_experiments_get",
        summary="Read an experiment",
        responses={200: shape_of(ExperimentRecord), **problems(403, 404)},
    )
    def get(self, request: Request, experiment_id: UUID) -> HttpResponse:
        """Read an experiment."""
        return json_response(queries.get_experiment(experiment_id))

    @extend_schema(
        operation_id="sona_experiments_update",
        summary="Start, pause, end or change an experiment",
        request=ExperimentChange,
        responses={200: shape_of(ExperimentRecord), **problems(400, 403, 404, 409)},
    )
    def patch(self, request: Request, experiment_id: UUID) -> HttpResponse:
        """Start, pause or end an experiment, or change how many take part. One that has ended changes no more."""
        asked = read_body(ExperimentChange, json_body(request))
        changed = services.change_experiment(
            require_principal(request),
            experiment_id,
            status=ExperimentStatus(asked["status"]) if "status" in asked else None,
            description=asked.get("description"),
            traffic_ratio=asked.get("traffic_ratio"),
            now=timezone.now(),
        )
        return json_response(changed)


class MetricView(ApiView):
    """What came of an experiment."""

    permission_classes = [Scoped]
    scopes = ADMIN

    @extend_schema(
        operation_id="sona_experiments_metrics",
        summary="Read what came of an experiment",
        responses={200: shape_of(ExperimentMetrics), **problems(403, 404)},
    )
    def get(self, request: Request, experiment_id: UUID) -> HttpResponse:
        """Count exposures and conversions, with 95 % intervals, and check that shares are as they should be."""
        return json_response(queries.get_metrics(experiment_id))


class ConversionView(ApiView):
    """What somebody did who was shown a variant."""

    permission_classes = [Scoped]
    scopes = {"POST": frozenset({"read:recommendations"})}

    @extend_schema(
        operation_id="sona_experiments_convert",
        summary="Report a conversion",
        request=ConversionBody,
        responses={201: shape_of(VariantShown), **problems(400, 403, 404, 409)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Count that the caller did something; the first of each metric counts, and only of who was shown a variant."""
        asked = read_body(ConversionBody, json_body(request))
        shown = services.record_conversion(
            get_viewer(require_principal(request)),
            asked["experiment_id"],
            metric=asked["metric"],
            value=asked["value"],
            now=timezone.now(),
        )
        return json_response(shown, status=201)
