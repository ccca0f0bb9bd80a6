"""`/mcp`: streamable HTTP without sessions, as an ordinary view behind the whole middleware."""

from collections.abc import MutableMapping
from http import HTTPMethod
from typing import Any
from urllib.parse import urlsplit

import mcp_types as types
import orjson
from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views import View
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from apps.mcp.services.registry import tools
from apps.mcp.services.server import check_scopes, make_server
from mediagateway.errors import DomainError, ForbiddenError, UnauthenticatedError
from mediagateway.http.authentication import identify
from mediagateway.http.errors import InsufficientScopeError, InvalidTokenError
from mediagateway.http.problem import CHALLENGE
from mediagateway.principal import Principal

#: Names by which only this machine is meant.
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class McpView(View):
    """
    One POST is one exchange. There are no sessions and no streams, so GET and DELETE are 405, as the protocol allows.

    Refusals speak the protocol: an HTTP status with a JSON-RPC error, and the challenge of RFC 6750 and RFC 9728, by
    which a client learns where to sign in and which scope it lacks.
    """

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer one message."""
        try:
            _check_origin(request)
            principal = _caller(request)
            _check_call(principal, request.body)
        except DomainError as err:
            return _refusal(err)
        response: HttpResponse = async_to_sync(_exchange)(request, principal)
        response["Cache-Control"] = "private, no-store"
        return response


def check_tools() -> None:
    """Load the protocol's library and every tool, for the readiness check of the group that speaks it."""
    make_server(None)


def _check_origin(request: HttpRequest) -> None:
    """
    Refuse pages of strangers, as the protocol asks (DNS rebinding).

    Our own pages may call: by the public address, or by a name of this machine that no stranger's DNS can claim. The
    Host header alone proves nothing, because development accepts every host.
    """
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None or origin in settings.CORS_ALLOWED_ORIGINS or origin == _origin_of(settings.PUBLIC_URL):
        return
    if origin != f"{request.scheme}://{request.get_host()}" or urlsplit(origin).hostname not in _LOOPBACK:
        raise ForbiddenError("Pages of this origin may not call.")


def _origin_of(url: str) -> str:
    """Cut an address down to scheme, host and port."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"


def _caller(request: HttpRequest) -> Principal | None:
    """Find who calls; a token that is not valid is refused, also where anonymous agents may call."""
    principal = identify(request)
    if principal is None and "HTTP_AUTHORIZATION" in request.META:
        raise InvalidTokenError("The Authorization header holds no valid bearer token.")
    return principal


def _check_call(principal: Principal | None, body: bytes) -> None:
    """
    Check the scopes of a tool before the protocol begins, so that clients see 401 and 403 and can ask for more.

    A body that is no call of a tool of ours is left to the SDK, which knows every way to be wrong.
    """
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    if not isinstance(message, dict) or message.get("method") != "tools/call":
        return
    params = message.get("params")
    name = params.get("name") if isinstance(params, dict) else None
    tool = tools().get(name) if isinstance(name, str) else None
    if tool is not None:
        check_scopes(principal, tool.scopes)


async def _exchange(request: HttpRequest, principal: Principal | None) -> HttpResponse:
    """Let the SDK answer, over an ASGI exchange that is complete before it begins."""
    status, headers, parts = 500, [], []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], message["headers"]
        else:
            parts.append(message.get("body", b""))

    manager = StreamableHTTPSessionManager(make_server(principal), json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(_scope(request), receive, send)
    response = HttpResponse(b"".join(parts), status=status)
    del response["Content-Type"]
    for name, value in headers:
        if name.lower() != b"content-length":
            response[name.decode("latin-1")] = value.decode("latin-1")
    return response


def _scope(request: HttpRequest) -> dict[str, Any]:
    """Describe the request as ASGI does."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": HTTPMethod.POST.value,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()
        ],
        "client": None,
        "server": None,
    }


def _refusal(error: DomainError) -> HttpResponse:
    """Write a refusal of the whole exchange."""
    body = types.JSONRPCError(
        jsonrpc="2.0",
        id=None,
        error=types.ErrorData(code=types.INVALID_REQUEST, message=error.detail, data={"code": error.code}),
    ).model_dump(mode="json", by_alias=True)
    response = HttpResponse(orjson.dumps(body), status=error.status, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    if isinstance(error, (UnauthenticatedError, InvalidTokenError, InsufficientScopeError)):
        response["WWW-Authenticate"] = _challenge(error)
    return response


def _challenge(error: DomainError) -> str:
    """Write the challenge, with the address of the metadata that leads to the authorization server."""
    members = [CHALLENGE, f'resource_metadata="{settings.PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"']
    if isinstance(error, InvalidTokenError):
        members.append('error="invalid_token"')
    if isinstance(error, InsufficientScopeError):
        members += ['error="insufficient_scope"', f'scope="{error.scope}"']
    return ", ".join(members)
