"""The base of every API view."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from mediagateway.http.authentication import BearerAuthentication
from mediagateway.http.parsers import StrictJSONParser
from mediagateway.http.permissions import principal_of
from mediagateway.policy import Policy
from mediagateway.principal import Principal

#: Takes the caller and the region that was asked for, and answers with the policy that holds.
PolicyResolver = Callable[[Principal | None, str | None], Policy]


class DirectNegotiation(DefaultContentNegotiation):
    """DRF's negotiation, without its 30 µs where a view has one renderer and the caller takes what there is."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Choose a renderer, or refuse with 406."""
        first = next(iter(renderers))
        if request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", first.media_type):
            return first, str(first.media_type)
        chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        return chosen


class ApiView(APIView):
    """
    A JSON view: errors are problems, bodies are JSON only, the policy comes with the caller.

    Subclasses answer with `conditional.public_response` or `conditional.json_response`.
    """

    authentication_classes = [BearerAuthentication]
    permission_classes = [AllowAny]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = DirectNegotiation

    def options(  # type: ignore[override] # the stubs promise DRF's Response where any response of Django's will do
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer with `Allow` and no body: the OpenAPI document describes the path, not DRF's metadata."""
        return HttpResponse(status=204)


def policy_of(request: Request | HttpRequest, *, region: str | None = None) -> Policy:
    """
    Say what this caller may see.

    Args:
        request: The request, whose principal decides; `settings.POLICY_RESOLVER` names who knows how.
        region: What the caller asked for by `?region=`; else the profile's, else the server's default. A child's is
            the profile's whatever was asked.
    """
    resolve: PolicyResolver = import_string(settings.POLICY_RESOLVER)
    return resolve(principal_of(request), region)


def json_body(request: Request) -> Any:
    """Read the parsed body; parse errors surface as problems."""
    return request.data
