"""What tells agents that we are here: the ARW manifest and llms.txt, written from the registry and the API itself."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from apps.mcp.domain.shapes import schema_of
from apps.mcp.services.registry import Tool, prompts, resources, tools
from mediagateway.http.conditional import dump, public_response
from mediagateway.limits.table import LIMITS

_MAX_AGE_S = 3600
_LIMIT = next(group for group in LIMITS if group.name == "mcp")
_ABOUT = "What should we watch, where can we watch it, and where did we stop: one catalogue over many services."


@require_safe
def arw_manifest(request: HttpRequest) -> HttpResponse:
    """The manifest of the agent-readable web: how agents may act here, and how much."""
    return public_response(request, _manifest(), max_age_s=_MAX_AGE_S)


@require_safe
def llms_txt(request: HttpRequest) -> HttpResponse:
    """The service in Markdown, for a model that has found the address and nothing else."""
    response = public_response(request, _llms_txt(), max_age_s=_MAX_AGE_S)
    if response.status_code == 200:
        response["Content-Type"] = "text/markdown; charset=utf-8"
    return response


@cache
def _manifest() -> bytes:
    """Write the manifest once per process: it changes with the code only."""
    from mcp_types.version import KNOWN_PROTOCOL_VERSIONS

    base = settings.PUBLIC_URL
    return dump(
        {
            "version": "1.0.0",
            "profile": "ARW-1",
            "site": {"name": "mediagateway", "description": _ABOUT, "url": base, "contact": settings.SECURITY_CONTACT},
            "capabilities": {
                "mcp": {
                    "versions": list(KNOWN_PROTOCOL_VERSIONS),
                    "transports": ["streamable-http", "stdio"],
                    "endpoint": f"{base}/mcp",
                    "tools": len(tools()),
                    "resources": len(resources()),
                    "prompts": len(prompts()),
                },
                "rest": {"base_url": f"{base}/api/v1", "openapi": f"{base}/api-docs/openapi.json"},
                "oauth": f"{base}/.well-known/oauth-protected-resource/mcp",
            },
            "machine_views": [{"uri": f"{base}/llms.txt", "mime_type": "text/markdown"}],
            "actions": [_action(tool) for tool in tools().values()],
            "policies": {
                "training": "disallowed",
                "inference": "allowed",
                "attribution": "Name the source of an offer, as the API gives it.",
            },
        }
    )


def _action(tool: Tool) -> dict[str, Any]:
    """Describe a tool as an action."""
    return {
        "name": tool.name,
        "description": tool.description,
        "endpoint": f"{settings.PUBLIC_URL}/mcp",
        "method": "tools/call",
        "input_schema": schema_of(tool.takes),
        "authentication": None if tool.scopes is None else {"type": "oauth2", "scopes": sorted(tool.scopes)},
        "rate_limit": {"per_minute": _LIMIT.per_minute, "burst": _LIMIT.burst},
    }


@cache
def _llms_txt() -> bytes:
    """Write the page once per process."""
    return ("\n".join(_lines()) + "\n").encode()


def _lines() -> Iterator[str]:
    base = settings.PUBLIC_URL
    yield from ("# mediagateway", "", f"> {_ABOUT}", "")
    yield "It hosts no video and keeps no platform's password: playback goes to the viewer's own apps by deep link."
    yield from ("", "## For agents", "")
    yield f"- [MCP endpoint]({base}/mcp): streamable HTTP; sign in by OAuth 2.1, or ask anonymously for the catalogue"
    yield f"- [OpenAPI]({base}/api-docs/openapi.json): the same over HTTP"
    yield f"- [Manifest]({base}/.well-known/arw-manifest.json): actions, scopes, limits"
    yield from ("", "## Tools", "")
    for tool in tools().values():
        scopes = "anonymous" if tool.scopes is None else ", ".join(sorted(tool.scopes)) or "any token"
        yield f"- `{tool.name}` ({scopes}): {tool.description}"
    yield from ("", "## Operations", "")
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call] # no types here
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield f"- `{method.upper()} {path}`: {operation.get('summary', operation['operationId'])}"
