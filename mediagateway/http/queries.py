"""Strict reading of what a request carries: unknown fields are errors, and each error has its pointer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, Literal
from uuid import UUID

from django.http import QueryDict
from rest_framework import serializers

from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.http.pagination import DEFAULT_LIMIT, MAX_LIMIT
from mediagateway.http.problem import field_errors
from mediagateway.http.text import clean_text

_JSON_NAMES: dict[tuple[type, ...], str] = {(bool,): "a boolean", (int, float): "a number", (str,): "a string"}
#: Kind of field -> types that JSON gives it. Whether a number is whole is the field's own business: 1.0 is.
_JSON_TYPES: dict[type, tuple[type, ...]] = {
    serializers.BooleanField: (bool,),
    serializers.IntegerField: (int, float),
    serializers.FloatField: (int, float),
    serializers.CharField: (str,),
    serializers.ChoiceField: (str,),
    serializers.UUIDField: (str,),
}


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown members before reading the known ones."""
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {
                        name: [serializers.ErrorDetail("This field is not known here.", code="unknown")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class RegionField(serializers.RegexField):
    """ISO 3166-1 alpha-2, upper case."""

    def __init__(self, **kwargs: Any) -> None:
        """Accept two capital letters."""
        super().__init__(r"^[A-Z]{2}\Z", max_length=2, **kwargs)


class PlainTextField(serializers.CharField):
    """A name that people see, as plain text."""

    def to_internal_value(self, data: Any) -> str:
        """Take markup and invisible signs away; what then is empty was no name, unless the field may be blank."""
        given, most = super().to_internal_value(data), self.max_length or 0
        if len(given) > most:
            # The validator that comes next refuses it, as the schema says, whatever would be left of it.
            return given
        # One sign more than may be, for the same reason: nothing is cut off unseen.
        text = clean_text(given, max_length=most + 1)
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class IdField(serializers.UUIDField):
    """A UUID as RFC 9562 writes it; DRF's own field takes numbers, booleans, braces and misplaced hyphens for one."""

    def to_internal_value(self, data: Any) -> UUID:
        """Accept the canonical form, in either case."""
        value = super().to_internal_value(data) if isinstance(data, str) else None
        if value is None or str(value) != data.lower():
            self.fail("invalid", value=data)
        return value


class PageQuery(StrictSerializer):
    """What every list takes."""

    limit = serializers.IntegerField(required=False, default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=1024)


class RegionQuery(StrictSerializer):
    """What everything that depends on the place takes."""

    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's, else the server's.")


def read_query(serializer: type[serializers.Serializer[Any]], query: QueryDict) -> dict[str, Any]:
    """
    Check the query string against a serializer; a parameter given twice is an error unless the field is a list.

    Raises:
        InvalidInputError: With one entry for each wrong parameter.
    """
    return dict(_read_parameters(serializer, tuple((name, *given) for name, given in query.lists())))


def read_body(serializer: type[serializers.Serializer[Any]], body: object) -> dict[str, Any]:
    """
    Check a parsed JSON body against a serializer.

    Raises:
        InvalidInputError: With one entry for each wrong field.
    """
    reader = _reader(serializer)
    if wrong := list(_wrong_types(reader, body, "")):
        raise InvalidInputError("One or more fields are not of their type.", wrong)
    return _checked(reader, body, "body")


@lru_cache(maxsize=1024)
def _read_parameters(
    serializer: type[serializers.Serializer[Any]], parameters: tuple[tuple[str, ...], ...]
) -> Mapping[str, Any]:
    """
    Check parameters, each a name with what was given for it.

    Kept, because most requests of a title or a search ask what others asked before; failures are not. What a serializer
    reads must depend on the parameters alone.
    """
    reader = _reader(serializer)
    values: dict[str, Any] = {}
    for name, *given in parameters:
        is_list = isinstance(reader.fields.get(name), serializers.ListField)
        if len(given) > 1 and not is_list:
            error = FieldError(f"/{name}", "repeated", "This parameter may be given once.", "query")
            raise InvalidInputError("A query parameter is given more than once.", [error])
        values[name] = _split(given) if is_list else given[-1]
    return _checked(reader, values, "query")


@cache
def _reader(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """
    Build a serializer once for all requests.

    Building one copies every field it declares, which for a search costs 500 µs where reading with it costs 55.
    `run_validation` keeps nothing in the serializer, unlike `is_valid`, so threads may share it.
    """
    return serializer()


def _split(given: list[str]) -> list[str]:
    """Lists come comma-separated, repeated, or both."""
    return [word for text in given for word in text.split(",") if word]


def _wrong_types(field: serializers.Field[Any, Any, Any, Any], value: object, pointer: str) -> Iterator[FieldError]:
    """Find members of another JSON type than their field's: DRF, made for forms, reads 0 as false and 5 as "5"."""
    if isinstance(field, serializers.BaseSerializer) and isinstance(value, Mapping):
        for name, inner in getattr(field, "fields", {}).items():
            if name in value:
                yield from _wrong_types(inner, value[name], f"{pointer}/{name}")
    elif isinstance(field, serializers.ListField) and isinstance(value, list):
        for position, item in enumerate(value):
            yield from _wrong_types(field.child, item, f"{pointer}/{position}")
    elif value is not None:
        expected = next((types for kind, types in _JSON_TYPES.items() if isinstance(field, kind)), None)
        if expected is not None and type(value) not in expected:
            yield FieldError(pointer, "invalid", f"This is not {_JSON_NAMES[expected]}.")


def _checked(reader: serializers.Serializer[Any], values: object, location: Literal["body", "query"]) -> dict[str, Any]:
    """Validate, and say where the errors are."""
    try:
        return dict(reader.run_validation(values))
    except serializers.ValidationError as err:
        errors = [replace(error, location=location) for error in field_errors(err.detail)]
        raise InvalidInputError("One or more fields are not valid.", errors) from err
