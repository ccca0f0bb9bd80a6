"""Every failure as an RFC 9457 problem body: the one place where errors become HTTP."""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django_ratelimit.exceptions import Ratelimited
from rest_framework import exceptions as drf

from mediagateway import errors
from mediagateway.errors import DomainError, FieldError, InvalidInputError
from mediagateway.http import errors as http_errors

CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="mediagateway"'

_log = structlog.get_logger(__name__)

#: What Django and DRF raise -> what we call it. The first entry that the exception is an instance of holds.
_TRANSLATIONS: tuple[tuple[type[Exception], type[DomainError], str], ...] = (
    (drf.ParseError, http_errors.MalformedBodyError, ""),
    (drf.MethodNotAllowed, http_errors.MethodNotAllowedError, ""),
    (drf.NotAcceptable, http_errors.NotAcceptableError, "This path answers with JSON."),
    (drf.UnsupportedMediaType, http_errors.UnsupportedMediaTypeError, ""),
    (drf.NotFound, errors.NotFoundError, ""),
    (drf.NotAuthenticated, errors.UnauthenticatedError, ""),
    (drf.AuthenticationFailed, http_errors.InvalidTokenError, ""),
    (drf.PermissionDenied, errors.ForbiddenError, ""),
    (drf.Throttled, http_errors.RateLimitedError, ""),
    (Http404, errors.NotFoundError, "Nothing is here."),
    # A PermissionDenied too, so it stands in front of it.
    (Ratelimited, http_errors.RateLimitedError, "Too many attempts; wait a minute."),
    (PermissionDenied, errors.ForbiddenError, "This is not allowed."),
    (RequestDataTooBig, http_errors.BodyTooLargeError, "The body is larger than this path takes."),
    (UnreadablePostError, http_errors.MalformedBodyError, "The body broke off."),
    (SuspiciousOperation, http_errors.MalformedRequestError, "The request is not one that this service can read."),
    (BadRequest, http_errors.MalformedRequestError, "The request is not one that this service can read."),
    (OperationalError, errors.UnavailableError, "The database does not answer; try again shortly."),
    (InterfaceError, errors.UnavailableError, "The database does not answer; try again shortly."),
)


def problem_body(error: DomainError, *, instance: str, request_id: str) -> bytes:
    """Write the body alone; `type` is the page of our documentation about the error's code."""
    body: dict[str, Any] = {
        "type": f"{settings.DOCS_URL}/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        "request_id": request_id,
    }
    if isinstance(error, InvalidInputError) and error.errors:
        body["errors"] = [
            {"pointer": field.pointer, "code": field.code, "detail": field.detail, "in": field.location}
            for field in error.errors
        ]
    return orjson.dumps(body)


def problem_response(
    request: HttpRequest, error: DomainError, *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a problem; further headers may say what the status alone does not."""
    body = problem_body(error, instance=request.path, request_id=getattr(request, "request_id", ""))
    response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if error.status == 401 or isinstance(error, http_errors.InsufficientScopeError):
        response["WWW-Authenticate"] = _challenge(error)
    if error.status == 503:
        response["Retry-After"] = "1"
    if wait_s := getattr(error, "retry_after_s", None):
        response["Retry-After"] = str(wait_s)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def problem_for(request: HttpRequest, error: Exception) -> HttpResponse:
    """Turn any exception into its problem; what nobody expected is a 500 that tells the caller nothing but its id."""
    if isinstance(error, DomainError):
        return problem_response(request, error)
    if isinstance(error, drf.ValidationError):
        fields = field_errors(error.detail)
        return problem_response(request, InvalidInputError("One or more fields are not valid.", fields))
    translated = _translate(error)
    if translated.status >= 500:
        _log.error("http.unexpected_error", code=translated.code, exc_info=error)
    wait_s = getattr(error, "wait", None)
    return problem_response(request, translated, headers={"Retry-After": str(int(wait_s) + 1)} if wait_s else None)


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's hook: every exception out of a view comes through here."""
    return problem_for(context["request"], exc)


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


def _translate(error: Exception) -> DomainError:
    """Find our name for an exception that is not ours."""
    for kind, ours, detail in _TRANSLATIONS:
        if isinstance(error, kind):
            return ours(detail or str(getattr(error, "detail", ours.title)))
    return http_errors.InternalError("The error is logged under the request id.")


def _challenge(error: DomainError) -> str:
    """Write the RFC 6750 challenge; it names an error only when there was a token to be wrong."""
    if isinstance(error, http_errors.InvalidTokenError):
        return f'{CHALLENGE}, error="invalid_token"'
    if isinstance(error, http_errors.InsufficientScopeError):
        return f'{CHALLENGE}, error="insufficient_scope", scope="{error.scope}"'
    return CHALLENGE
