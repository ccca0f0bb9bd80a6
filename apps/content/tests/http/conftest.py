"""What tests of the content endpoints share."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client


class Api:
    """A client that knows where the API begins."""

    def __init__(self, client: Client):
        self._client = client

    def get(self, path, **params):
        """GET a path below /api/v1/, which may have a query already; `params` are added to it."""
        headers = params.pop("headers", {})
        # Django's client drops the query of a path when it is given parameters.
        path += ("&" if "?" in path else "?") + urlencode(params) if params else ""
        return self._client.get(f"/api/v1/{path}", headers=headers)

    def head(self, path):
        """Ask for the headers alone."""
        return self._client.head(f"/api/v1/{path}")

    def post(self, path, body):
        """POST a JSON body."""
        return self._client.post(f"/api/v1/{path}", body, content_type="application/json")

    def walk(self, path, **params) -> Iterator[dict[str, Any]]:
        """Yield the bodies of all pages of a list."""
        cursor = ""
        while cursor is not None:
            body = self.get(path, cursor=cursor, **params).json()
            yield body
            cursor = body["next_cursor"]


@pytest.fixture
def api(client):
    """The API, asked anonymously."""
    return Api(client)
