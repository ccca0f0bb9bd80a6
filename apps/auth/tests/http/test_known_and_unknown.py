"""
Whether an address has an account shows in no answer, and both are answered by the same work.

`deploy/tests/test_known_and_unknown.py` looks at the clock; this says at once which statement has come to differ.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

BODIES = {
    "register": {"password": "nanoseconds of wire", "display_name": "Ada"},
    "login": {"password": "a wrong password"},
    "password/forgot": {},
    "resend-verification": {},
}
_VALUES = re.compile(r"'[^']*'|\b[0-9a-f]{32}\b|\b\d+\b|\"s\d+_x\d+\"|\b[st]\d+_x\d+\b|(?<=SAVEPOINT )\S+")


@pytest.fixture(params=BODIES)
def ask(request, client):
    """Ask about an address from a client's address of its own, and give the answer with its statements."""

    def ask_about(email, address):
        headers = {"x-forwarded-for": address, "x-request-id": "compared"}
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.post(
                f"/api/v1/auth/{request.param}",
                {"email": email, **BODIES[request.param]},
                "application/json",
                headers=headers,
            )
        return answer, [_VALUES.sub("?", each["sql"]) for each in captured.captured_queries]

    return ask_about


def test_known_and_unknown_addresses_are_answered_alike(account, ask):
    """Status, headers and body to the byte, and the same statements in the same order."""
    ask("nobody-before@example.com", "10.0.0.1")

    known, statements_for_known = ask(account.email, "10.0.0.2")
    unknown, statements_for_unknown = ask("nobody@example.com", "10.0.0.3")

    assert known.status_code == unknown.status_code
    assert sorted(known.items()) == sorted(unknown.items())
    assert known.content == unknown.content
    undone = [each.replace("ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT") for each in statements_for_known]
    assert undone == statements_for_unknown
    assert statements_for_known
