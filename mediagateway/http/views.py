"""The base of every API view."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from mediagateway.policy import Policy


class ApiView(APIView):
    """
    A JSON view: errors are problems, bodies are JSON only, the policy comes with the caller.

    Subclasses answer with `conditional.public_response` or `conditional.json_response`.
    """

    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = DefaultContentNegotiation


def policy_of(request: Request | HttpRequest, *, region: str | None = None) -> Policy:
    """
    Say what this caller may see.

    Args:
        request: The request, whose principal decides.
        region: What the caller asked for by `?region=`; else the profile's, else the server's default.
    """
    return Policy(region=region or settings.DEFAULT_REGION)


def json_body(request: Request) -> Any:
    """Read the parsed body; parse errors surface as problems."""
    return request.data
