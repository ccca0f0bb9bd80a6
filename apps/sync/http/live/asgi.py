"""Reading ASGI scopes, and answering outside Django as inside: the same headers, the same problems."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest

from mediagateway.errors import DomainError
from mediagateway.http.problem import CHALLENGE, CONTENT_TYPE, problem_body
from mediagateway.limits.subjects import client_address

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> str:
    """Read a request header; "" when there is none."""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for key, value in headers:
        if key.lower() == name:
            return str(value, "latin-1")
    return ""


def query_value(scope: Scope, name: str) -> str:
    """Read a query parameter; "" when there is none."""
    query: bytes = scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]


def subject_of(scope: Scope) -> str:
    """Name the address that a connection attempt is counted for, as `limits.subjects` does."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = (scope.get("client") or ("",))[0]
    request.META["HTTP_X_FORWARDED_FOR"] = header(scope, b"x-forwarded-for")
    return f"address:{client_address(request)}"


def is_origin_allowed(origin: str) -> bool:
    """Whether a page of this origin may connect; clients that are no pages name none."""
    public = urlsplit(settings.PUBLIC_URL)
    return not origin or origin in settings.CORS_ALLOWED_ORIGINS or origin == f"{public.scheme}://{public.netloc}"


def response_headers(scope: Scope, extra: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Write the headers of every answer, and of a page's origin that may read it."""
    headers = {
        **settings.SECURITY_HEADERS,
        "Content-Security-Policy": settings.CONTENT_POLICY,
        "X-Request-ID": uuid4().hex,
        "Cache-Control": "private, no-store",
        "Vary": "Origin, Authorization",
        **extra,
    }
    origin = header(scope, b"origin")
    if origin and origin in settings.CORS_ALLOWED_ORIGINS:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def send_problem(scope: Scope, send: Send, error: DomainError) -> None:
    """Answer an HTTP request with a problem."""
    body = problem_body(error, instance=scope["path"], request_id=uuid4().hex)
    extra = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(body))}
    if error.status == 401:
        extra["WWW-Authenticate"] = CHALLENGE
    if error.status in (429, 503):
        extra["Retry-After"] = "1"
    await send({"type": "http.response.start", "status": error.status, "headers": response_headers(scope, extra)})
    await send({"type": "http.response.body", "body": body})
