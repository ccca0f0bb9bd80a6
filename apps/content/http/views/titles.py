"""One title and its parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.content.domain.vocabulary import Kind
from apps.content.errors import TitleMergedError, TitleNotFoundError
from apps.content.http import examples
from apps.content.http.bodies import body_key, include_key
from apps.content.http.presenters import as_members, present_availability
from apps.content.http.serializers import (
    AvailabilityBody,
    AvailabilityQuery,
    CreditPage,
    DetailQuery,
    EpisodePage,
    RegionalShortListQuery,
    SeasonPage,
    TitleBody,
)
from apps.content.http.views.pages import ListAddress
from apps.content.queries import details
from apps.content.queries.details import SeasonRecord, credit_key
from apps.content.queries.handles import TitleHandle, get_handle
from apps.content.queries.offers import get_availability, list_offers_as_known
from apps.content.queries.paging import slice_page
from mediagateway.http.bodies import cached_body
from mediagateway.http.conditional import dump, public_response
from mediagateway.http.queries import RegionQuery, read_query
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, policy_of
from mediagateway.policy import Policy

_ID = OpenApiParameter("title_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the title.")
_NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="Number of the season.")
_MERGED: dict[int | str, Any] = {
    308: OpenApiResponse(description="The id was merged into another title; `Location` is the same resource of that.")
}


class TitleView(ApiView):
    """The base of everything below a title's address."""

    def handle_exception(self, exc: Exception) -> Any:
        """Send who asks for a merged id on to the title that answers for it; the rest goes the usual way."""
        if not isinstance(exc, TitleMergedError):
            return super().handle_exception(exc)
        match = self.request.resolver_match
        assert match is not None  # A view runs only once its URL is resolved.
        location = reverse(match.view_name, kwargs={**match.kwargs, "title_id": exc.survivor})
        if query := self.request.META.get("QUERY_STRING"):
            location += f"?{iri_to_uri(query)}"
        response = public_response(self.request, b"")
        response.status_code = 308
        response["Location"] = location
        del response["Content-Type"], response["ETag"]
        return response


class TitleDetailView(TitleView):
    """A title."""

    @extend_schema(
        operation_id="content_title_get",
        summary="Read a title",
        parameters=[_ID, DetailQuery],
        responses={200: TitleBody, **_MERGED, **problems(404)},
        examples=[examples.TITLE],
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """Read a title; certificate, best offer and availability are the region's."""
        asked = read_query(DetailQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        handle, now = get_handle(title_id, policy), timezone.now()
        include = frozenset(asked.get("include", ()))
        body = cached_body(
            body_key("title", handle, policy, include_key(include)),
            lambda: _detail(handle, policy, include, now),
            now=now,
        )
        return public_response(request, body)


class AvailabilityView(TitleView):
    """Where a title can be watched."""

    @extend_schema(
        operation_id="content_availability_get",
        summary="Say where a title can be watched",
        parameters=[_ID, AvailabilityQuery],
        responses={200: AvailabilityBody, **_MERGED, **problems(404)},
        examples=[examples.AVAILABILITY],
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """
        List the offers of a title in a region, best first, each with its links for every kind of device.

        A season or episode is offered where its series is.
        """
        asked = read_query(AvailabilityQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        handle, now = get_handle(title_id, policy), timezone.now()
        if as_of := asked.get("as_of"):
            offers = list_offers_as_known(handle, policy, as_of=as_of)
            body = dump(present_availability(handle.id, policy.region, offers, as_of=as_of))
        else:
            body = cached_body(
                body_key("availability", handle, policy), lambda: _availability(handle, policy, now), now=now
            )
        return public_response(request, body)


class CreditListView(TitleView):
    """Who made a title."""

    @extend_schema(
        operation_id="content_credit_list",
        summary="List who made a title",
        parameters=[_ID, RegionalShortListQuery],
        responses={200: CreditPage, **_MERGED, **problems(404)},
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """List the credits of a title, role by role in billing order; a season's or episode's are its series'."""
        asked = read_query(RegionalShortListQuery, request.GET)
        handle = get_handle(title_id, policy_of(request, region=asked.get("region")))
        address = ListAddress("credits", asked, handle.id)
        page = slice_page(details.list_credits(handle), credit_key, after=address.after, limit=address.limit)
        return address.answer(request, page)


class SeasonListView(TitleView):
    """The seasons of a series."""

    @extend_schema(
        operation_id="content_season_list",
        summary="List the seasons of a series",
        parameters=[_ID, RegionalShortListQuery],
        responses={200: SeasonPage, **_MERGED, **problems(404)},
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """List the seasons of a series by number; other kinds of titles have none."""
        asked = read_query(RegionalShortListQuery, request.GET)
        handle = get_handle(title_id, policy_of(request, region=asked.get("region")))
        address = ListAddress("seasons", asked, handle.id)
        seasons = details.list_seasons(handle)
        return address.answer(request, slice_page(seasons, _by_number, after=address.after, limit=address.limit))


class SeasonView(TitleView):
    """A season."""

    @extend_schema(
        operation_id="content_season_get",
        summary="Read a season",
        parameters=[_ID, _NUMBER, RegionQuery],
        responses={200: shape_of(SeasonRecord), **_MERGED, **problems(404)},
    )
    def get(self, request: Request, title_id: UUID, number: int) -> HttpResponse:
        """Read one season of a series by its number."""
        asked = read_query(RegionQuery, request.GET)
        handle = get_handle(title_id, policy_of(request, region=asked.get("region")))
        return public_response(request, dump(_season(handle, number)))


class EpisodeListView(TitleView):
    """The episodes of a season."""

    @extend_schema(
        operation_id="content_episode_list",
        summary="List the episodes of a season",
        parameters=[_ID, _NUMBER, RegionalShortListQuery],
        responses={200: EpisodePage, **_MERGED, **problems(404)},
    )
    def get(self, request: Request, title_id: UUID, number: int) -> HttpResponse:
        """List the episodes of a season by number; an episode known by its number alone has no title."""
        asked = read_query(RegionalShortListQuery, request.GET)
        handle = get_handle(title_id, policy_of(request, region=asked.get("region")))
        address = ListAddress("episodes", asked, handle.id, number)
        episodes = details.list_episodes(handle, _season(handle, number))
        return address.answer(request, slice_page(episodes, _by_number, after=address.after, limit=address.limit))


def _season(handle: TitleHandle, number: int) -> SeasonRecord:
    if handle.kind is not Kind.SERIES:
        raise TitleNotFoundError("Only a series has seasons.")
    return details.get_season(handle, number)


def _by_number(part: Any) -> tuple[int]:
    return (part.number,)


def _detail(
    handle: TitleHandle, policy: Policy, include: frozenset[str], now: datetime
) -> tuple[dict[str, Any], datetime | None]:
    """Build the body of a title, and say until when its offers stay what they are."""
    availability = get_availability(handle, policy, now=now)
    parts: dict[str, Sequence[Any] | dict[str, Any]] = {}
    if "credits" in include:
        parts["credits"] = details.list_credits(handle)
    if "images" in include:
        parts["images"] = details.list_images(handle)
    if "seasons" in include:
        parts["seasons"] = details.list_seasons(handle)
    if "availability" in include:
        parts["availability"] = present_availability(handle.id, policy.region, availability.offers)
    return {**as_members(details.get_detail(handle, policy, now=now)), **parts}, availability.changes_at


def _availability(handle: TitleHandle, policy: Policy, now: datetime) -> tuple[dict[str, Any], datetime | None]:
    """Build the body of a title's current offers, and say until when they stay what they are."""
    availability = get_availability(handle, policy, now=now)
    return present_availability(handle.id, policy.region, availability.offers), availability.changes_at
