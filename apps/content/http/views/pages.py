"""How every list of the catalogue answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from mediagateway.http.conditional import dump, public_response
from mediagateway.http.pagination import Page, decode_cursor, encode_cursor, next_link, page_body


class ListAddress:
    """
    A list with its filters, which names its cursors: a cursor of one fits no other.

    Args:
        name: The list.
        asked: Query parameters as read; those that choose the page do not count.
        scope: Whatever else shapes the list: the region, the title that it belongs to.
    """

    def __init__(self, name: str, asked: Mapping[str, Any], *scope: object) -> None:
        """Join everything that shapes the list."""
        filters = (f"{key}={asked[key]}" for key in sorted(asked) if key not in ("limit", "cursor"))
        self.name = ":".join(("content", name, *map(str, scope), *filters))
        self.limit: int = asked["limit"]
        self.after = decode_cursor(self.name, asked["cursor"])

    def answer(
        self, request: Request, page: Page[Any], items: Iterable[Any] | None = None, **about: object
    ) -> HttpResponse:
        """
        Write a page of the list.

        Args:
            request: What is answered.
            page: The page.
            items: Its items as clients see them, where they differ from the page's own.
            about: Further members of the body.
        """
        next_cursor = encode_cursor(self.name, page.next_key) if page.next_key is not None else None
        shown = page.items if items is None else tuple(items)
        response = public_response(request, dump({**about, **page_body(shown, next_cursor)}))
        if next_cursor is not None:
            response["Link"] = next_link(request, next_cursor)
        return response
