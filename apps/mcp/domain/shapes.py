"""From Python types to JSON Schema and back: what a tool takes and what it gives."""

from dataclasses import is_dataclass
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Arguments(BaseModel):
    """The base of every tool's arguments; what a tool does not know is an error, as everywhere in the API."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoArguments(Arguments):
    """Nothing to say."""


@cache
def schema_of(shape: type, *, answers: bool = False) -> dict[str, Any]:
    """
    Describe a type in JSON Schema 2020-12.

    Args:
        shape: `Arguments`, or the frozen dataclass of an answer.
        answers: Whether it is what a tool gives, where a member with a default is always there.
    """
    schema: dict[str, Any] = TypeAdapter(shape).json_schema(mode="serialization" if answers else "validation")
    described: dict[str, Any] = _without_titles(schema)
    return described


def members_of(answer: object) -> dict[str, Any]:
    """
    Write a dataclass as the JSON members that its schema describes.

    Raises:
        TypeError: It is no dataclass.
    """
    if not is_dataclass(answer):
        raise TypeError(f"A tool answers with a dataclass, not with {type(answer).__name__}.")
    members: dict[str, Any] = orjson.loads(orjson.dumps(answer, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS))
    return members


def _without_titles(schema: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Leave out pydantic's titles, which repeat the names and cost an agent tokens."""
    if isinstance(schema, dict):
        return {
            key: _without_titles(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [_without_titles(value) for value in schema]
    return schema
