"""What happens to every request around its view; `settings.MIDDLEWARE` lists these classes from the outside in."""

import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import structlog
from corsheaders.middleware import CorsMiddleware
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_vary_headers
from gunicorn.http.errors import ParseException

from mediagateway.errors import DomainError, ForbiddenError, NotFoundError, UnavailableError
from mediagateway.http import errors
from mediagateway.http.problem import problem_response
from mediagateway.lifecycle import queued_s
from mediagateway.telemetry.metrics import IN_FLIGHT, REQUEST_SECONDS

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}\Z")
#: W3C Trace Context, version 00: version, trace id, parent id, flags.
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
#: What Django leaves in a path in place of a byte that is not UTF-8.
_BROKEN_BYTE = re.compile("%[89A-F][0-9A-F]")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """
    Gives each request its id, binds that to every log line, and writes one line and one sample about it at the end.

    Outermost, so that its time holds everything and its id is on every answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the request and say how it went."""
        started = time.perf_counter()
        IN_FLIGHT.inc()
        try:
            request_id = self._bind(request)
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if not response.streaming and "Content-Length" not in response.headers:
                response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined] # not streaming
            self._record(request, response, time.perf_counter() - started)
        finally:
            IN_FLIGHT.dec()
            structlog.contextvars.clear_contextvars()
        return response

    def _bind(self, request: HttpRequest) -> str:
        """Take the caller's id when it is sane, else mint one; a trace that begins here binds its own id further in."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.match(given) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined] # ours
        trace_id = _given_trace_id(request)
        if trace_id:
            structlog.contextvars.bind_contextvars(request_id=request_id, trace_id=trace_id)
        else:
            structlog.contextvars.bind_contextvars(request_id=request_id)
        return request_id

    def _record(self, request: HttpRequest, response: HttpResponseBase, took_s: float) -> None:
        """Write the line and the sample. Never the query: it may hold what a person is looking for."""
        match = request.resolver_match
        view = match.view_name if match else "none"
        method = request.method if request.method in _METHODS else "other"
        REQUEST_SECONDS.labels(view, method, response.status_code).observe(took_s)
        # Probes come every few seconds from every balancer: their lines are for debugging only.
        write = _log.debug if match and match.app_name == "platform" and response.status_code < 400 else _log.info
        write(
            "http.request",
            method=method,
            path=request.path,
            view=view,
            status=response.status_code,
            took_ms=round(took_s * 1000, 2),
        )


class SecurityHeadersMiddleware(CSPMiddleware):
    """
    Puts the security headers on every answer: pages, files, errors, whatever made them.

    The content policy is one fixed string, except where a view chose its own by django-csp's decorators, and for the
    admin, whose views are not ours to decorate. (Building the fixed one by django-csp costs 30 µs for each answer.)
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set all headers, and the content policy unless the view's own is there."""
        if request.path_info.startswith(settings.SESSION_PATHS):
            response._csp_config = settings.ADMIN_CONTENT_POLICY  # type: ignore[attr-defined] # noqa: SLF001 -- as @csp
        if hasattr(response, "_csp_config"):
            response = super().process_response(request, response)
            response["Reporting-Endpoints"] = f'csp="{settings.CSP_REPORT_PATH}"'
        else:
            response["Content-Security-Policy"] = settings.CONTENT_POLICY
        for name, value in settings.SECURITY_HEADERS.items():
            response[name] = value
        return response


class ExactCorsMiddleware(CorsMiddleware):
    """django-cors-headers with origins compared as they are: it would let a path behind one pass."""

    async_capable = False
    get_response: GetResponse

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Step aside when no page of another origin asks, as it is for most callers of an API."""
        if "HTTP_ORIGIN" in request.META:
            return cast("HttpResponseBase", super().__call__(request))
        response = self.get_response(request)
        patch_vary_headers(response, ("Origin",))
        return response

    def origin_found_in_white_lists(self, origin: str, url: Any) -> bool:
        """Compare the whole value, as browsers write it."""
        return origin in settings.CORS_ALLOWED_ORIGINS


class ProblemMiddleware:
    """
    Makes a problem of every error answer that is HTML or empty: Django's own, DRF's, WhiteNoise's, the admin's.

    An error in another media type is left alone: it belongs to a protocol that has its own form. So is one that a view
    has written for a person (`is_page`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace the body and keep the headers that mean something, such as Allow."""
        response = self.get_response(request)
        if response.status_code < 400 or not response.get("Content-Type", "text/html").startswith("text/html"):
            return response
        if getattr(response, "is_page", False):
            return response
        kept = {name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response}
        return problem_response(request, _error_of(request, response.status_code), headers=kept)


class RequestGuardMiddleware:
    """Refuses what no view should have to think of: hosts, lengths, bytes, and what comes to its turn too late."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check, from cheap to dear, and pass on."""
        if queued_s() > settings.QUEUE_S:
            late = UnavailableError("More is asked of this service than it can serve; try again shortly.")
            return problem_response(request, late, headers={"Retry-After": "1"})
        error = _address_error(request) or _host_error(request) or _body_error(request)
        return problem_response(request, error) if error else self.get_response(request)


class _UnderSessionPaths:
    """Mixed into Django's session middleware, which costs each request and serves the admin only."""

    # One synchronous chain: on the ASGI worker a mixed one would change threads at every seam.
    async_capable = False

    def __call__(self, request: HttpRequest) -> Any:
        """Step aside unless the path has sessions."""
        if request.path_info.startswith(settings.SESSION_PATHS):
            return super().__call__(request)  # type: ignore[misc] # Django's middleware, behind the mixin
        return self.get_response(request)  # type: ignore[attr-defined] # as above


class AdminSessionMiddleware(_UnderSessionPaths, SessionMiddleware):
    """Sessions, where there are any."""


class AdminCsrfMiddleware(_UnderSessionPaths, CsrfViewMiddleware):
    """CSRF protection where there are sessions; a bearer token cannot be sent by another site's form."""

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        """Check the token, under the same paths."""
        if not request.path_info.startswith(settings.SESSION_PATHS):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class AdminAuthenticationMiddleware(_UnderSessionPaths, AuthenticationMiddleware):
    """The session's user; views of the API have a principal instead."""


class AdminMessageMiddleware(_UnderSessionPaths, MessageMiddleware):
    """One-time messages of the admin."""


def _given_trace_id(request: HttpRequest) -> str:
    """Read the trace id out of a `traceparent` header; empty when there is none or it is not valid."""
    match = _TRACEPARENT.match(request.META.get("HTTP_TRACEPARENT", ""))
    return match[1] if match and match[1].strip("0") else ""


def _address_error(request: HttpRequest) -> DomainError | None:
    """Check length and bytes of path and query."""
    path, query = request.path_info, request.META.get("QUERY_STRING", "")
    if len(path) + len(query) > settings.MAX_ADDRESS_LENGTH:
        return errors.URITooLongError(f"Path and query may have at most {settings.MAX_ADDRESS_LENGTH} characters.")
    if "\0" in path or _BROKEN_BYTE.search(path) or not _is_text(_unquoted(query)):
        return errors.MalformedRequestError("The address holds bytes that are not UTF-8 text, or a NUL.")
    return None


def _host_error(request: HttpRequest) -> DomainError | None:
    """Check the Host header against `ALLOWED_HOSTS`; who probes a replica calls it by its address."""
    if request.path_info in settings.PROBE_PATHS:
        return None
    try:
        request.get_host()
    except DisallowedHost:
        return errors.MalformedRequestError("The Host header does not name this service.")
    return None


def _body_error(request: HttpRequest) -> DomainError | None:
    """Check the body's length; a body without one (chunked) is read here, as far as the limit."""
    limit = settings.BODY_LIMITS.get(request.path_info, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    length = request.META.get("CONTENT_LENGTH") or ""
    if length:
        if not (length.isascii() and length.isdigit()):
            return errors.MalformedRequestError("Content-Length is not a number.")
        return _too_large(limit) if int(length) > limit else None
    if "HTTP_TRANSFER_ENCODING" in request.META and "wsgi.input" in request.META:
        try:
            body = request.META["wsgi.input"].read(limit + 1)
        except (ParseException, OSError):
            return errors.MalformedBodyError("The chunks of the body cannot be read.")
        if len(body) > limit:
            return _too_large(limit)
        # Django reads no more than Content-Length says, which for a chunked body is nothing.
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)  # noqa: SLF001 -- what WSGIRequest itself sets
    return None


def _too_large(limit: int) -> DomainError:
    return errors.BodyTooLargeError(f"A body may have at most {limit} bytes.")


def _unquoted(query: str) -> bytes:
    """Take the percent signs out of a query, which WSGI hands over as its bytes in Latin-1; most have none."""
    return unquote_to_bytes(query) if "%" in query else query.encode("latin-1", "replace")


def _is_text(raw: bytes) -> bool:
    """Whether bytes are UTF-8 without NUL."""
    if b"\0" in raw:
        return False
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _error_of(request: HttpRequest, status: int) -> DomainError:
    """Find the error that a bare status stands for."""
    if status == 405:
        return errors.MethodNotAllowedError(f"{request.method} is not possible here.")
    if status == 404:
        return NotFoundError("Nothing is here.")
    if status == 403:
        return ForbiddenError("This is not allowed.")
    if status < 500:
        return errors.MalformedRequestError("The request is not one that this service can read.")
    return errors.InternalError("The error is logged under the request id.")
