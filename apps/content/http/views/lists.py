"""Lists of titles and of offers."""

import math
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.content.contracts import Sort, TitleFilter
from apps.content.domain.vocabulary import Kind
from apps.content.http import examples
from apps.content.http.presenters import present_offer
from apps.content.http.serializers import (
    BatchAnswer,
    BatchBody,
    BrowseQuery,
    CatalogueQuery,
    ExpiringPage,
    ExpiringQuery,
    PopularQuery,
    TitleFilterQuery,
    TitlePage,
)
from apps.content.http.views.pages import ListAddress
from apps.content.queries.browsing import list_new_titles, list_titles
from apps.content.queries.offers import OfferRecord, list_expiring
from apps.content.queries.reference import get_platform
from apps.content.queries.summaries import get_summaries
from mediagateway.http.conditional import json_response
from mediagateway.http.queries import RegionQuery, read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body, policy_of

_SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="Slug of the platform.")


class TitleListView(ApiView):
    """The catalogue."""

    @extend_schema(
        operation_id="content_title_list",
        summary="Browse the catalogue",
        parameters=[BrowseQuery],
        responses={200: TitlePage, **problems(400)},
        examples=[examples.TITLE_PAGE],
    )
    def get(self, request: Request) -> HttpResponse:
        """List titles by kind, genre, platform and year, in one of several orders."""
        return _list(request, read_query(BrowseQuery, request.GET), "browse")


class NewTitleListView(ApiView):
    """What came into the catalogue last."""

    @extend_schema(
        operation_id="content_new_title_list",
        summary="List what is new",
        parameters=[TitleFilterQuery],
        responses={200: TitlePage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List titles in the order in which they came into the catalogue, latest first."""
        asked = read_query(TitleFilterQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        address = ListAddress("new", asked, policy.region)
        page = list_new_titles(_filter(asked), policy, now=timezone.now(), after=address.after, limit=address.limit)
        return address.answer(request, page)


class PopularMovieListView(ApiView):
    """Films that many people know."""

    @extend_schema(
        operation_id="content_popular_movie_list",
        summary="List popular films",
        parameters=[PopularQuery],
        responses={200: TitlePage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List films, most popular first."""
        asked = read_query(PopularQuery, request.GET)
        return _list(request, {**asked, "kind": [Kind.MOVIE.value]}, "popular")


class PopularSeriesListView(ApiView):
    """Series that many people know."""

    @extend_schema(
        operation_id="content_popular_series_list",
        summary="List popular series",
        parameters=[PopularQuery],
        responses={200: TitlePage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List series, most popular first."""
        asked = read_query(PopularQuery, request.GET)
        return _list(request, {**asked, "kind": [Kind.SERIES.value]}, "popular")


class PlatformCatalogueView(ApiView):
    """What one platform offers."""

    @extend_schema(
        operation_id="content_platform_title_list",
        summary="Browse one platform",
        parameters=[_SLUG, CatalogueQuery],
        responses={200: TitlePage, **problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """List the titles that can be watched on a platform now, in a region."""
        asked = read_query(CatalogueQuery, request.GET)
        platform = get_platform(slug)
        return _list(request, {**asked, "platform": [platform.slug]}, "platform")


class ExpiringOfferListView(ApiView):
    """What will be gone soon."""

    @extend_schema(
        operation_id="content_expiring_offer_list",
        summary="List offers that end soon",
        parameters=[ExpiringQuery],
        responses={200: ExpiringPage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the offers of a region that end within some days, soonest first, each with its title."""
        asked = read_query(ExpiringQuery, request.GET)
        policy, now = policy_of(request, region=asked.get("region")), timezone.now()
        address = ListAddress("expiring", asked, policy.region)
        page = list_expiring(
            policy,
            now=now,
            days=asked["days"],
            platforms=tuple(asked.get("platform", ())),
            after=address.after,
            limit=address.limit,
        )
        titles = get_summaries([offer.content_id for offer in page.items], policy=policy, now=now)
        items = [
            {"title": titles[offer.content_id], "offer": present_offer(offer), "days_left": _days_left(offer, now)}
            for offer in page.items
            if offer.content_id in titles
        ]
        return address.answer(request, page, items)


class TitleBatchView(ApiView):
    """Several titles at once."""

    @extend_schema(
        operation_id="content_title_batch_get",
        summary="Read up to 100 titles",
        parameters=[RegionQuery],
        request=BatchBody,
        responses={200: BatchAnswer, **problems(400)},
        examples=[examples.BATCH],
    )
    def post(self, request: Request) -> HttpResponse:
        """Read the summaries of titles by id, in the order asked for; a repeated id counts once."""
        asked = read_query(RegionQuery, request.GET)
        ids = list(dict.fromkeys(read_body(BatchBody, json_body(request))["ids"]))
        found = get_summaries(ids, policy=policy_of(request, region=asked.get("region")), now=timezone.now())
        shown = {found[title_id].id: found[title_id] for title_id in ids if title_id in found}
        return json_response(
            {
                "items": list(shown.values()),
                "missing": [title_id for title_id in ids if title_id not in found],
                "merged": {
                    str(title_id): found[title_id].id
                    for title_id in ids
                    if title_id in found and found[title_id].id != title_id
                },
            }
        )


def _list(request: Request, asked: dict[str, Any], name: str) -> HttpResponse:
    """Answer with a page of titles."""
    policy = policy_of(request, region=asked.get("region"))
    address = ListAddress(name, asked, policy.region)
    page = list_titles(
        _filter(asked),
        policy,
        sort=Sort(asked.get("sort", Sort.POPULAR)),
        now=timezone.now(),
        after=address.after,
        limit=address.limit,
    )
    return address.answer(request, page)


def _filter(asked: dict[str, Any]) -> TitleFilter:
    return TitleFilter(
        kinds=tuple(Kind(kind) for kind in asked.get("kind", ())),
        genres=tuple(asked.get("genre", ())),
        platforms=tuple(asked.get("platform", ())),
        year_from=asked.get("year_from"),
        year_to=asked.get("year_to"),
    )


def _days_left(offer: OfferRecord, now: datetime) -> int:
    """Count the days until an offer ends, a begun day as a whole one."""
    assert offer.window_end is not None  # `list_expiring` lists nothing without an end.
    return math.ceil((offer.window_end - now).total_seconds() / 86_400)
