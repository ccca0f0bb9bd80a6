"""What a person likes: preferences and ratings."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.user.http.serializers import PreferencesBody, RatingBody, RatingPage, RatingShape
from apps.user.http.views.base import PersonalView, owner_of
from apps.user.queries.belongings import get_preferences, get_rating, list_ratings
from apps.user.services.belongings import delete_rating, rate, set_preferences
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body, policy_of

_CONTENT_ID = OpenApiParameter("content_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the title.")
_READ_PREFERENCES = frozenset({"read:preferences"})
_WRITE_PREFERENCES = frozenset({"write:preferences"})
_READ_RATINGS = frozenset({"read:ratings"})
_WRITE_RATINGS = frozenset({"write:ratings"})


class PreferencesView(PersonalView):
    """Preferences of the profile."""

    scopes = {"GET": _READ_PREFERENCES, "PUT": _WRITE_PREFERENCES, "PATCH": _WRITE_PREFERENCES}

    @extend_schema(
        operation_id="user_preferences_get",
        summary="Read preferences",
        responses={200: PreferencesBody, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Read every preference; what nobody has chosen has its default."""
        return _preferences(request)

    @extend_schema(
        operation_id="user_preferences_replace",
        summary="Set all preferences",
        request=PreferencesBody,
        responses={200: PreferencesBody, **problems(403, 412)},
    )
    def put(self, request: Request) -> HttpResponse:
        """Set what is named and bring everything else back to its default."""
        return _set_preferences(request, replace=True)

    @extend_schema(
        operation_id="user_preferences_update",
        summary="Change preferences",
        request=PreferencesBody,
        responses={200: PreferencesBody, **problems(403, 412)},
    )
    def patch(self, request: Request) -> HttpResponse:
        """Set what is named and leave everything else."""
        return _set_preferences(request, replace=False)


class RatingListView(PersonalView):
    """What the profile thinks of titles."""

    scopes = {"GET": _READ_RATINGS}

    @extend_schema(
        operation_id="user_rating_list",
        summary="List ratings",
        parameters=[PageQuery],
        responses={200: RatingPage, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List ratings, newest first."""
        asked, owner = read_query(PageQuery, request.GET), owner_of(request)
        # A cursor of one person fits no other's list.
        list_name = f"user:ratings:{owner.profile.id}"
        page = list_ratings(
            owner,
            policy=policy_of(request),
            now=timezone.now(),
            after=decode_cursor(list_name, asked["cursor"]),
            limit=asked["limit"],
        )
        next_cursor = encode_cursor(list_name, page.next_key) if page.next_key else None
        response = json_response(page_body(page.items, next_cursor))
        if next_cursor:
            response["Link"] = next_link(request, next_cursor)
        return response


class RatingView(PersonalView):
    """What the profile thinks of one title."""

    scopes = {"GET": _READ_RATINGS, "PUT": _WRITE_RATINGS, "DELETE": _WRITE_RATINGS}

    @extend_schema(
        operation_id="user_rating_get",
        summary="Read a rating",
        parameters=[_CONTENT_ID],
        responses={200: RatingShape, **problems(403, 404)},
    )
    def get(self, request: Request, content_id: UUID) -> HttpResponse:
        """Read what the profile thinks of a title."""
        rating = get_rating(owner_of(request), content_id, policy=policy_of(request), now=timezone.now())
        return json_response(rating)

    @extend_schema(
        operation_id="user_rating_set",
        summary="Rate a title",
        parameters=[_CONTENT_ID],
        request=RatingBody,
        responses={200: RatingShape, **problems(403, 404)},
    )
    def put(self, request: Request, content_id: UUID) -> HttpResponse:
        """Rate a title from 1 to 10, or change the rating."""
        score = read_body(RatingBody, json_body(request))["score"]
        rating = rate(owner_of(request), content_id, score, policy=policy_of(request), now=timezone.now())
        return json_response(rating)

    @extend_schema(
        operation_id="user_rating_delete",
        summary="Take a rating back",
        parameters=[_CONTENT_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, content_id: UUID) -> HttpResponse:
        """Forget what the profile thinks of a title."""
        delete_rating(owner_of(request), content_id, now=timezone.now())
        return HttpResponse(status=204)


def _preferences(request: Request) -> HttpResponse:
    owner = owner_of(request)
    return versioned_response(request, get_preferences(owner), version=owner.profile.version)


def _set_preferences(request: Request, *, replace: bool) -> HttpResponse:
    values = read_body(PreferencesBody, json_body(request))
    set_preferences(owner_of(request), values, replace=replace, expect=version_check(request), now=timezone.now())
    return _preferences(request)
