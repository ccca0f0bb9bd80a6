"""Reading operations out of JSON: strict, and fast enough for a thousand of them."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.sync.domain.changes import Kind, PlayState
from apps.sync.domain.limits import MAX_BATCH, MAX_KEY, MAX_POSITION_S, MAX_TAGS, MAX_VALUE

STAMP_PATTERN = r"^[0-9]{13}-[0-9a-f]{4}-[0-9a-z-]{1,36}\Z"
_STAMP = re.compile(STAMP_PATTERN)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_STATES = frozenset(state.value for state in PlayState)
_KINDS = frozenset(kind.value for kind in Kind)
#: Largest whole number that every JSON reader keeps exact.
_MAX_SEQ = 2**53


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value.lower()) is not None


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_stamp(value: object) -> bool:
    return isinstance(value, str) and _STAMP.match(value) is not None


def _is_tags(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_TAGS and all(map(_is_id, value))


def _is_position(value: object) -> bool:
    return _is_whole(value, 0, MAX_POSITION_S)


def _is_value(value: object) -> bool:
    return len(repr(value)) <= MAX_VALUE


#: Member -> whether a value may stand there, and what it should be.
_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "id": (_is_id, "a UUID"),
    "seq": (lambda value: _is_whole(value, 1, _MAX_SEQ), "a whole number from 1 on"),
    "stamp": (_is_stamp, "a stamp"),
    "type": (lambda value: isinstance(value, str) and value in _KINDS, "a type of operation"),
    "content_id": (_is_id, "a UUID"),
    "tags": (_is_tags, f"a list of at most {MAX_TAGS} UUIDs"),
    "session_id": (_is_id, "a UUID"),
    "started": (_is_stamp, "a stamp"),
    "position_s": (_is_position, "a number of seconds"),
    "duration_s": (_is_position, "a number of seconds"),
    "state": (lambda value: isinstance(value, str) and value in _STATES, "a state of a player"),
    "key": (lambda value: isinstance(value, str) and 0 < len(value) <= MAX_KEY, "the name of a preference"),
    "value": (_is_value, "a short value"),
}
_COMMON = frozenset({"id", "seq", "stamp", "type"})
#: Kind of operation -> its members beside those of all.
_MEMBERS: Mapping[str, frozenset[str]] = {
    Kind.ADD: frozenset({"content_id"}),
    Kind.REMOVE: frozenset({"content_id", "tags"}),
    Kind.PROGRESS: frozenset({"content_id", "session_id", "position_s", "duration_s", "state"}),
    Kind.HIDE: frozenset({"content_id"}),
    Kind.PREFERENCE: frozenset({"key", "value"}),
}
#: Members that may be left out.
_OPTIONAL: Mapping[str, frozenset[str]] = {Kind.PROGRESS: frozenset({"started"})}


def read_operations(raw: object) -> tuple[dict[str, Any], ...]:
    """
    Check a list of operations.

    Raises:
        serializers.ValidationError: With the first operations that are not of their form, as DRF nests errors.
    """
    if not isinstance(raw, list) or len(raw) > MAX_BATCH:
        raise serializers.ValidationError(f"This is not a list of at most {MAX_BATCH} operations.", code="invalid")
    errors = [_errors_of(each) for each in raw]
    if any(errors):
        raise serializers.ValidationError(errors)
    return tuple({**each, "id": UUID(each["id"])} for each in raw)


def _errors_of(body: object) -> dict[str, list[serializers.ErrorDetail]]:
    """Name each wrong member of one operation; nothing when all are right."""
    if not isinstance(body, dict):
        return {"non_field_errors": [serializers.ErrorDetail("This is not an object.", "invalid")]}
    wanted = _COMMON | _MEMBERS.get(body["type"], frozenset()) if _is_known(body) else _COMMON
    errors = {name: [serializers.ErrorDetail("This is required.", "required")] for name in wanted - body.keys()}
    allowed = wanted | _OPTIONAL.get(body["type"], frozenset()) if _is_known(body) else frozenset(_CHECKS)
    for name, value in body.items():
        if name not in allowed:
            errors[name] = [serializers.ErrorDetail("This is not a member of this type.", "unknown")]
        elif not _CHECKS[name][0](value):
            errors[name] = [serializers.ErrorDetail(f"This is not {_CHECKS[name][1]}.", "invalid")]
    return errors


def _is_known(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("type"), str) and body["type"] in _KINDS
