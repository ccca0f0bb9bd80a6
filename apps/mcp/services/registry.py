"""What agents can call, read and start from: one registry, named in the settings by dotted strings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from apps.mcp.domain.shapes import Arguments
from apps.mcp.errors import ToolNotFoundError
from apps.mcp.services.calls import Call


@dataclass(frozen=True, slots=True)
class Tool:
    """
    Something an agent can do.

    Attributes:
        name: What agents call it; `verb_noun`, permanent.
        title: What people read.
        description: What it does and when to use it, for the agent.
        takes, gives: Types of arguments and answer.
        run: Does it.
        scopes: What the token must grant; None lets anonymous agents call it.
        writes: Whether it changes anything. Such a tool gives an `undo_token`, and `undo` takes it back.
        is_idempotent: Whether the same call twice leaves what one call leaves.
        undo: Takes back what one call did, from the members that `undo_token` carries.
    """

    name: str
    title: str
    description: str
    takes: type[Arguments]
    gives: type
    run: Callable[[Call, Any], object]
    scopes: frozenset[str] | None = None
    writes: bool = False
    is_idempotent: bool = True
    undo: Callable[[Call, Mapping[str, Any]], None] | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """Something an agent can read by its address; `{…}` in the address makes it a template with one parameter."""

    uri: str
    name: str
    title: str
    description: str
    read: Callable[[Call, str], object]
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """
    A way to start a conversation.

    Attributes:
        arguments: Name -> what it means; a name that ends in "?" may be left out.
        write: Words of the first message, from the arguments that were given.
        completions: Name of an argument, without its "?" -> completes what was typed of it, the likeliest first.
    """

    name: str
    title: str
    description: str
    write: Callable[[Mapping[str, str]], str]
    arguments: Mapping[str, str] = field(default_factory=dict)
    completions: Mapping[str, Callable[[Call, str], Sequence[str]]] = field(default_factory=dict)


@cache
def tools() -> Mapping[str, Tool]:
    """Give every tool by its name, in the order of the settings."""
    listed = [tool for path in settings.MCP_TOOLS for tool in import_string(path)]
    return {tool.name: tool for tool in listed}


@cache
def resources() -> tuple[Resource, ...]:
    """Give every resource."""
    return tuple(resource for path in settings.MCP_RESOURCES for resource in import_string(path))


@cache
def prompts() -> Mapping[str, Prompt]:
    """Give every prompt by its name."""
    listed = [prompt for path in settings.MCP_PROMPTS for prompt in import_string(path)]
    return {prompt.name: prompt for prompt in listed}


def get_tool(name: str) -> Tool:
    """
    Find a tool.

    Raises:
        ToolNotFoundError: No such tool.
    """
    try:
        return tools()[name]
    except KeyError:
        raise ToolNotFoundError(f"There is no tool {name!r}.") from None
