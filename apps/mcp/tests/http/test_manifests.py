"""How agents find us."""

import pytest

from apps.mcp.services.registry import tools

pytestmark = pytest.mark.django_db


def test_the_manifest_names_every_tool_and_stays_small(client):
    response = client.get("/.well-known/arw-manifest.json")
    manifest = response.json()

    assert [action["name"] for action in manifest["actions"]] == list(tools())
    assert manifest["actions"][0]["rate_limit"] == {"per_minute": 60, "burst": 10}
    assert len(response.content) < 50_000
    assert client.get("/.well-known/arw-manifest.json", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_llms_txt_is_a_page_of_tools_and_operations(client):
    response = client.get("/llms.txt")
    page = response.content.decode()

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert page.startswith("# mediagateway\n")
    assert all(f"`{name}`" in page for name in tools())
    assert "`GET /api/v1/search`" in page
