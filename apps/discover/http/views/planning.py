"""Answers to two questions of a household: what tonight, and which services."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.content.contracts import DeviceKind, Kind
from apps.discover.http import examples
from apps.discover.http.serializers import PlanQuery, PlanShape, TonightBody, TonightShape
from apps.discover.http.views.base import find_viewer
from apps.discover.queries.plan import Prices, find_plan
from apps.discover.queries.tonight import Wish, find_tonight, list_room
from apps.user.api import get_viewer
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body, policy_of


class TonightView(ApiView):
    """What to watch tonight."""

    @extend_schema(
        operation_id="discover_tonight_find",
        summary="Find something to watch tonight",
        request=TonightBody,
        responses={200: TonightShape, **problems(400, 403, 404)},
        examples=[examples.TONIGHT, examples.SUGGESTED],
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Find one title that everybody in the room may watch, that fits the time and can be played now, and two others.

        The strictest limits in the room hold, those of who asks included. Playable is what a service of the household,
        or of those named, includes, what is free, and what comes with ads. The mood is a wish; everything else is
        never broken. `answer` is null only when nothing fits.
        """
        asked, now = read_body(TonightBody, json_body(request)), timezone.now()
        viewer = find_viewer(request, region=asked.get("region"))
        policy = viewer.policy if viewer else policy_of(request, region=asked.get("region"))
        people = asked.get("people", ())
        room = list_room(
            policy,
            viewer,
            profile_ids=[person["profile_id"] for person in people if "profile_id" in person],
            ages=[person["age"] for person in people if "age" in person],
        )
        wish = Wish(
            minutes=asked["minutes"],
            mood=asked.get("mood"),
            services=frozenset(asked["services"]) if "services" in asked else None,
            kinds=tuple(Kind(kind) for kind in asked.get("kinds", ())),
            device=DeviceKind(asked["device"]),
        )
        return json_response(find_tonight(room, viewer, wish, now=now))


class PlanView(ApiView):
    """Which services to have."""

    permission_classes = [Scoped]
    scopes = {"GET": frozenset({"read:watchlist"})}

    @extend_schema(
        operation_id="discover_plan_get",
        summary="Plan services for the watchlist",
        parameters=[PlanQuery],
        responses={200: PlanShape, **problems(403)},
        examples=[examples.PLAN],
    )
    def get(self, request: Request) -> HttpResponse:
        """
        Find the cheapest services, month by month, by which all of the watchlist can be watched before it leaves.

        The answer says whether it is proven to be the cheapest, else by how much one may be cheaper at most, and what
        is saved against keeping the same services all the time. Prices are the caller's: we know none.
        """
        asked = read_query(PlanQuery, request.GET)
        viewer = get_viewer(require_principal(request), region=asked.get("region"))
        priced = {
            service: int(price) for service, _, price in (each.partition(":") for each in asked.get("prices", ()))
        }
        prices = Prices(priced, asked["currency"]) if priced else None
        return json_response(find_plan(viewer, months=asked["months"], prices=prices, now=timezone.now()))
