"""Profiles: one's own, and the household's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.user.http.serializers import (
    NewProfileBody,
    OwnProfileBody,
    OwnProfileShape,
    ProfileChangeBody,
    ProfileList,
    ProfileShape,
)
from apps.user.http.views.base import READ_PROFILE, WRITE_PROFILE, PersonalView, owner_of
from apps.user.queries.ownership import Owner
from apps.user.queries.profiles import get_own_profile, list_profiles
from apps.user.services.accounts import erase_account
from apps.user.services.profiles import create_profile, delete_profile, update_profile
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

#: Name in requests -> name of the field, where they differ.
_RENAMED = {"time_zone": "zone"}
_ID = OpenApiParameter("profile_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the profile.")


class OwnProfileView(PersonalView):
    """The person whom the token speaks for."""

    scopes = {"GET": READ_PROFILE, "PATCH": WRITE_PROFILE, "DELETE": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_profile_get",
        summary="Read one's own profile",
        responses={200: OwnProfileShape, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Read the profile of the token, with its account."""
        return _own_profile(request, owner_of(request))

    @extend_schema(
        operation_id="user_profile_update",
        summary="Change one's own profile",
        request=OwnProfileBody,
        responses={200: OwnProfileShape, **problems(403, 412)},
    )
    def patch(self, request: Request) -> HttpResponse:
        """Change what is named; a child profile changes nothing."""
        changes = _fields(read_body(OwnProfileBody, json_body(request)))
        owner = owner_of(request)
        expect = version_check(request)
        update_profile(
            owner,
            owner.profile.id,
            changes,
            pin=None,
            expect=lambda version: expect(f"{owner.account.version}.{version}"),
            now=timezone.now(),
        )
        return _own_profile(request, owner_of(request))

    @extend_schema(
        operation_id="user_account_erase",
        summary="Erase the account",
        request=None,
        responses={204: None, **problems(403)},
    )
    def delete(self, request: Request) -> HttpResponse:
        """Close the account with all its profiles at once; it can be restored for 30 days, then everything goes."""
        erase_account(owner_of(request), now=timezone.now())
        return HttpResponse(status=204)


class ProfileListView(PersonalView):
    """The household."""

    scopes = {"GET": READ_PROFILE, "POST": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_profile_list",
        summary="List the household's profiles",
        responses={200: ProfileList, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List everybody, the owner first; they are few, so there is one page."""
        return json_response({"items": list_profiles(owner_of(request))})

    @extend_schema(
        operation_id="user_profile_create",
        summary="Add a profile",
        request=NewProfileBody,
        responses={201: ProfileShape, **problems(403, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Add a person to the household."""
        fields = _fields(read_body(NewProfileBody, json_body(request)))
        profile = create_profile(owner_of(request), fields)
        return versioned_response(request, profile, version=1, status=201)


class ProfileView(PersonalView):
    """A person of the household."""

    scopes = {"PATCH": WRITE_PROFILE, "DELETE": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_household_profile_update",
        summary="Change a profile of the household",
        parameters=[_ID],
        request=ProfileChangeBody,
        responses={200: ProfileShape, **problems(403, 404, 409, 412, 429)},
    )
    def patch(self, request: Request, profile_id: UUID) -> HttpResponse:
        """Change what is named; a child's kind, age, region and unrated titles need the household's PIN."""
        asked = read_body(ProfileChangeBody, json_body(request))
        pin = asked.pop("pin", None)
        profile = update_profile(
            owner_of(request),
            profile_id,
            _fields(asked),
            pin=pin,
            expect=version_check(request),
            now=timezone.now(),
        )
        return json_response(profile)

    @extend_schema(
        operation_id="user_household_profile_delete",
        summary="Remove a profile of the household",
        parameters=[_ID],
        request=None,
        responses={204: None, **problems(403, 404, 409)},
    )
    def delete(self, request: Request, profile_id: UUID) -> HttpResponse:
        """Remove a person with everything that is theirs; the owner's profile goes with the account only."""
        delete_profile(owner_of(request), profile_id)
        return HttpResponse(status=204)


def _own_profile(request: Request, owner: Owner) -> HttpResponse:
    version = f"{owner.account.version}.{owner.profile.version}"
    return versioned_response(request, get_own_profile(owner), version=version)


def _fields(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Name fields as the model does; no region is the empty one there."""
    fields = {_RENAMED.get(name, name): value for name, value in asked.items()}
    if "region" in fields:
        fields["region"] = fields["region"] or ""
    return fields
