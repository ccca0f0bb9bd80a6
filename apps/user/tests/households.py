"""Fixtures for every app's tests: a household, its child, a stranger, and the API as each of them sees it."""

import pytest

from apps.user.tests.factories import bearer, make_account, make_child


class Api:
    """A client with somebody's token."""

    def __init__(self, client, headers):
        self._client, self._headers = client, headers

    def __getattr__(self, method):
        """Send a JSON body to a path below /api/v1/."""

        def send(path, body=None, headers=(), **options):
            if body is not None:
                options |= {"data": body, "content_type": "application/json"}
            headers = {**self._headers, **dict(headers)}
            return getattr(self._client, method)(f"/api/v1/{path}", headers=headers, **options)

        return send


@pytest.fixture
def account(db):
    return make_account()


@pytest.fixture
def child(account):
    return make_child(account)


@pytest.fixture
def api(client, account, settings):
    """The API, asked by the owner."""
    settings.TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"
    return Api(client, bearer(account))


@pytest.fixture
def child_api(client, api, account, child):
    """The API, asked by the child."""
    return Api(client, bearer(account, child))


@pytest.fixture
def stranger_api(client, api):
    """The API, asked by the owner of another household."""
    return Api(client, bearer(make_account()))
