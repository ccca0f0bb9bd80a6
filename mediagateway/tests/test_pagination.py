"""Cursors: only what a list signed comes back into it."""

import base64
import json

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from mediagateway.errors import InvalidCursorError
from mediagateway.http.pagination import decode_cursor, encode_cursor

KEYS = st.lists(st.text(max_size=20) | st.integers(-(2**53), 2**53) | st.none() | st.booleans(), max_size=4)


@given(KEYS)
def test_a_key_comes_back_as_it_went(key):
    assert decode_cursor("titles", encode_cursor("titles", key)) == tuple(key)


def test_no_cursor_is_the_start():
    assert decode_cursor("titles", "") is None


def test_another_list_refuses_it():
    with pytest.raises(InvalidCursorError):
        decode_cursor("titles:sort=year", encode_cursor("titles:sort=title", ["Alien", 1979]))


@given(st.data())
def test_a_cursor_with_one_character_changed_is_refused(data):
    cursor = encode_cursor("titles", ["Alien", 1979])
    position = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda sign: sign != cursor[position]))

    with pytest.raises(InvalidCursorError):
        decode_cursor("titles", cursor[:position] + other + cursor[position + 1 :])


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        ":",
        "a:b",
        "a:b:c",
        "null",
        "é",
        "\ud800",
        "x" * 5000,
        base64.urlsafe_b64encode(json.dumps(["Alien", 1979]).encode()).decode(),
    ],
    ids=ascii,
)
def test_an_invented_cursor_is_refused(cursor):
    with pytest.raises(InvalidCursorError):
        decode_cursor("titles", cursor)


def test_a_cursor_signed_with_another_key_is_refused(settings):
    settings.SECRET_KEY = "another"
    foreign = encode_cursor("titles", ["Alien"])
    settings.SECRET_KEY = "ours"

    with pytest.raises(InvalidCursorError):
        decode_cursor("titles", foreign)


@pytest.mark.parametrize("value", [5, "text", {"a": 1}, None])
def test_a_signed_value_that_is_no_key_is_refused(value):
    """Nothing of ours signs such a thing; a leak of the signing salt must not turn into an error 500."""
    with pytest.raises(InvalidCursorError):
        decode_cursor("titles", signing.dumps(value, salt="cursor:titles"))
