"""Text from outside."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mediagateway.http.text import clean_text

MARKUP = st.text(alphabet=st.sampled_from(list("<>&;/!-#x0ltgamp \"'a\x00\u037e")), max_size=60)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("M*A*S*H", "M*A*S*H"),
        ("I <3 you", "I <3 you"),
        ("AT&T", "AT&T"),
        ("M&notes", "M&notes"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("1 < 2 > 1", "1 < 2 > 1"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("<b>Bold</b> & <script>alert(1)</script>brave", "Bold & brave"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ('<img src=x onerror="alert(1)">Up', "Up"),
        ("<p>One.</p><p>Two.<br>Three.</p>", "One. Two. Three."),
        ("a\x00b\u202ec\ud800d\ufeff", "abcd"),
        (" a\t\r\n b\x85c ", "a b c"),
        ("Ame\u0301lie", "Amélie"),
        ("&lt\u037eb&gt\u037e", ""),
    ],
)
def test_outside_text_becomes_plain(given_text, expected):
    assert clean_text(given_text, max_length=200) == expected


@given(st.text(max_size=80) | MARKUP)
@example("&amp;amp;lt;b>")
def test_cleaning_twice_changes_nothing_more(value):
    once = clean_text(value, max_length=1000)

    assert clean_text(once, max_length=1000) == once
    assert "\0" not in once
    assert unicodedata.is_normalized("NFC", once)


def test_length_is_a_number_of_characters():
    assert clean_text("é" * 300, max_length=200) == "é" * 200
    assert clean_text("ab cd", max_length=3) == "ab"
