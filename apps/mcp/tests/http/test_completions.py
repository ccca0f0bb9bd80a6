"""Completing what somebody types into a prompt's arguments."""

import pytest
from django.core.management import call_command

from apps.content.tests.factories import TitleFactory
from apps.mcp.tests.agents import send
from apps.user.tests.factories import bearer

pytestmark = pytest.mark.django_db


def complete(client, of, argument, typed, headers=()):
    params = {"ref": of, "argument": {"name": argument, "value": typed}}
    return send(client, "completion/complete", params, headers).json()


def prompt(name):
    return {"type": "ref/prompt", "name": name}


@pytest.fixture
def films():
    """Two titles of one beginning, the second for adults."""
    made = [TitleFactory.create(title="Starfall"), TitleFactory.create(title="Starlight", min_ages={"US": 18})]
    call_command("rebuild_index", verbosity=0)
    return made


@pytest.mark.parametrize("name", ["find_similar", "where_to_watch"])
def test_titles_are_completed(client, films, name):
    completion = complete(client, prompt(name), "title", "starf")["result"]["completion"]

    assert completion == {"values": ["Starfall"], "total": 1, "hasMore": False}


def test_a_child_is_offered_what_it_may_see(client, api, account, child, films):
    seen = [
        complete(client, prompt("find_similar"), "title", "star", headers)["result"]["completion"]["values"]
        for headers in (bearer(account), bearer(account, child))
    ]

    assert sorted(seen[0]) == ["Starfall", "Starlight"]
    assert "Starlight" not in seen[1]


def test_moods_are_completed(client):
    values = complete(client, prompt("what_to_watch_tonight"), "mood", "")["result"]["completion"]["values"]

    assert values == sorted(values)
    assert values


@pytest.mark.parametrize(
    ("of", "argument"),
    [
        (prompt("what_to_watch_tonight"), "minutes"),
        (prompt("find_similar"), "none_such"),
        ({"type": "ref/resource", "uri": "mediagateway://titles/{title_id}"}, "title_id"),
    ],
    ids=["no list", "no argument", "ids"],
)
def test_what_has_no_list_completes_to_nothing(client, of, argument):
    assert complete(client, of, argument, "a")["result"]["completion"]["values"] == []


def test_a_prompt_that_there_is_not_is_an_error(client):
    assert complete(client, prompt("format_disk"), "title", "a")["error"]["code"] == -32602
