"""A caller of the first-party endpoints."""

import re

import pytest
from django.core import mail

from apps.auth.tests.factories import PASSWORD
from mediagateway import events


class Api:
    """Speaks JSON under /api/v1/auth/, signed in or not."""

    def __init__(self, client):
        self._client = client

    def __call__(self, method, path, body=None, *, token=None):
        """Call, and give the response."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self._client, method)(f"/api/v1/auth/{path}", headers=headers, **options)

    def post(self, path, body=None, *, token=None):
        """Post JSON."""
        return self("post", path, body, token=token)

    def sign_in(self, email="ada@example.com", password=PASSWORD):
        """Sign in, and give the tokens."""
        response = self.post("login", {"email": email, "password": password})
        assert response.status_code == 200, response.content
        return response.json()


@pytest.fixture
def api(client):
    """The caller."""
    return Api(client)


@pytest.fixture
def mailed():
    """Deliver what waits, and give the token of the last mail and its address."""

    def deliver():
        events.deliver_pending()
        message = mail.outbox[-1]
        token = re.search(r"^[\w-]{43}$", str(message.body), re.MULTILINE)
        return message.to[0], token and token[0]

    return deliver
