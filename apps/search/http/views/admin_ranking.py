"""What orders results, for admins."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.search.contracts import ActiveRanking, RankingRecord, RankingVariantRecord
from apps.search.domain.weights import Weights
from apps.search.http import examples
from apps.search.http.serializers import RankingBody, RankingVariantBody
from apps.search.queries import rankings as queries
from apps.search.services import rankings as services
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.pagination import Page, decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body

_HISTORY, _VARIANTS = "search:rankings", "search:ranking-variants"
_VERSION = OpenApiParameter("version", OpenApiTypes.INT, OpenApiParameter.PATH, description="0 is the weights in code.")


class AdminView(ApiView):
    """A view for who may rank."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:search"})


class RankingView(AdminView):
    """The weights in force."""

    @extend_schema(
        operation_id="search_ranking_get",
        summary="Read what orders results",
        responses={200: shape_of(ActiveRanking), **problems(403)},
        examples=[examples.ACTIVE_RANKING],
    )
    def get(self, request: Request) -> HttpResponse:
        """Read the active weights and all variants; the ETag is the active version."""
        active = queries.get_active_ranking()
        return versioned_response(request, active, version=active.ranking.version)

    @extend_schema(
        operation_id="search_ranking_set",
        summary="Set what orders results",
        request=RankingBody,
        responses={200: shape_of(RankingRecord), **problems(400, 403, 412)},
        examples=[examples.RANKING],
    )
    def put(self, request: Request) -> HttpResponse:
        """
        Make a new version of the weights and activate it; weights that are not given are as in code.

        Every process orders by it from its next search on. Cursors of searches that have begun expire.
        """
        asked = read_body(RankingBody, json_body(request))
        record = services.set_ranking(
            Weights(**asked["weights"]),
            description=asked["description"],
            principal=require_principal(request),
            check=version_check(request),
            now=timezone.now(),
        )
        return versioned_response(request, record, version=record.version)


class RankingListView(AdminView):
    """All versions."""

    @extend_schema(
        operation_id="search_rankings_list",
        summary="List versions of the ranking",
        parameters=[PageQuery],
        responses={200: page_of(shape_of(RankingRecord)), **problems(400, 403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List versions, newest first; the last is 0, the weights in code."""
        asked = read_query(PageQuery, request.GET)
        page = queries.list_rankings(after=decode_cursor(_HISTORY, asked["cursor"]), limit=asked["limit"])
        return _list_response(request, page, _HISTORY)


class RankingVersionView(AdminView):
    """One version."""

    @extend_schema(
        operation_id="search_rankings_get",
        summary="Read a version of the ranking",
        parameters=[_VERSION],
        responses={200: shape_of(RankingRecord), **problems(403, 404)},
    )
    def get(self, request: Request, version: int) -> HttpResponse:
        """Read a version of the weights."""
        return json_response(queries.get_ranking(version))


class RankingActivationView(AdminView):
    """Going back."""

    @extend_schema(
        operation_id="search_rankings_activate",
        summary="Activate a version of the ranking",
        parameters=[_VERSION],
        request=None,
        responses={200: shape_of(RankingRecord), **problems(403, 404, 412)},
    )
    def post(self, request: Request, version: int) -> HttpResponse:
        """Let a version order results again: how to roll back. `If-Match` names the version that is active."""
        record = services.activate_ranking(
            version, principal=require_principal(request), check=version_check(request), now=timezone.now()
        )
        return versioned_response(request, record, version=record.version)


class VariantListView(AdminView):
    """All variants."""

    @extend_schema(
        operation_id="search_ranking_variants_list",
        summary="List variants of the ranking",
        parameters=[PageQuery],
        responses={200: page_of(shape_of(RankingVariantRecord)), **problems(400, 403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List variants by name."""
        asked = read_query(PageQuery, request.GET)
        page = queries.list_variants(after=decode_cursor(_VARIANTS, asked["cursor"]), limit=asked["limit"])
        return _list_response(request, page, _VARIANTS)


class VariantView(AdminView):
    """One variant."""

    @extend_schema(
        operation_id="search_ranking_variants_get",
        summary="Read a variant of the ranking",
        responses={200: shape_of(RankingVariantRecord), **problems(403, 404)},
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        """Read a variant."""
        return json_response(queries.get_variant(name))

    @extend_schema(
        operation_id="search_ranking_variants_set",
        summary="Set a variant of the ranking",
        request=RankingVariantBody,
        responses={200: shape_of(RankingVariantRecord), 201: shape_of(RankingVariantRecord), **problems(400, 403, 409)},
        examples=[examples.VARIANT],
    )
    def put(self, request: Request, name: str) -> HttpResponse:
        """
        Set other weights for a share of the callers.

        A caller, which is an API key, an account or an address, stays with its variant for as long as that has as much
        traffic. The report on searches compares variants by their clicks.
        """
        asked = read_body(RankingVariantBody, json_body(request))
        record, is_new = services.set_variant(
            name,
            Weights(**asked["weights"]),
            traffic_percentage=asked["traffic_percentage"],
            is_active=asked["is_active"],
            description=asked["description"],
            principal=require_principal(request),
            now=timezone.now(),
        )
        return json_response(record, status=201 if is_new else 200)

    @extend_schema(
        operation_id="search_ranking_variants_delete",
        summary="Delete a variant of the ranking",
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, name: str) -> HttpResponse:
        """Delete a variant; its callers get the active weights."""
        services.delete_variant(name, principal=require_principal(request), now=timezone.now())
        return HttpResponse(status=204)


def _list_response(request: Request, page: Page[Any], list_name: str) -> HttpResponse:
    cursor = encode_cursor(list_name, page.next_key) if page.next_key is not None else None
    response = json_response(page_body(page.items, cursor))
    if cursor is not None:
        response["Link"] = next_link(request, cursor)
    return response
