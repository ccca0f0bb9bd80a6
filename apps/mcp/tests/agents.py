"""How an agent's messages look on the wire, for tests."""

import json

LEGACY = {"MCP-Protocol-Version": "2025-06-18", "Accept": "application/json, text/event-stream"}


def send(client, method, params=None, headers=(), request_id=1):
    """POST one JSON-RPC request to /mcp."""
    message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}
    return client.post(
        "/mcp", json.dumps(message), content_type="application/json", headers={**LEGACY, **dict(headers)}
    )


def call(client, tool, arguments=None, headers=()):
    """Call a tool and give its result."""
    response = send(client, "tools/call", {"name": tool, "arguments": arguments or {}}, headers)
    assert response.status_code == 200, response.content
    return response.json()["result"]
