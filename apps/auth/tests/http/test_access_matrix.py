"""
Who may do what: every operation of the OpenAPI document, asked by everybody who might try.

Each app says in `tests/matrix.py` how its operations are asked (`mediagateway.testing.matrix`); CONTRIBUTING.md tells
how to add one. What is refused must also have changed nothing: the owner, who comes last, succeeds all the same.
"""

import re
from functools import cache
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from apps.auth import conf
from apps.auth.domain.access_tokens import LEEWAY_S, LIFETIME_S, Place
from apps.auth.models import Revocation
from apps.auth.queries import trust
from apps.auth.tests.factories import make_signing_key
from apps.auth.tests.household import Household
from mediagateway.principal import Role
from mediagateway.testing.matrix import collect_examples

EXAMPLES = collect_examples()
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What an operation without an example is told.
_HOW_TO = (
    "These operations have no example. Add one line each to EXAMPLES in the tests/matrix.py of their app, "
    "as CONTRIBUTING.md shows: "
)


@cache
def operations():
    """Every operation of the document by its id: path, method, and what the document says of it."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        operation["operationId"]: (path, method, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in _METHODS
    }


class Trial:
    """One operation, asked by one caller after the other; what goes wrong is gathered in `faults`."""

    def __init__(self, client, name):
        self.path, self.method, self.document = operations()[name]
        self.example = EXAMPLES[name]
        security = self.document["security"]
        self.takes_token = any("bearer" in each for each in security)
        self.is_public = {} in security
        self.scopes = frozenset(scope for each in security for scope in each.get("bearer", ()))
        granted = tuple(int(status) for status in self.document["responses"] if status < "400")
        self.granted = (self.example.always,) if self.example.always else granted
        self.faults: list[str] = []
        self.call: tuple[str, Any] = (self.path, None)
        make_signing_key()
        is_for_admins = any(scope.startswith("admin:") for scope in self.scopes)
        self.home = Household(client, role=Role.ADMIN if is_for_admins else Role.USER)
        self.strangers = Household(client)

    def run(self):
        """Ask as everybody, the owner last."""
        lists = self.method == "get" and self.example.path is None and not self.is_public
        before = self.ask(self.path, None, self.strangers.token()) if lists else None
        if self.example.given:
            self.example.given(self.home)
        values, body = (each(self.home) if callable(each) else each for each in (self.example.path, self.example.body))
        self.call = self.path.format(**(values or {})), body
        self.ask_anonymously()
        if self.takes_token:
            self.ask_with_bad_tokens()
        if self.takes_token and not self.is_public:
            self.ask_without_scopes()
            self.ask_as_strangers(before)
        if self.takes_token:
            self.ask_as_child()
        response = self.ask(*self.call, self.home.token() if self.takes_token else "")
        self.expect("the owner", response, *self.granted)

    def ask_anonymously(self):
        """Without a token."""
        self.expect("nobody", self.ask(*self.call), *(self.granted if self.is_public else (401,)))

    def ask_with_bad_tokens(self):
        """With tokens that are none any more, or never were: one answer to all."""
        place = conf.place()
        revoked, ended = uuid4().hex, uuid4()
        for subject in (revoked, str(ended)):
            Revocation.objects.create(subject=subject, expires_at=self.home.session.expires_at)
        tokens = {
            "garbage": "garbage",
            "an expired token": self.home.token(age_s=LIFETIME_S + LEEWAY_S + 5),
            "a revoked token": self.home.token(token_id=revoked),
            "a token of an ended session": self.home.token(session_id=ended),
            "a token for somebody else": self.home.token(place=Place(place.issuer, "https://elsewhere.example")),
            "a token from somebody else": self.home.token(place=Place("https://elsewhere.example", place.audience)),
        }
        answers = {who: self.ask(*self.call, token) for who, token in tokens.items()}
        for who, answer in answers.items():
            self.expect(who, answer, 401)
            if not answer.get("WWW-Authenticate", "").startswith("Bearer"):
                self.faults.append(f"{who}: no challenge.")
            self.expect_equal(who, answer, answers["garbage"])

    def ask_without_scopes(self):
        """With every scope but those that it takes."""
        implying = {scope.replace("read:", "write:") for scope in self.scopes}
        scopes = self.home.principal().scopes - self.scopes - implying
        if not self.scopes:
            return
        answer = self.ask(*self.call, self.home.token(scopes=scopes))
        self.expect("a token without the scope", answer, 403)
        if not all(scope.encode() in answer.content for scope in self.scopes):
            self.faults.append(f"a token without the scope: {answer.content!r} does not name {sorted(self.scopes)}.")

    def ask_as_strangers(self, before):
        """As another household: what is this one's alone is not there, and nothing of it shows."""
        token = self.strangers.token()
        answer = self.ask(*self.call, token)
        if any(scope.startswith("admin:") for scope in self.scopes):
            self.expect("somebody who is no admin", answer, 403)
        elif self.example.is_owned:
            self.expect("another household", answer, 404)
            self.expect_equal("another household", answer, self.ask(*self.call_elsewhere(), token))
        else:
            self.expect("another household", answer, *((self.example.others,) if self.example.others else self.granted))
        if before is not None and not self.example.others:
            self.expect_equal("another household, before and after", answer, before)
        told = [each for each in self.home.ids if each.encode() in answer.content.replace(self.call[0].encode(), b"")]
        if told:
            self.faults.append(f"another household is told {told}.")

    def ask_as_child(self):
        """As a child's profile of the same household."""
        answer = self.ask(*self.call, self.home.token(self.home.child))
        if any(scope.startswith("admin:") for scope in self.scopes):
            self.expect("a child", answer, 403)
            return
        self.expect("a child", answer, *((self.example.child,) if self.example.child else self.granted))
        if answer.status_code == 404 and self.example.is_owned:
            elsewhere = self.ask(*self.call_elsewhere(), self.home.token(self.home.child))
            self.expect_equal("a child", answer, elsewhere)

    def call_elsewhere(self) -> tuple[str, Any]:
        """Make the same call about something that nobody has."""
        address, body = self.call
        written = orjson.dumps([address, body], default=str).decode()
        new_ids: dict[str, str] = {}
        elsewhere = _UUID.sub(lambda found: new_ids.setdefault(found[0], str(uuid4())), written)
        assert new_ids, f"{written} names nothing by an id; say `is_shared` if nothing in it is the household's."
        moved_address, moved_body = orjson.loads(elsewhere)
        return moved_address, moved_body

    def ask(self, address, body, token=""):
        """Ask; what is granted is undone, so that the next caller finds things as they were."""
        address += f"?{self.example.query}" if self.example.query else ""
        savepoint = transaction.savepoint()
        trust.store.forget()
        response = self.home.send(
            self.method, address, body, token=token, headers=self.example.headers or (), raw=self.example.raw
        )
        undo_or_keep = transaction.savepoint_rollback if response.status_code < 400 else transaction.savepoint_commit
        undo_or_keep(savepoint)
        return response

    def expect(self, who, response, *statuses):
        """Note an answer that is not one of these, or not documented, or no problem where it should be one."""
        status = response.status_code
        if status not in statuses:
            wanted = " or ".join(str(each) for each in statuses)
            self.faults.append(f"{who}: {status} instead of {wanted}: {response.content[:300]!r}")
        elif str(status) not in self.document["responses"]:
            self.faults.append(f"{who}: {status} is not documented.")
        elif status >= 400 and response["Content-Type"] != "application/problem+json":
            self.faults.append(f"{who}: not a problem but {response['Content-Type']}.")

    def expect_equal(self, who, one, other):
        """Note two answers that can be told apart, but for the ids that were asked for."""
        if _seen(one) != _seen(other):
            self.faults.append(f"{who} can tell two answers apart: {_seen(one)} and {_seen(other)}")


def _seen(response):
    """Reduce an answer to what must be equal."""
    body = _UUID.sub("<id>", response.content.decode())
    return response.status_code, body, sorted((name, value) for name, value in response.items())


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_everybody_is_answered_as_documented(client, name):
    """Nobody, bad tokens, too few scopes, another household, a child, and the owner."""
    assert name in operations(), f"There is no operation {name}; take its example away."
    trial = Trial(client, name)

    trial.run()

    assert trial.faults == []


def test_every_operation_has_an_example():
    """A new operation is covered, or this says what to write."""
    missing = sorted(operations().keys() - EXAMPLES.keys())

    assert not missing, _HOW_TO + ", ".join(missing)


def everybodys(model, holder):
    """The ownership door, left open."""
    return model._default_manager.all()


#: What is broken -> an operation, the name and the value that break it, and what the matrix must say of it.
BREACHES = {
    "another household's row is found": (
        *("user_export_get", "apps.user.queries.exports.owned", everybodys),
        "another household: 200 instead of 404",
    ),
    "another household's row is deleted": (
        *("sync_device_remove", "apps.sync.services.devices.owned", everybodys),
        "another household: 204 instead of 404",
    ),
    "another household's rows are listed": (
        *("playback_session_list", "apps.playback.queries.sessions.owned", everybodys),
        "another household, before and after can tell two answers apart",
    ),
    "a scope is not asked for": (
        *("user_notification_list", "mediagateway.http.permissions.Scoped.has_permission", lambda *_: True),
        "a token without the scope: 200 instead of 403",
    ),
    "tokens do not expire": (
        *("user_profile_get", "apps.auth.domain.access_tokens.LEEWAY_S", 10**9),
        "an expired token: 200 instead of 401",
    ),
    "revocation is forgotten": (
        *("user_profile_get", "apps.auth.queries.tokens._names_of", lambda principal: ()),
        "a token of an ended session: 200 instead of 401",
    ),
    "a child may do what its parents may": (
        *("user_household_profile_delete", "apps.user.queries.ownership.Owner.check_manages", lambda owner: None),
        "a child: 204 instead of 403",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_caught(client, monkeypatch, breach):
    """The matrix is worth what it catches: each kind of caller gets in by one seeded fault, and it says who."""
    name, target, broken, said = BREACHES[breach]
    operations()
    monkeypatch.setattr(target, broken)
    trial = Trial(client, name)

    trial.run()

    assert [fault for fault in trial.faults if fault.startswith(said)], trial.faults
