"""`Idempotency-Key` on views that create."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from mediagateway import idempotency
from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.http.authentication import identify
from mediagateway.idempotency import Answer
from mediagateway.limits.subjects import subject_of

HEADER = "Idempotency-Key"
#: Printable ASCII. The draft writes the value as a quoted string; without the quotes is how most clients send it.
_KEY = re.compile(r'"?[!#-~]{1,255}"?')
#: What an answer is sent again with; the rest belongs to the request that brings it.
_KEPT_HEADERS = ("Content-Type", "Cache-Control", "Location", "ETag", "Link")

View = TypeVar("View", bound=Callable[..., HttpResponse])


def idempotent(view: View) -> View:
    """
    Let a POST be sent again under the same `Idempotency-Key`: the second answer is the first one, marked as replayed.

    A method of a view class is decorated; authentication and permissions have been before. Answers of 500 and above,
    and exceptions, are not kept. Without the header nothing changes.
    """

    @wraps(view)
    def handle(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        given = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if given is None:
            return view(self, request, *args, **kwargs)
        plain = request._request  # noqa: SLF001 -- Django's request, which DRF's stands for
        claim = idempotency.make_claim(_caller_of(plain), f"POST {request.path}", _read_key(given))
        kept = idempotency.begin(claim, plain.body)
        if kept is not None:
            return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})
        try:
            response = view(self, request, *args, **kwargs)
        except BaseException:
            idempotency.abandon(claim)
            raise
        if response.status_code >= 500:
            idempotency.abandon(claim)
            return response
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        idempotency.finish(claim, Answer(response.status_code, headers, response.content))
        return response

    parameter = OpenApiParameter(
        HEADER, str, OpenApiParameter.HEADER, description="Makes it safe to send the request again, for 24 hours."
    )
    return cast("View", extend_schema(parameters=[parameter])(handle))


def _caller_of(request: HttpRequest) -> str:
    """Name the caller more closely than limits do: what one person of a household made is not another's to read."""
    principal = identify(request)
    whose = (principal.profile_id, principal.client_id, principal.actor_id) if principal else ()
    return f"{subject_of(principal, request)} {whose}"


def _read_key(given: str) -> str:
    """
    Read the header.

    Raises:
        InvalidInputError: Empty, too long, or not printable ASCII.
    """
    if not _KEY.fullmatch(given):
        error = FieldError(f"/{HEADER}", "invalid", "1 to 255 printable ASCII characters.", "header")
        raise InvalidInputError("The Idempotency-Key cannot be read.", [error])
    return given.strip('"')
