"""What the OpenAPI document says of every operation: problems, pages, names, common headers."""

import re
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from drf_spectacular.drainage import error as report_error
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import Direction, OpenApiExample, OpenApiResponse
from rest_framework import serializers

from mediagateway import errors
from mediagateway.errors import DomainError
from mediagateway.http import errors as http_errors
from mediagateway.http.problem import CONTENT_TYPE as PROBLEM_CONTENT_TYPE
from mediagateway.limits.table import LIMITS, Table

#: `<app>_<noun>_<verb>`; the noun may have several words.
_OPERATION_ID = re.compile(r"^[a-z]+(_[a-z0-9]+){2,}$")
#: Problems that any operation can answer with, and those that need a body to go wrong.
_COMMON_PROBLEMS = (400, 406, 414, 500, 503)
_BODY_PROBLEMS = (413, 415)
_LIMIT_PROBLEMS = (429,)
_IDEMPOTENCY_PROBLEMS = (409, 422)
#: The problem that each status means most often, for the examples.
_USUAL_PROBLEMS: dict[int, type[DomainError]] = {
    kind.status: kind
    for kind in (
        errors.InvalidInputError,
        http_errors.InvalidTokenError,
        errors.ForbiddenError,
        errors.NotFoundError,
        http_errors.MethodNotAllowedError,
        http_errors.NotAcceptableError,
        errors.ConflictError,
        http_errors.PreconditionFailedError,
        http_errors.BodyTooLargeError,
        http_errors.URITooLongError,
        http_errors.UnsupportedMediaTypeError,
        http_errors.MisdirectedError,
        http_errors.RateLimitedError,
        http_errors.InternalError,
        errors.UnavailableError,
    )
}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class ProblemField(serializers.Serializer[Any]):
    """One wrong field of a request."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) to the field.")
    code = serializers.CharField(help_text="Stable name of what is wrong.")
    detail = serializers.CharField(help_text="A sentence for a person.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `in`, a word that a Python class body cannot hold."""
        location = serializers.ChoiceField(["body", "query", "path", "header"], help_text="Where the pointer starts.")
        return {**super().get_fields(), "in": location}


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.URLField(help_text="The page about this kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The path that was asked for.")
    code = serializers.CharField(help_text="Stable snake_case name; programs branch on this one.")
    request_id = serializers.CharField(help_text="Quote it when you report a problem.")
    errors = ProblemField(  # type: ignore[assignment] # the metaclass takes fields off the class, so nothing is hidden
        many=True, required=False, help_text="Each wrong field, when the request was not valid."
    )


def problems(*statuses: int) -> dict[tuple[int | str, str], OpenApiResponse]:
    """
    Describe the problems of one operation, for the `responses` of `extend_schema`.

    What every operation can answer (400, 401, 406, 414, 500, 503; 413 and 415 with a body, 429 under
    the limits, 409 and 422 with an `Idempotency-Key`) is added by itself.
    """
    return {
        (status, PROBLEM_CONTENT_TYPE): OpenApiResponse(
            Problem, description=HTTPStatus(status).phrase, examples=[_example(status)]
        )
        for status in statuses
    }


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Describe a list of items with its cursor; the component is called `<Item>Page`."""
    return type(
        f"{item.__name__.removesuffix('Serializer')}Page",
        (serializers.Serializer,),
        {
            "__doc__": "A stretch of a list.",
            "items": item(many=True),
            "next_cursor": serializers.CharField(
                allow_null=True, help_text="Give it back as `cursor`; null at the end."
            ),
            "has_more": serializers.BooleanField(),
        },
    )


class StrictSerializerExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # registers itself untyped
    """Says of bodies that refuse unknown members that they do."""

    target_class = "mediagateway.http.queries.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        """Add what drf-spectacular cannot know to what it maps by itself."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001 -- the documented way
        return {**schema, "additionalProperties": False}


def complete_operations(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """
    Give every operation its tag, and the problems and headers that all share; a wrong operationId is an error.

    A drf-spectacular post-processing hook, which is why it takes more than it uses.
    """
    for path, methods in result.get("paths", {}).items():
        for method in _METHODS:
            if operation := methods.get(method):
                _complete(operation, method, path)
    return result


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    """Complete one operation in place."""
    where = f"{method.upper()} {path}"
    operation_id = operation["operationId"]
    if not _OPERATION_ID.match(operation_id):
        report_error(f"{where}: operationId {operation_id!r} is not <app>_<noun>_<verb>")
    operation["tags"] = [operation_id.partition("_")[0]]
    responses = operation["responses"]
    takes_token = any(operation.get("security", ()))
    takes_body = "requestBody" in operation
    takes_key = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    is_limited = Table(LIMITS).find(path) is not None
    for status in (
        _COMMON_PROBLEMS
        + (401,) * takes_token
        + _BODY_PROBLEMS * takes_body
        + _LIMIT_PROBLEMS * is_limited
        + _IDEMPOTENCY_PROBLEMS * takes_key
    ):
        responses.setdefault(
            str(status),
            {
                "description": HTTPStatus(status).phrase,
                "content": {PROBLEM_CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
    operation["responses"] = dict(sorted(responses.items()))
    for response in responses.values():
        response.setdefault("headers", {})["X-Request-ID"] = {"$ref": "#/components/headers/X-Request-ID"}


def _example(status: int) -> OpenApiExample:
    """Show the problem that this status means most often."""
    kind = _USUAL_PROBLEMS[status]
    return OpenApiExample(
        kind.code,
        value={
            "type": f"{settings.DOCS_URL}/problems/{kind.code}",
            "title": kind.title,
            "status": status,
            "detail": f"{kind.title}.",
            "instance": "/api/v1/…",
            "code": kind.code,
            "request_id": "0c7f3a52a6f84d0f9a51d2b4c1e0a7d3",
        },
        response_only=True,
        status_codes=[str(status)],
    )
