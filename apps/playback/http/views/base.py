"""The base of every view of something personal."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from apps.user.api import get_viewer
from mediagateway.http.conditional import json_response
from mediagateway.http.pagination import Page, decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.views import ApiView
from mediagateway.ownership import Viewer

READ_HISTORY = frozenset({"read:history"})
WRITE_HISTORY = frozenset({"write:history"})


class PersonalView(ApiView):
    """A view for people with a token; subclasses declare `scopes` for each method."""

    permission_classes = [Scoped]


def viewer_of(request: Request, *, region: str | None = None) -> Viewer:
    """Find whom the token speaks for; see `get_viewer`."""
    return get_viewer(require_principal(request), region=region)


class ListAddress:
    """
    A person's list with its filters, which names its cursors: one of another person, or filter, fits it not.

    Args:
        name: The list.
        asked: Query parameters as read; those that choose the page do not count.
        viewer: Whose list it is.
    """

    def __init__(self, name: str, asked: Mapping[str, Any], viewer: Viewer) -> None:
        """Join everything that shapes the list."""
        filters = (f"{key}={asked[key]}" for key in sorted(asked) if key not in ("limit", "cursor"))
        self._name = ":".join(("playback", name, str(viewer.profile_id), *filters))
        self.limit: int = asked["limit"]
        self.after = decode_cursor(self._name, asked["cursor"])

    def answer(self, request: Request, page: Page[Any]) -> HttpResponse:
        """Write a page of the list."""
        next_cursor = encode_cursor(self._name, page.next_key) if page.next_key is not None else None
        response = json_response(page_body(page.items, next_cursor))
        if next_cursor is not None:
            response["Link"] = next_link(request, next_cursor)
        return response
