"""One evening, by outside clients only: a phone, a television, a browser and an agent, on servers as they run."""

import asyncio
import json
import time
from types import SimpleNamespace

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from websockets.sync.client import connect

from deploy.tests.browsing import EMAIL, PASSWORD, open_signed_in, register, register_client, submit

pytestmark = [pytest.mark.slow]

_COLUMNS = (
    *("id", "title", "type", "description", "release_year", "age_certification", "runtime", "genres"),
    *("production_countries", "seasons", "imdb_id", "imdb_score", "imdb_votes", "tmdb_popularity", "tmdb_score"),
)
_FILMS = {
    "The Lantern Keeper": ("A lighthouse keeper finds a letter from the sea.", "['drama']"),
    "Copper Canyon Heist": ("Four thieves rob a train that does not stop.", "['action', 'crime']"),
    "Night Bus to Lisbon": ("Two strangers talk until morning.", "['romance', 'drama']"),
    "The Paper Fleet": ("A boy sails paper boats to his lost brother.", "['family', 'drama']"),
    "Static": ("A radio answers before anybody has asked.", "['scifi', 'thriller']"),
    "Orchard Street": ("A family keeps its bakery through one hard winter.", "['comedy', 'drama']"),
}
_RUNTIME_S = 100 * 60
_TV_SCOPES = (
    "read:content read:watchlist write:watchlist read:history write:history read:preferences write:devices "
    "playback:control offline_access"
)


@pytest.fixture(scope="module")
def server(serve, tmp_path_factory):
    """The api group and the live channel over a small catalogue, with Ada's account and a television's client."""
    lines = [",".join(_COLUMNS)]
    for number, (title, (synopsis, genres)) in enumerate(_FILMS.items(), start=1):
        lines.append(
            f'tm{number},{title},MOVIE,"{synopsis}",20{10 + number},PG,100,"{genres}","[\'US\']",,,7.0,1000,50,7.0'
        )
    feed = tmp_path_factory.mktemp("feed") / "films.csv"
    feed.write_text("\n".join(lines) + "\n")
    with serve("--group", "api") as served:
        served.wait_until_ready("api", "live")
        options = ("--platform", "netflix", "--region", "US", "--as-of", "2026-11-01")
        served.manage("ingest", "justwatch-csv", *options, str(feed))
        register(served)
        yield SimpleNamespace(served=served, tv=register_client(served, "Example TV", "--public"))


class Api:
    """A client of the HTTP API that expects success."""

    def __init__(self, served, token):
        self._base, self._headers = served.url("/api/v1/"), {"Authorization": f"Bearer {token}"}

    def __call__(self, method, path, body=None, **query):
        """Ask, and give the JSON of the answer."""
        answer = httpx.request(method, self._base + path, json=body, params=query, headers=self._headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def sign_in_phone(server):
    """Sign in as our own apps do."""
    answer = httpx.post(server.served.url("/api/v1/auth/login"), json={"email": EMAIL, "password": PASSWORD})
    return answer.json()["access_token"]


def sign_in_tv(server):
    """Let a television in by its code (RFC 8628)."""
    asked = {"client_id": server.tv["client_id"], "scope": _TV_SCOPES}
    waiting = httpx.post(server.served.url("/auth/device"), data=asked).json()
    with httpx.Client() as browser:
        page = open_signed_in(browser, waiting["verification_uri_complete"])
        submit(browser, page, step="allow", user_code=waiting["user_code"])
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": waiting["device_code"],
        "client_id": server.tv["client_id"],
    }
    return httpx.post(server.served.url("/auth/token"), data=poll).json()["access_token"]


async def ask_agent(server, token, *calls):
    """Call tools by the official client, and give their structured answers."""
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
        Client(streamable_http_client(server.served.url("/mcp"), http_client=http)) as client,
    ):
        answers: list[dict[str, object]] = []
        for name, arguments in calls:
            result = await client.call_tool(name, arguments(answers) if callable(arguments) else arguments)
            assert not result.is_error, result
            answers.append(result.structured_content)
        return answers


def test_an_evening(server):
    """Find, list, watch, stop, go on, dismiss, ask an agent, undo, take one's data along."""
    phone_token = sign_in_phone(server)
    phone, tv = Api(server.served, phone_token), Api(server.served, sign_in_tv(server))

    phone("PUT", "user/subscriptions", {"platforms": ["netflix"]})
    found = phone("GET", "search", q="the lantern keeper")["items"][0]
    film = found["title"]["id"] if "title" in found and isinstance(found["title"], dict) else found["id"]
    with connect(tv("POST", "sync/ticket", {})["ws_url"]) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        added_at = time.monotonic()
        phone("POST", "user/watchlist", {"content_id": film})
        while film not in (message := socket.recv(timeout=5)):
            assert json.loads(message)["type"]
        assert time.monotonic() - added_at < 1

    link = tv("POST", "playback/deep-link", {"content_id": film, "device": "android_tv"})
    assert link["best"]["platform"] == "netflix"
    session = tv("POST", "playback/sessions", {"content_id": film, "duration_s": _RUNTIME_S})["session"]
    stop = {"position_s": _RUNTIME_S * 2 // 5, "state": "stopped"}
    tv("PATCH", f"playback/sessions/{session['id']}/position", stop)
    begun = phone("GET", "playback/continue-watching")["items"]
    assert [(item["title"]["id"], item["resume_position_s"]) for item in begun] == [(film, _RUNTIME_S * 2 // 5)]

    first = phone("GET", "sona/recommendations", limit=5)["items"]
    unwanted = first[0]["title"]["id"]
    phone("POST", "sona/feedback", {"type": "dismissed", "content_id": unwanted})
    second = phone("GET", "sona/recommendations", limit=5)["items"]
    assert unwanted not in [item["title"]["id"] for item in second]

    tonight, removed, _, listed = asyncio.run(
        ask_agent(
            server,
            phone_token,
            ("tonight", {"minutes": 180}),
            ("manage_watchlist", {"action": "remove", "title_id": film}),
            ("undo", lambda answers: {"undo_token": answers[-1]["undo_token"]}),
            ("get_watchlist", {}),
        )
    )
    assert tonight["answer"]["offer"]["platform"] == "netflix"
    assert removed["is_on_watchlist"] is False
    assert [item["title"]["id"] for item in listed["items"]] == [film]

    export = phone("POST", "user/export")
    deadline = time.monotonic() + 30
    while (document := phone("GET", f"user/export/{export['id']}")).get("ready_at") is None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert film in json.dumps(document)
