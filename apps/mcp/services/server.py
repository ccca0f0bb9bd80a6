"""The protocol around the registry: the official SDK's server, made for one caller."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, ParamSpec, TypeVar

import mcp_types as types
import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from prometheus_client import Counter
from pydantic import ValidationError

from apps.mcp.domain.shapes import members_of, schema_of
from apps.mcp.services import registry
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Prompt, Resource, Tool
from mediagateway.errors import DomainError, InvalidInputError, NotFoundError, UnauthenticatedError
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.principal import Principal

_INSTRUCTIONS = (
    "Find something to watch, say where it can be watched, and hand playback to the viewer's own apps. "
    "Titles have ids; take them from search_titles, get_recommendations or tonight and never make them up. "
    "Offers depend on the region. Every tool that changes something returns an undo_token for the tool undo."
)
_JSON = "application/json"
#: Values that one completion offers.
_MOST_COMPLETIONS = 10

P = ParamSpec("P")
R = TypeVar("R")

#: Labels come from closed sets: the registry's names, and whether the tool did what was asked.
_CALLS = Counter("mg_mcp_calls_total", "Calls of tools by agents, by tool and outcome.", ["tool", "outcome"])


def make_server(principal: Principal | None) -> "Server[Any]":
    """
    Make a server that speaks for one caller and keeps nothing between two requests.

    Args:
        principal: Who calls; None is anonymous. Nothing in a message can change that.
    """

    async def list_tools(_context: object, _params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=list(_described_tools()))

    async def call_tool(_context: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await _in_django(call, principal, params.name, params.arguments or {})

    async def list_resources(_context: object, _params: object) -> types.ListResourcesResult:
        fixed = (resource for resource in registry.resources() if "{" not in resource.uri)
        return types.ListResourcesResult(resources=[_described_resource(resource) for resource in fixed])

    async def list_templates(_context: object, _params: object) -> types.ListResourceTemplatesResult:
        templates = (resource for resource in registry.resources() if "{" in resource.uri)
        return types.ListResourceTemplatesResult(resource_templates=[_described_template(one) for one in templates])

    async def read_resource(_context: object, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await _in_django(_read, principal, params.uri)

    async def list_prompts(_context: object, _params: object) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[_described_prompt(prompt) for prompt in registry.prompts().values()])

    async def get_prompt(_context: object, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return _prompt(params.name, params.arguments or {})

    async def complete(_context: object, params: types.CompleteRequestParams) -> types.CompleteResult:
        return await _in_django(_complete, principal, params.ref, params.argument)

    return Server(
        "mediagateway",
        version=settings.VERSION,
        title="mediagateway",
        instructions=_INSTRUCTIONS,
        website_url=settings.PUBLIC_URL,
        get_tool_input_schema=lambda name: schema_of(registry.get_tool(name).takes),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
        on_completion=complete,
    )


def call(principal: Principal | None, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
    """
    Call a tool; what the caller can mend comes back as a result that says so, for the agent to read.

    Raises:
        MCPError: There is no such tool.
    """
    try:
        tool = registry.get_tool(name)
    except NotFoundError as err:
        raise MCPError(types.INVALID_PARAMS, err.detail) from err
    try:
        check_scopes(principal, tool.scopes)
        answer = members_of(tool.run(Call(principal, timezone.now()), tool.takes.model_validate(dict(arguments))))
    except (DomainError, ValidationError) as err:
        outcome, answer = "refused", _refusal(err)
    else:
        outcome = "answered"
    _CALLS.labels(tool=tool.name, outcome=outcome).inc()
    text = types.TextContent(text=orjson.dumps(answer).decode())
    return types.CallToolResult(content=[text], structured_content=answer, is_error=outcome == "refused")


def check_scopes(principal: Principal | None, scopes: frozenset[str] | None) -> None:
    """
    Check that a caller may do something; None is for everybody.

    Raises:
        UnauthenticatedError: It needs a token, and there is none.
        InsufficientScopeError: The token lacks a scope.
    """
    if scopes is None:
        return
    if principal is None:
        raise UnauthenticatedError("This needs an access token or an API key.")
    if not principal.has_scopes(scopes):
        raise InsufficientScopeError(scopes)


async def _in_django(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run synchronous code in the thread that waits for the protocol: its database connection is the request's."""
    return await sync_to_async(partial(function, *args, **kwargs), thread_sensitive=True)()


def _refusal(error: DomainError | ValidationError) -> dict[str, Any]:
    """Say what is wrong in the members of a problem body."""
    if isinstance(error, ValidationError):
        wrong = [
            {"pointer": "/" + "/".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        return {"code": InvalidInputError.code, "detail": "The arguments are not valid.", "errors": wrong}
    refusal: dict[str, Any] = {"code": error.code, "detail": error.detail}
    if isinstance(error, InvalidInputError) and error.errors:
        refusal["errors"] = [{"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in error.errors]
    return refusal


def _read(principal: Principal | None, uri: str) -> types.ReadResourceResult:
    """Read a resource as JSON."""
    for resource in registry.resources():
        if match := _pattern(resource.uri).fullmatch(uri):
            break
    else:
        raise MCPError(types.INVALID_PARAMS, "There is no resource at this address.", {"uri": uri})
    try:
        check_scopes(principal, resource.scopes)
        answer = resource.read(Call(principal, timezone.now()), match.group(1) if match.groups() else "")
    except DomainError as err:
        raise MCPError(types.INVALID_PARAMS, err.detail, {"uri": uri, "code": err.code}) from err
    text = orjson.dumps(members_of(answer)).decode()
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=_JSON, text=text)])


@cache
def _pattern(uri: str) -> "re.Pattern[str]":
    """Turn an address with one `{parameter}` into a pattern."""
    return re.compile(re.sub(r"\\\{[a-z_]+\\\}", "([^/]+)", re.escape(uri)))


def _prompt(name: str, given: Mapping[str, str]) -> types.GetPromptResult:
    """Write the first message of a prompt."""
    prompt = _get_prompt(name)
    missing = [argument for argument in prompt.arguments if not argument.endswith("?") and not given.get(argument)]
    if missing:
        raise MCPError(types.INVALID_PARAMS, f"The prompt needs {', '.join(missing)}.")
    message = types.PromptMessage(role="user", content=types.TextContent(text=prompt.write(given)))
    return types.GetPromptResult(description=prompt.description, messages=[message])


def _get_prompt(name: str) -> Prompt:
    """
    Find a prompt.

    Raises:
        MCPError: There is no such prompt.
    """
    prompt = registry.prompts().get(name)
    if prompt is None:
        raise MCPError(types.INVALID_PARAMS, f"There is no prompt {name!r}.")
    return prompt


def _complete(
    principal: Principal | None,
    of: types.PromptReference | types.ResourceTemplateReference,
    argument: types.CompletionArgument,
) -> types.CompleteResult:
    """Complete an argument of a prompt as this caller may see it; nothing for what has no list, ids of titles too."""
    completions = _get_prompt(of.name).completions if isinstance(of, types.PromptReference) else {}
    complete = completions.get(argument.name)
    values = complete(Call(principal, timezone.now()), argument.value) if complete else ()
    shown = list(values[:_MOST_COMPLETIONS])
    return types.CompleteResult(
        completion=types.Completion(values=shown, total=len(values), has_more=len(shown) < len(values))
    )


@cache
def _described_tools() -> tuple[types.Tool, ...]:
    return tuple(_described_tool(tool) for tool in registry.tools().values())


def _described_tool(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.takes),
        output_schema=schema_of(tool.gives, answers=True),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=False,
            idempotent_hint=tool.is_idempotent,
            open_world_hint=False,
        ),
        _meta={"mediagateway/scopes": sorted(tool.scopes or ())},
    )


def _described_resource(resource: Resource) -> types.Resource:
    return types.Resource(
        uri=resource.uri,
        name=resource.name,
        title=resource.title,
        description=resource.description,
        mime_type=_JSON,
    )


def _described_template(resource: Resource) -> types.ResourceTemplate:
    return types.ResourceTemplate(
        uri_template=resource.uri,
        name=resource.name,
        title=resource.title,
        description=resource.description,
        mime_type=_JSON,
    )


def _described_prompt(prompt: Prompt) -> types.Prompt:
    return types.Prompt(
        name=prompt.name,
        title=prompt.title,
        description=prompt.description,
        arguments=[
            types.PromptArgument(name=name.removesuffix("?"), description=description, required=not name.endswith("?"))
            for name, description in prompt.arguments.items()
        ],
    )
