"""Undo tokens: what a tool changed, signed, so that the same person can take it back within a day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core import signing

from apps.mcp.services.calls import Call
from apps.mcp.services.registry import get_tool
from mediagateway.errors import InvalidInputError
from mediagateway.http.errors import InsufficientScopeError

_SALT = "mcp.undo"
#: For as long as an agent's conversation may last.
_LIFETIME = timedelta(days=1)


def make_undo_token(call: Call, tool: str, members: Mapping[str, Any]) -> str:
    """
    Write what it takes to undo a call.

    Args:
        call: Whose call it was.
        tool: Name of the tool that was called.
        members: JSON values that its `undo` understands: the state before, never a secret.
    """
    payload = {"tool": tool, "profile": str(call.viewer().profile_id), "members": dict(members)}
    return signing.dumps(payload, salt=_SALT, compress=True)


def undo(call: Call, token: str) -> str:
    """
    Take back what a call did, and say which tool that was. A second time leaves what the first time left.

    Raises:
        InvalidInputError: The token is not ours, too old, or somebody else's.
        InsufficientScopeError: The caller may not do what would be undone.
    """
    try:
        payload = signing.loads(token, salt=_SALT, max_age=_LIFETIME)
    except signing.BadSignature as err:
        raise InvalidInputError("The undo token is not valid, or older than a day.") from err
    viewer, tool = call.viewer(), get_tool(payload["tool"])
    if payload["profile"] != str(viewer.profile_id):
        raise InvalidInputError("The undo token is not valid, or older than a day.")
    # Only tools for people who may write, and with an undo, make tokens.
    assert tool.scopes is not None
    assert tool.undo is not None
    if not viewer.principal.has_scopes(tool.scopes):
        raise InsufficientScopeError(tool.scopes)
    tool.undo(call, payload["members"])
    return tool.name
