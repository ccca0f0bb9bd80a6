"""The protocol over HTTP, through the whole middleware."""

from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator

from apps.content.tests.factories import TitleFactory
from apps.mcp.services.registry import prompts, resources, tools
from apps.mcp.tests.agents import call, send
from apps.user import api as user
from apps.user.tests.factories import bearer, make_account, principal_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _verifier(settings):
    settings.TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"


def scores(account):
    """Give the owner's ratings, newest first."""
    return [rating.score for rating in user.list_scores(user.get_viewer(principal_for(account)))]


def test_the_tools_are_listed_with_schemas_and_hints(client):
    listed = send(client, "tools/list").json()["result"]["tools"]

    assert [tool["name"] for tool in listed] == list(tools())
    for tool in listed:
        Draft202012Validator.check_schema(tool["inputSchema"])
        Draft202012Validator.check_schema(tool["outputSchema"])
        assert tool["inputSchema"]["type"] == tool["outputSchema"]["type"] == "object"
        assert tool["annotations"]["readOnlyHint"] is not tools()[tool["name"]].writes
        assert len(tool["description"]) > 20


def test_every_tool_that_writes_can_be_undone():
    for tool in tools().values():
        if tool.writes and tool.name != "undo":
            assert tool.undo is not None
            assert "undo_token" in {field.name for field in fields(tool.gives)}


def test_an_answer_fits_its_schema_and_is_repeated_as_text(client):
    title = TitleFactory.create(title="Star One")

    result = call(client, "get_title", {"title_id": str(title.id)})

    assert result["isError"] is False
    assert result["structuredContent"]["title"]["title"] == "Star One"
    schema = next(tool for tool in send(client, "tools/list").json()["result"]["tools"] if tool["name"] == "get_title")
    Draft202012Validator(schema["outputSchema"]).validate(result["structuredContent"])
    assert result["content"][0]["type"] == "text"


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [
        ({"title_id": "no-uuid"}, "/title_id"),
        ({}, "/title_id"),
        ({"title_id": "1" * 32, "user_id": "somebody"}, "/user_id"),
        ({"title_id": "1" * 32, "region": "usa"}, "/region"),
    ],
    ids=["wrong type", "missing", "unknown", "not a region"],
)
def test_wrong_arguments_are_told_to_the_agent(client, arguments, pointer):
    result = call(client, "get_title", arguments)

    assert result["isError"] is True
    assert result["structuredContent"]["code"] == "validation_error"
    assert pointer in [error["pointer"] for error in result["structuredContent"]["errors"]]


def test_a_missing_title_is_a_result_that_says_so(client):
    result = call(client, "get_title", {"title_id": "1" * 32})

    assert result["isError"] is True
    assert result["structuredContent"]["code"] == "title_not_found"


def test_an_unknown_tool_is_an_error_of_the_protocol(client):
    response = send(client, "tools/call", {"name": "format_disk", "arguments": {}})

    assert response.json()["error"]["code"] == -32602


def test_a_personal_tool_asks_an_anonymous_agent_to_sign_in(client):
    response = send(client, "tools/call", {"name": "rate_title", "arguments": {}})

    assert response.status_code == 401
    assert "/.well-known/oauth-protected-resource" in response["WWW-Authenticate"]
    assert "error=" not in response["WWW-Authenticate"]


def test_a_token_without_the_scope_is_told_which(client, account):
    headers = bearer(account, scopes=frozenset({"read:content"}))

    response = send(client, "tools/call", {"name": "rate_title", "arguments": {}}, headers)

    assert response.status_code == 403
    assert 'error="insufficient_scope", scope="write:ratings"' in response["WWW-Authenticate"]


def test_an_invalid_token_is_401_for_every_message(client, settings):
    settings.TOKEN_VERIFIER = ""

    response = send(client, "tools/list", headers={"Authorization": "Bearer x"})

    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_strangers_page_may_not_call(client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]

    assert send(client, "tools/list", headers={"Origin": "https://evil.example"}).status_code == 403
    assert send(client, "tools/list", headers={"Origin": "https://app.example"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("https://api.example", "api.example", 200),
        ("http://localhost:8080", "localhost:8080", 200),
        ("http://[::1]:8080", "[::1]:8080", 200),
        ("http://localhost:3000", "localhost:8080", 403),
        # A name that a stranger's DNS leads here: Host and Origin agree, and prove nothing.
        ("http://evil.example:8080", "evil.example:8080", 403),
    ],
    ids=["public address", "this machine", "this machine, IPv6", "another port", "rebound"],
)
def test_pages_of_our_own_may_call(client, settings, origin, host, status):
    settings.PUBLIC_URL = "https://api.example/"

    assert send(client, "tools/list", headers={"Origin": origin, "Host": host}).status_code == status


def test_a_child_sees_through_a_childs_eyes(client, account, child):
    title = TitleFactory.create(min_ages={"US": 18})
    asked = {"title_id": str(title.id)}

    assert call(client, "get_title", asked, bearer(account))["isError"] is False
    missing = call(client, "get_title", {"title_id": "1" * 32}, bearer(account, child))
    assert call(client, "get_title", asked, bearer(account, child)) == missing


def test_a_rating_can_be_undone_by_whoever_gave_it(client, account):
    title = TitleFactory.create()
    first = call(client, "rate_title", {"title_id": str(title.id), "score": 3}, bearer(account))
    second = call(client, "rate_title", {"title_id": str(title.id), "score": 9}, bearer(account))

    stolen = call(client, "undo", {"undo_token": second["structuredContent"]["undo_token"]}, bearer(make_account()))
    assert stolen["isError"] is True
    call(client, "undo", {"undo_token": second["structuredContent"]["undo_token"]}, bearer(account))
    assert scores(account) == [3]

    for _ in range(2):
        call(client, "undo", {"undo_token": first["structuredContent"]["undo_token"]}, bearer(account))
    assert scores(account) == []


def test_undoing_needs_the_scopes_of_what_is_undone(client, account):
    title = TitleFactory.create()
    rated = call(client, "rate_title", {"title_id": str(title.id), "score": 3}, bearer(account))

    weaker = bearer(account, scopes=frozenset({"read:content"}))
    result = call(client, "undo", {"undo_token": rated["structuredContent"]["undo_token"]}, weaker)

    assert result["structuredContent"]["code"] == "insufficient_scope"
    assert scores(account) == [3]


def test_a_forged_undo_token_is_refused(client, account):
    result = call(client, "undo", {"undo_token": "eyJ0b29sIjoicmF0ZV90aXRsZSJ9:x:y"}, bearer(account))

    assert result["isError"] is True


def test_resources_and_prompts_are_listed_and_given(client):
    title = TitleFactory.create(title="Star One")

    fixed = send(client, "resources/list").json()["result"]["resources"]
    templates = send(client, "resources/templates/list").json()["result"]["resourceTemplates"]
    read = send(client, "resources/read", {"uri": f"mediagateway://titles/{title.id}"}).json()["result"]
    prompt = send(client, "prompts/get", {"name": "find_similar", "arguments": {"title": "Alien"}}).json()["result"]

    assert len(fixed) + len(templates) == len(resources())
    assert "Star One" in read["contents"][0]["text"]
    assert "Alien" in prompt["messages"][0]["content"]["text"]
    assert len(send(client, "prompts/list").json()["result"]["prompts"]) == len(prompts())


@pytest.mark.parametrize("uri", ["mediagateway://titles/none", "mediagateway://nothing", "file:///etc/passwd"])
def test_an_address_of_nothing_is_an_error(client, uri):
    assert send(client, "resources/read", {"uri": uri}).json()["error"]["code"] == -32602


@pytest.mark.parametrize("method", ["get", "delete"])
def test_there_are_no_streams_and_no_sessions(client, method):
    assert getattr(client, method)("/mcp").status_code == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"jsonrpc": "2.0"}', b"\xff\xfe"])
def test_broken_messages_are_4xx(client, body):
    response = client.post("/mcp", body, content_type="application/json", headers={"Accept": "application/json"})

    assert 400 <= response.status_code < 500
