"""The base of every API view."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from mediagateway.http.authentication import BearerAuthentication
from mediagateway.http.parsers import StrictJSONParser
from mediagateway.policy import Policy


class ApiView(APIView):
    """
    A JSON view: errors are problems, bodies are JSON only, the policy comes with the caller.

    Subclasses answer with `conditional.public_response` or `conditional.json_response`.
    """

    authentication_classes = [BearerAuthentication]
    permission_classes = [AllowAny]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]


def policy_of(request: Request | HttpRequest, *, region: str | None = None) -> Policy:
    """
    Say what this caller may see.

    Args:
        request: The request, whose principal will decide; nobody has a principal until there are accounts.
        region: What the caller asked for by `?region=`; else the profile's, else the server's default.
    """
    return Policy(region=region or settings.DEFAULT_REGION)


def json_body(request: Request) -> Any:
    """Read the parsed body; parse errors surface as problems."""
    return request.data
