"""Lists to look through: trends, films, series, and the rows of a start page."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.content import api as content
from apps.content.contracts import Kind, Sort, TitleFilter, TitleSummary
from apps.discover.contracts import TrendingRecord
from apps.discover.http import examples
from apps.discover.http.serializers import BrowseKindQuery, BrowsePage, RowList, TrendingPage, TrendingQuery
from apps.discover.http.views.base import find_viewer
from apps.discover.queries.rows import list_rows
from apps.discover.queries.trending import list_trending
from mediagateway.http.conditional import dump, json_response, public_response
from mediagateway.http.pagination import Page, decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.queries import RegionQuery, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, policy_of


class TrendingListView(ApiView):
    """What is watched now."""

    @extend_schema(
        operation_id="discover_trending_list",
        summary="List what is watched most",
        parameters=[TrendingQuery],
        responses={200: TrendingPage, **problems(400)},
        examples=[examples.TRENDING],
    )
    def get(self, request: Request) -> HttpResponse:
        """
        List what is watched most in a region now; where nothing has been watched yet, what is popular (`basis`).

        Every viewing counts by how much of the title was watched and fades by half in 48 hours; a person counts once a
        day for a title, and at most 20 times a day.
        """
        asked = read_query(TrendingQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        name = _list_name("trending", asked, policy.region)
        kinds = (Kind(asked["kind"]),) if "kind" in asked else ()
        basis, page = list_trending(
            policy,
            kinds=kinds,
            now=timezone.now(),
            after=decode_cursor(name, asked["cursor"]),
            limit=asked["limit"],
        )
        items = [_with_score(record) for record in page.items]
        return _answer(request, name, page, items, basis=basis)


class MovieListView(ApiView):
    """Films."""

    @extend_schema(
        operation_id="discover_movie_list",
        summary="Browse films",
        parameters=[BrowseKindQuery],
        responses={200: BrowsePage, **problems(400)},
        examples=[examples.BROWSE],
    )
    def get(self, request: Request) -> HttpResponse:
        """List films by genre, platform, own services and year, in one of several orders."""
        return _browse(request, Kind.MOVIE)


class SeriesListView(ApiView):
    """Series."""

    @extend_schema(
        operation_id="discover_series_list",
        summary="Browse series",
        parameters=[BrowseKindQuery],
        responses={200: BrowsePage, **problems(400)},
        examples=[examples.BROWSE],
    )
    def get(self, request: Request) -> HttpResponse:
        """List series by genre, platform, own services and year, in one of several orders."""
        return _browse(request, Kind.SERIES)


class RowListView(ApiView):
    """A start page."""

    @extend_schema(
        operation_id="discover_row_list",
        summary="Read the rows of a start page",
        parameters=[RegionQuery],
        responses={200: RowList, **problems(400)},
        examples=[examples.ROWS],
    )
    def get(self, request: Request) -> HttpResponse:
        """Read rows of titles, each with the reason why it is there; a person's own come first."""
        asked = read_query(RegionQuery, request.GET)
        viewer = find_viewer(request, region=asked.get("region"))
        policy = viewer.policy if viewer else policy_of(request, region=asked.get("region"))
        body = {"region": policy.region, "items": list_rows(policy, viewer, now=timezone.now())}
        return json_response(body) if viewer else public_response(request, dump(body))


def _browse(request: Request, kind: Kind) -> HttpResponse:
    asked = read_query(BrowseKindQuery, request.GET)
    policy = policy_of(request, region=asked.get("region"))
    platforms = set(asked.get("platform", ()))
    if asked["my_services"]:
        platforms = platforms & policy.services if platforms else set(policy.services)
    name = _list_name(kind, asked, policy.region, *sorted(platforms))
    if asked["my_services"] and not platforms:
        # A household without services has none of theirs, not all of everybody's.
        return _answer(request, name, Page((), None), ())
    page = content.list_titles(
        TitleFilter(
            kinds=(kind,),
            genres=tuple(asked.get("genre", ())),
            platforms=tuple(sorted(platforms)),
            year_from=asked.get("year_from"),
            year_to=asked.get("year_to"),
        ),
        policy,
        sort=Sort(asked["sort"]),
        now=timezone.now(),
        after=decode_cursor(name, asked["cursor"]),
        limit=asked["limit"],
    )
    return _answer(request, name, page, page.items)


def _with_score(record: TrendingRecord) -> dict[str, Any]:
    members = {column.name: getattr(record.title, column.name) for column in fields(TitleSummary)}
    return {**members, "trend_score": record.score}


def _list_name(name: str, asked: Mapping[str, Any], *scope: str) -> str:
    """Name a list by everything that shapes it, so that a cursor of another fits it not."""
    filters = (f"{key}={asked[key]}" for key in sorted(asked) if key not in ("limit", "cursor"))
    return ":".join(("discover", name, *scope, *filters))


def _answer(request: Request, name: str, page: Page[Any], items: Any, **about: object) -> HttpResponse:
    next_cursor = encode_cursor(name, page.next_key) if page.next_key is not None else None
    response = public_response(request, dump({**about, **page_body(items, next_cursor)}))
    if next_cursor is not None:
        response["Link"] = next_link(request, next_cursor)
    return response
