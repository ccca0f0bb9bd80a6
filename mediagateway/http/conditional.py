"""JSON answers with a strong ETag, 304 when the client has them already, and the right Cache-Control."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from rest_framework.request import Request

from mediagateway.http.errors import PreconditionFailedError

#: Seconds for which anybody may keep an answer of the public catalogue.
PUBLIC_MAX_AGE_S = 60

_CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"})


def dump(payload: Any) -> bytes:
    """Encode a JSON value: UTF-8, datetimes in RFC 3339 with Z, UUIDs and dataclasses as they read."""
    return orjson.dumps(payload, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)


def json_response(payload: Any, *, status: int = 200) -> HttpResponse:
    """Answer with a body that nobody may keep."""
    response = HttpResponse(dump(payload), status=status, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


def public_response(request: HttpRequest, body: bytes, *, max_age_s: int = PUBLIC_MAX_AGE_S) -> HttpResponse:
    """
    Answer a GET of the public catalogue, or 304 when `If-None-Match` names this body.

    The ETag is a hash of the bytes, so it is strong and equal in every process. A caller with a token gets the
    same body but no permission to share it: policy depends on who asks.
    """
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = (
        "private, no-cache" if "HTTP_AUTHORIZATION" in request.META else f"public, max-age={max_age_s}"
    )
    response["Vary"] = "Authorization"
    if request.META.keys().isdisjoint(_CONDITIONS):
        return response
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["Vary"] = "Authorization"
    return answer


def versioned_response(
    request: HttpRequest | Request, payload: Any, *, version: object, status: int = 200
) -> HttpResponse:
    """Answer with something personal whose version is its ETag, or 304 to a GET of who has that version."""
    response = json_response(payload, status=status)
    response["ETag"] = etag = f'"{version}"'
    response["Vary"] = "Authorization"
    if request.method not in ("GET", "HEAD") or request.META.keys().isdisjoint(_CONDITIONS):
        return response
    return get_conditional_response(request, etag=etag, response=response) or response


def personal_response(request: HttpRequest | Request, payload: Any) -> HttpResponse:
    """Answer a GET of one personal thing that has no version: a hash of the body is its ETag."""
    version = hashlib.blake2b(dump(payload), digest_size=16).hexdigest()
    return versioned_response(request, payload, version=version)


def version_check(request: HttpRequest | Request) -> Callable[[object], None]:
    """
    Make the check that a service runs on the version it has locked: does `If-Match` (RFC 9110, 13.1.1) name it?

    The check raises PreconditionFailedError; without the header every version passes.
    """
    header = request.META.get("HTTP_IF_MATCH")

    def check(version: object) -> None:
        if header is not None and not {"*", f'"{version}"'} & set(parse_etags(header)):
            raise PreconditionFailedError("The resource has changed since the version in If-Match; read it again.")

    return check
