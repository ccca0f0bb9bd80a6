"""Operations and states as JSON, the same for HTTP and the live channel."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.sync.domain.changes import Kind, Operation, content_of, details_of, kind_of, read_change
from apps.sync.domain.state import Addition, Register, Session, State


def write_operation(operation: Operation) -> dict[str, Any]:
    """Write an operation as a flat object: what all have, the title it is about, and what its kind adds."""
    body = {
        "id": str(operation.id),
        "origin": operation.origin,
        "seq": operation.seq,
        "stamp": operation.stamp,
        "type": str(kind_of(operation.change)),
    }
    if (content_id := content_of(operation.change)) is not None:
        body["content_id"] = str(content_id)
    return body | details_of(operation.change)


def read_operation(body: Mapping[str, Any], *, origin: str) -> Operation:
    """
    Read an operation that has been checked for its form, or that `write_operation` wrote.

    Args:
        body: The object; ids may be text or UUIDs already.
        origin: Who wrote it: never what the object says by itself.
    """
    content_id = UUID(str(body["content_id"])) if body["type"] != Kind.PREFERENCE else None
    return Operation(
        id=UUID(str(body["id"])),
        origin=origin,
        seq=body["seq"],
        stamp=body["stamp"],
        change=read_change(body["type"], content_id, {"started": "", **body}),
    )


def write_state(state: State, *, everything: bool = False) -> dict[str, Any]:
    """
    Write a state.

    Args:
        state: What to write; tags that were taken off are left out: nobody who adopts the state can meet them again.
        everything: Whether sessions that no longer speak for their title are written too.
    """
    current = state.current()
    return {
        "watchlist": [
            {
                "content_id": str(content_id),
                "tags": [{"tag": str(tag), "stamp": state.additions[tag].stamp} for tag in tags],
            }
            for content_id, tags in sorted(state.watchlist().items())
        ],
        "progress": [
            {"content_id": str(session.content_id), "session_id": str(session.session_id), **register._asdict()}
            for session, register in sorted(state.registers.items())
            if everything or current[session.content_id][0] == session.session_id
        ],
        "hidden": [{"content_id": str(title), "stamp": stamp} for title, stamp in sorted(state.hidden.items())],
        "preferences": [
            {"key": key, "stamp": stamp, "value": value} for key, (stamp, value) in sorted(state.preferences.items())
        ],
    }


def read_state(body: Mapping[str, Any]) -> State:
    """Read a state back."""
    return State(
        additions={
            UUID(tag["tag"]): Addition(UUID(item["content_id"]), tag["stamp"])
            for item in body["watchlist"]
            for tag in item["tags"]
        },
        registers={
            Session(UUID(item["content_id"]), UUID(item["session_id"])): Register(
                item["started"], item["stamp"], item["position_s"], item["duration_s"], item["state"]
            )
            for item in body["progress"]
        },
        hidden={UUID(item["content_id"]): item["stamp"] for item in body["hidden"]},
        preferences={item["key"]: (item["stamp"], item["value"]) for item in body["preferences"]},
    )
