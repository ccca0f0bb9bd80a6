"""The OpenAPI shape of a frozen dataclass that is sent as it is: one definition for the value and its description."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from rest_framework import serializers

_SCALARS: dict[type, tuple[type[serializers.Field[Any, Any, Any, Any]], dict[str, Any]]] = {
    str: (serializers.CharField, {"allow_blank": True}),
    bool: (serializers.BooleanField, {}),
    int: (serializers.IntegerField, {}),
    float: (serializers.FloatField, {}),
    UUID: (serializers.UUIDField, {}),
    datetime: (serializers.DateTimeField, {}),
    date: (serializers.DateField, {}),
}


@cache
def shape_of(kind: type) -> type[serializers.Serializer[Any]]:
    """
    Describe a dataclass as a serializer, for `extend_schema` only: `conditional.dump` writes the value itself.

    Raises:
        TypeError: A field's type has no JSON shape.
    """
    hints = get_type_hints(kind)
    members: dict[str, Any] = {field.name: _field_of(hints[field.name], {}) for field in fields(kind)}
    members["__doc__"] = (kind.__doc__ or "").strip().partition("\n\n")[0]
    return type(kind.__name__, (serializers.Serializer,), members)


def _field_of(hint: Any, options: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    """Describe a field of this type."""
    if isinstance(hint, NewType):
        return _field_of(hint.__supertype__, options)
    if hint is Any:
        return serializers.JSONField(**options)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _field_of_union(
            [each for each in inner if each is not type(None)], options, nullable=type(None) in inner
        )
    if origin is Literal:
        return serializers.ChoiceField(choices=list(inner), **options)
    if origin in (tuple, list):
        return serializers.ListField(child=_field_of(inner[0], {}), **options)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return serializers.DictField(child=_field_of(inner[1], {}), **options)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return serializers.ChoiceField(choices=[(member.value, member.name) for member in hint], **options)
    if is_dataclass(hint) and isinstance(hint, type):
        return shape_of(hint)(**options)
    if hint in _SCALARS:
        field, defaults = _SCALARS[hint]
        return field(**defaults, **options)
    raise TypeError(f"{hint!r} has no JSON shape.")


def _field_of_union(
    kinds: list[Any], options: dict[str, Any], *, nullable: bool
) -> serializers.Field[Any, Any, Any, Any]:
    """Describe a value that may be null, or a UUID where a slug may stand too."""
    if nullable:
        options = {**options, "allow_null": True}
    return _field_of(kinds[0] if len(kinds) == 1 else str, options)
