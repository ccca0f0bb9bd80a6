"""Reading JSON bodies strictly."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class StrictJSONParser(BaseParser):
    """
    JSON as RFC 8259 has it: UTF-8 only, no NaN, no lone surrogates, nesting bounded; and no NUL in any string.

    PostgreSQL cannot store a NUL, so a body that holds one is refused here, in one place, on every database.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """
        Read the whole body.

        Raises:
            ParseError: Not JSON, or a string holds NUL.
        """
        raw = stream.read()
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as err:
            raise ParseError(f"The body is not valid JSON: {err}.") from err
        # The escape is rare and the search fast; only then is the value itself walked.
        if b"\\u0000" in raw and _holds_nul(body):
            raise ParseError("The body holds a NUL character.")
        return body


def _holds_nul(value: Any) -> bool:
    """Look for NUL in every string of a JSON value; orjson has bounded the depth."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any("\0" in name or _holds_nul(inner) for name, inner in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
