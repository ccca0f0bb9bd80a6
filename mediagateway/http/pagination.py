"""Keyset pages: a signed cursor that only the list which made it accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.http import HttpRequest

from mediagateway.errors import InvalidCursorError

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_MAX_CURSOR_LENGTH = 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """
    A stretch of a list.

    Attributes:
        items: The rows, in the list's order.
        next_key: Sort key of the last row when more follow, else None; JSON scalars.
    """

    items: tuple[T, ...]
    next_key: tuple[Any, ...] | None


def encode_cursor(list_name: str, key: Sequence[Any]) -> str:
    """
    Sign a position.

    Args:
        list_name: Names the list and everything that shapes it (filters, sort, region): a cursor fits no other.
        key: Sort key of the last row seen; JSON scalars.
    """
    return signing.dumps(list(key), salt=f"cursor:{list_name}", compress=False)


def decode_cursor(list_name: str, cursor: str) -> tuple[Any, ...] | None:
    """
    Read a position back; the empty cursor is the start.

    Raises:
        InvalidCursorError: Forged, damaged, or made by another list.
    """
    if not cursor:
        return None
    try:
        if len(cursor) > _MAX_CURSOR_LENGTH:
            raise signing.BadSignature("too long")
        key = signing.loads(cursor, salt=f"cursor:{list_name}")
        if not isinstance(key, list):
            raise signing.BadSignature("not a key")
    except (signing.BadSignature, ValueError, TypeError) as err:
        raise InvalidCursorError("This cursor was not issued for this list.") from err
    return tuple(key)


def page_body(items: Sequence[Any], next_cursor: str | None) -> dict[str, Any]:
    """Shape the body of a list."""
    return {"items": items, "next_cursor": next_cursor, "has_more": next_cursor is not None}


def next_link(request: HttpRequest, next_cursor: str) -> str:
    """Write the RFC 8288 `Link` value for the page that follows."""
    query = request.GET.copy()
    query["cursor"] = next_cursor
    return f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
