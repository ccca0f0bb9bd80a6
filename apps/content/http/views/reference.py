"""The vocabulary of the catalogue, its people, and how it is doing."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.content.domain.platforms import PlatformFacts
from apps.content.http.presenters import as_members
from apps.content.http.serializers import (
    GenrePage,
    PersonBody,
    PlatformPage,
    RegionalPageQuery,
    RegionalShortListQuery,
    ShortListQuery,
    StatusBody,
)
from apps.content.http.views.pages import ListAddress
from apps.content.queries.paging import slice_page
from apps.content.queries.people import get_person
from apps.content.queries.reference import catalogue_status, get_genres, get_platform, get_platforms
from mediagateway.http.bodies import cached_body
from mediagateway.http.conditional import dump, public_response
from mediagateway.http.queries import StrictSerializer, read_query
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, policy_of

#: Seconds for which the counts of the catalogue are not counted again.
_STATUS_AGE_S = 30

_SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="Slug of the platform.")
_PERSON = OpenApiParameter("person_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the person.")


class GenreListView(ApiView):
    """The genres."""

    @extend_schema(
        operation_id="content_genre_list",
        summary="List the genres",
        parameters=[ShortListQuery],
        responses={200: GenrePage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List all genres by slug."""
        asked = read_query(ShortListQuery, request.GET)
        address = ListAddress("genres", asked)
        page = slice_page(get_genres(), lambda genre: (genre.slug,), after=address.after, limit=address.limit)
        return address.answer(request, page)


class PlatformListView(ApiView):
    """The platforms."""

    @extend_schema(
        operation_id="content_platform_list",
        summary="List the platforms",
        description="List platforms by slug; with `region`, those that run there or have not stated where they run.",
        parameters=[RegionalShortListQuery],
        responses={200: PlatformPage, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List platforms by slug."""
        asked = read_query(RegionalShortListQuery, request.GET)
        address, region = ListAddress("platforms", asked), asked.get("region")
        platforms = [
            platform
            for platform in get_platforms()
            if region is None or not platform.regions or region in platform.regions
        ]
        page = slice_page(platforms, lambda platform: (platform.slug,), after=address.after, limit=address.limit)
        return address.answer(request, page)


class PlatformView(ApiView):
    """A platform."""

    @extend_schema(
        operation_id="content_platform_get",
        summary="Read a platform",
        parameters=[_SLUG],
        responses={200: shape_of(PlatformFacts), **problems(404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Read one platform."""
        read_query(StrictSerializer, request.GET)
        return public_response(request, dump(get_platform(slug)))


class PersonView(ApiView):
    """A person."""

    @extend_schema(
        operation_id="content_person_get",
        summary="Read a person",
        parameters=[_PERSON, RegionalPageQuery],
        responses={200: PersonBody, **problems(404)},
    )
    def get(self, request: Request, person_id: UUID) -> HttpResponse:
        """Read a person with a page of the titles that they worked on, best known first."""
        asked = read_query(RegionalPageQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        address = ListAddress("person", asked, person_id)
        person = get_person(person_id, policy, now=timezone.now(), after=address.after, limit=address.limit)
        items = ({**as_members(entry.title), "credits": entry.credits} for entry in person.titles.items)
        return address.answer(request, person.titles, items, id=person.id, name=person.name)


class StatusView(ApiView):
    """The service itself."""

    @extend_schema(
        operation_id="content_status_get",
        summary="Say how the catalogue is doing",
        parameters=[],
        responses={200: StatusBody},
    )
    def get(self, request: Request) -> HttpResponse:
        """Say which API this is, how large its catalogue is and how fresh each source's listings are."""
        read_query(StrictSerializer, request.GET)
        now = timezone.now()
        body = cached_body(
            "content:status",
            lambda: (
                {"api_version": "v1", "version": settings.VERSION, "catalogue": catalogue_status()},
                now + timedelta(seconds=_STATUS_AGE_S),
            ),
            now=now,
        )
        return public_response(request, body)
