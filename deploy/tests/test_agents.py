"""The MCP server as agents of other people see it: the official client, over HTTP and over stdio."""

import asyncio
import sys
from pathlib import Path

import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.once]


async def look_around(client):
    """List what there is, and ask for what needs no catalogue."""
    listed = await client.list_tools()
    genres = await client.call_tool("list_genres", {})
    missing = await client.call_tool("get_title", {"title_id": "1" * 32})
    prompts = await client.list_prompts()
    return [tool.name for tool in listed.tools], genres, missing, prompts


def check(seen):
    """Expect what an anonymous agent is told."""
    names, genres, missing, prompts = seen
    assert {"search_titles", "get_title", "rate_title", "undo"} <= set(names)
    assert {"slug": "comedy", "name": "Comedy"} in genres.structured_content["items"]
    assert missing.is_error
    assert prompts.prompts


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_over_http(serve, mode):
    async def visit(url):
        async with Client(url, mode=mode) as client:
            return await look_around(client)

    with serve("--group", "mcp") as served:
        served.wait_until_ready("mcp")
        check(asyncio.run(visit(served.url("/mcp", "mcp"))))


def test_the_official_client_over_stdio(serve):
    async def visit(environ):
        command = StdioServerParameters(
            command=sys.executable, args=["manage.py", "mcp_stdio"], env=environ, cwd=str(ROOT)
        )
        async with Client(stdio_client(command)) as client:
            return await look_around(client)

    with serve("--group", "mcp") as served:
        check(asyncio.run(visit(served.environ)))
