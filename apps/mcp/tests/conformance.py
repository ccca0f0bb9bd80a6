"""
What the protocol's conformance suite calls by names of its own, in our registry: https://npmjs.com/package/@modelcontextprotocol/conformance.

Only what our registry can say is here. Images, sounds, subscriptions and requests to the client are not offered by the
product, so the suite's scenarios of them fail, as `deploy/conformance.yaml` lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ConfigDict, create_model

from apps.mcp.domain.shapes import Arguments, NoArguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Prompt, Resource, Tool
from mediagateway.errors import InvalidInputError

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The suite looks for a definition of just this name.
_Address = create_model("address", street=(str, ""), city=(str, ""))


class SchemaArguments(Arguments):
    """Arguments whose schema names its dialect and has definitions."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"$schema": _DIALECT})

    name: str = ""
    address: _Address | None = None  # type: ignore[valid-type] # made by a call


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a template's address has named."""

    id: str


def _say(_call: Call, _asked: Arguments) -> Said:
    return Said("This is a simple text response for testing.")


def _refuse(_call: Call, _asked: Arguments) -> NoReturn:
    raise InvalidInputError("This tool intentionally returns an error for testing.")


def _write(given: Mapping[str, Any]) -> str:
    return f"Prompt with arguments: {given}"


TOOLS = (
    Tool("test_simple_text", "Simple text", "Say a sentence, for the suite.", NoArguments, Said, _say),
    Tool("test_error_handling", "Refuse", "Refuse whatever is asked, for the suite.", NoArguments, Said, _refuse),
    Tool("json_schema_2020_12_tool", "Schema", "Show a schema, for the suite.", SchemaArguments, Said, _say),
)
RESOURCES = (
    Resource("test://static-text", "static", "Static", "A sentence.", lambda call, _: _say(call, NoArguments())),
    Resource("test://template/{id}/data", "template", "Template", "What was named.", lambda _, id_: Template(id_)),
)
PROMPTS = (
    Prompt("test_simple_prompt", "Simple", "A sentence.", _write),
    Prompt("test_prompt_with_arguments", "Arguments", "Two words.", _write, {"arg1": "One.", "arg2": "Another."}),
)
