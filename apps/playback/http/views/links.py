"""Deep links: from a title to the app that plays it."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.content.contracts import DeviceKind
from apps.playback.http import examples
from apps.playback.http.serializers import DeepLinkBody, DeepLinkShape
from apps.playback.http.views.base import PersonalView, viewer_of
from apps.playback.queries.links import device_kind_of, get_deep_link
from apps.sync import api as sync
from mediagateway.http.conditional import json_response
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body


class DeepLinkView(PersonalView):
    """How to open a title."""

    scopes = {"POST": frozenset({"read:content"})}

    @extend_schema(
        operation_id="playback_link_resolve",
        summary="Find the best way to watch a title",
        request=DeepLinkBody,
        responses={200: DeepLinkShape, **problems(403, 404)},
        examples=[examples.DEEP_LINK, examples.LINKS],
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Choose the offer that costs this household least and write the addresses that open it on a device.

        What the household pays for comes first, then what is free, has ads, is for rent, for sale, and last what needs
        a new subscription. Try the links in their order: app, universal, web.
        """
        asked = read_body(DeepLinkBody, json_body(request))
        viewer, now = viewer_of(request, region=asked.get("region")), timezone.now()
        device = DeviceKind(asked["device"])
        if "device_id" in asked:
            device = device_kind_of(sync.get_device(viewer, asked["device_id"], now))
        answer = get_deep_link(viewer, asked["content_id"], device=device, platform=asked.get("platform"), now=now)
        return json_response(answer)
