"""Every failure as an RFC 9457 problem body: the one place where errors become HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions as drf

from mediagateway.errors import DomainError, FieldError, InvalidInputError, UnauthenticatedError

CONTENT_TYPE = "application/problem+json"

_log = structlog.get_logger(__name__)

#: DRF's own errors -> (code, title). Their status is DRF's.
_DRF: dict[type[drf.APIException], tuple[str, str]] = {
    drf.ParseError: ("malformed_body", "The body cannot be read"),
    drf.MethodNotAllowed: ("method_not_allowed", "Method not allowed"),
    drf.NotAcceptable: ("not_acceptable", "Not acceptable"),
    drf.UnsupportedMediaType: ("unsupported_media_type", "Unsupported media type"),
    drf.NotFound: ("not_found", "Not found"),
    drf.NotAuthenticated: ("unauthenticated", "Authentication is required"),
    drf.AuthenticationFailed: ("invalid_token", "The token is not valid"),
    drf.PermissionDenied: ("forbidden", "Not allowed"),
    drf.Throttled: ("rate_limited", "Too many requests"),
}


def problem_response(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Write one problem body; `type` is the page of our documentation about `code`."""
    body: dict[str, Any] = {
        "type": f"{settings.DOCS_URL}/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    if errors:
        body["errors"] = [
            {"pointer": error.pointer, "code": error.code, "detail": error.detail, "in": error.location}
            for error in errors
        ]
    response = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def problem_for(request: HttpRequest, error: Exception) -> HttpResponse:
    """Turn any exception into its problem; what nobody expected is a 500 that tells the caller nothing but its id."""
    if isinstance(error, DomainError):
        return _for_domain_error(request, error)
    if isinstance(error, drf.ValidationError):
        fields = tuple(field_errors(error.detail))
        return _for_domain_error(request, InvalidInputError("One or more fields are not valid.", fields))
    if isinstance(error, drf.APIException):
        return _for_api_exception(request, error)
    if isinstance(error, Http404):
        return problem_response(request, status=404, code="not_found", title="Not found", detail="Nothing is here.")
    if isinstance(error, PermissionDenied):
        return problem_response(request, status=403, code="forbidden", title="Not allowed", detail="Not allowed.")
    if isinstance(error, RequestDataTooBig):
        return problem_response(
            request,
            status=413,
            code="body_too_large",
            title="The body is too large",
            detail=f"A body may have at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes.",
        )
    if isinstance(error, UnreadablePostError):
        return problem_response(
            request, status=400, code="malformed_body", title="The body cannot be read", detail="The body broke off."
        )
    _log.error("http.unexpected_error", path=request.path, exc_info=error)
    return problem_response(
        request,
        status=500,
        code="internal_error",
        title="Something went wrong here",
        detail="The error is logged under the request id.",
    )


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's hook: every exception out of a view comes through here."""
    return problem_for(context["request"]._request, exc)


def field_errors(detail: Any, pointer: str = "") -> list[FieldError]:
    """Flatten DRF's nested error detail into JSON pointers."""
    if isinstance(detail, dict):
        found = []
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            found += field_errors(inner, pointer + step)
        return found
    if isinstance(detail, list):
        found = []
        for position, inner in enumerate(detail):
            # A list of words belongs to one field; a list of objects has one entry for each item.
            found += field_errors(inner, f"{pointer}/{position}" if isinstance(inner, dict | list) else pointer)
        return found
    return [FieldError(pointer=pointer, code=getattr(detail, "code", "invalid"), detail=str(detail))]


def _for_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error knows its own status and words."""
    return problem_response(
        request,
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        errors=error.errors if isinstance(error, InvalidInputError) else (),
        headers={"WWW-Authenticate": 'Bearer realm="mediagateway"'}
        if isinstance(error, UnauthenticatedError)
        else None,
    )


def _for_api_exception(request: HttpRequest, error: drf.APIException) -> HttpResponse:
    """DRF's exceptions carry a status and, for some, headers."""
    code, title = next(
        (words for kind, words in _DRF.items() if isinstance(error, kind)), ("error", "The request failed")
    )
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(auth_header)
    if wait_s := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait_s) + 1)
    return problem_response(
        request, status=error.status_code, code=code, title=title, detail=str(error.detail), headers=headers
    )
