"""What the whole household shares: parental controls, subscriptions, consents, exports."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.user.domain.consents import TEXT_VERSION
from apps.user.http.serializers import (
    ConsentList,
    ConsentsBody,
    ControlsBody,
    ControlsShape,
    ExportAnswer,
    PinAnswer,
    PinBody,
    SubscriptionList,
    SubscriptionsBody,
)
from apps.user.http.views.base import READ_PROFILE, WRITE_PROFILE, PersonalView, owner_of
from apps.user.queries.belongings import get_controls, list_consents, list_subscriptions
from apps.user.queries.exports import get_export
from apps.user.queries.ownership import Owner
from apps.user.services.belongings import record_consents, set_subscriptions
from apps.user.services.controls import set_controls
from apps.user.services.exports import request_export
from apps.user.services.pins import verify_pin
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

_EXPORT_ID = OpenApiParameter("export_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the export.")


class ParentalControlsView(PersonalView):
    """The limits of the household's child profiles."""

    scopes = {"GET": READ_PROFILE, "PUT": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_parental_controls_get",
        summary="Read the limits of child profiles",
        responses={200: ControlsShape, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Read the limits; a profile may have an age limit of its own."""
        return _controls(request, owner_of(request))

    @extend_schema(
        operation_id="user_parental_controls_set",
        summary="Set the limits of child profiles",
        request=ControlsBody,
        responses={200: ControlsShape, **problems(403, 412, 429)},
    )
    def put(self, request: Request) -> HttpResponse:
        """Set limits, the PIN, or both; with a PIN nothing changes without it, and a child profile changes nothing."""
        asked = read_body(ControlsBody, json_body(request))
        new_pin = (asked.pop("new_pin") or "") if "new_pin" in asked else None
        set_controls(
            owner_of(request),
            pin=asked.pop("pin", None),
            new_pin=new_pin,
            limits=_limits(asked),
            expect=version_check(request),
            now=timezone.now(),
        )
        return _controls(request, owner_of(request))


class PinCheckView(PersonalView):
    """The household's PIN."""

    scopes = READ_PROFILE

    @extend_schema(
        operation_id="user_pin_verify",
        summary="Check the household's PIN",
        request=PinBody,
        responses={200: PinAnswer, **problems(403, 409, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Say whether this is the PIN; after several wrong ones no PIN is taken for a while, which grows."""
        pin = read_body(PinBody, json_body(request))["pin"]
        verify_pin(owner_of(request), pin, now=timezone.now())
        return json_response({"verified": True})


class SubscriptionListView(PersonalView):
    """The platforms that the household pays for."""

    scopes = {"GET": READ_PROFILE, "PUT": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_subscription_list",
        summary="List the household's platforms",
        responses={200: SubscriptionList, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List what the household pays for now; offers of these come first."""
        return _subscriptions(request, owner_of(request))

    @extend_schema(
        operation_id="user_subscription_set",
        summary="Set the household's platforms",
        request=SubscriptionsBody,
        responses={200: SubscriptionList, **problems(403, 412)},
    )
    def put(self, request: Request) -> HttpResponse:
        """Make these the platforms that the household pays for."""
        platforms = read_body(SubscriptionsBody, json_body(request))["platforms"]
        set_subscriptions(owner_of(request), platforms, expect=version_check(request), now=timezone.now())
        return _subscriptions(request, owner_of(request))


class ConsentListView(PersonalView):
    """What the household has agreed to."""

    scopes = {"GET": READ_PROFILE, "PUT": WRITE_PROFILE}

    @extend_schema(
        operation_id="user_consent_list",
        summary="List privacy consents",
        responses={200: ConsentList, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the answer that holds for each purpose; nothing is granted that was not asked for."""
        return _consents(request)

    @extend_schema(
        operation_id="user_consent_record",
        summary="Answer questions about privacy",
        request=ConsentsBody,
        responses={200: ConsentList, **problems(403)},
    )
    def put(self, request: Request) -> HttpResponse:
        """Record answers beside the earlier ones, which stay."""
        answers = read_body(ConsentsBody, json_body(request))["answers"]
        record_consents(owner_of(request), answers, now=timezone.now())
        return _consents(request)


class ExportListView(PersonalView):
    """Everything that is known of the household."""

    scopes = READ_PROFILE

    @extend_schema(
        operation_id="user_export_request",
        summary="Ask for everything that is known of the household",
        request=None,
        responses={202: ExportAnswer, **problems(403)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Have it gathered; `Location` says where it will be."""
        export = request_export(owner_of(request), now=timezone.now())
        response = json_response({**_members(export), "document": None}, status=202)
        response["Location"] = f"{request.path}/{export.id}"
        return response


class ExportView(PersonalView):
    """One export."""

    scopes = READ_PROFILE

    @extend_schema(
        operation_id="user_export_get",
        summary="Fetch an export",
        parameters=[_EXPORT_ID],
        responses={200: ExportAnswer, **problems(403, 404)},
    )
    def get(self, request: Request, export_id: UUID) -> HttpResponse:
        """Say how far the export is, and give it once it is ready; it is kept for seven days."""
        export, document = get_export(owner_of(request), export_id)
        return json_response({**_members(export), "document": document})


def _controls(request: Request, owner: Owner) -> HttpResponse:
    return versioned_response(request, get_controls(owner), version=owner.account.version)


def _subscriptions(request: Request, owner: Owner) -> HttpResponse:
    return versioned_response(request, {"items": list_subscriptions(owner)}, version=owner.account.version)


def _consents(request: Request) -> HttpResponse:
    owner = owner_of(request)
    body = {"text_version": TEXT_VERSION, "items": list_consents(owner)}
    return versioned_response(request, body, version=owner.account.version)


def _limits(asked: dict[str, Any]) -> dict[str, Any]:
    """Name fields as the model does."""
    limits: dict[str, Any] = {name: asked[name] for name in ("max_age", "blocked_genres") if name in asked}
    if "blocked_genres" in limits:
        limits["blocked_genres"] = sorted(set(limits["blocked_genres"]))
    if "window" in asked:
        window = asked["window"] or {"start": None, "end": None}
        limits |= {"window_start": window["start"], "window_end": window["end"]}
    if "time_zone" in asked:
        limits["zone"] = asked["time_zone"]
    return limits


def _members(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
