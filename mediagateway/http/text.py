"""The one boundary where text from outside becomes plain text of ours."""

import html
import re
import unicodedata

import nh3

#: An ampersand that starts no complete entity is a letter: "AT&T", and "M&notes", which HTML would read as "M¬es".
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
#: Tags that end a line on a page; without a space in their place the words around them would run together.
_LINE_TAG = re.compile(r"<(?=/?(?:br|p|div|li|tr|td|h[1-6])\b)", re.IGNORECASE)
#: Lone surrogates, control characters, and the marks that turn the reading direction to disguise a name.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_text(value: str, *, max_length: int) -> str:
    """
    Make plain text of what a feed or a client sent.

    Tags go, together with what stands inside `script` and `style`; entities become the letters that they mean, also
    when they were encoded more than once; white space runs become one space; the result is NFC.

    Args:
        value: Anything that claims to be a title, a name or a synopsis.
        max_length: Characters kept, at most.
    """
    text = value
    while True:
        # NFC stands inside the loop: it turns U+037E into ";", which can complete an entity.
        text = " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())
        plain = _without_markup(text)
        if plain == text:
            return plain[:max_length].rstrip()
        text = plain


def _without_markup(text: str) -> str:
    """Take one layer of tags and entities off; every change makes the text shorter, so repeating it comes to an end."""
    if "<" not in text and "&" not in text:
        return text
    spaced = _LINE_TAG.sub(" <", _BARE_AMPERSAND.sub("&amp;", text))
    return html.unescape(nh3.clean(spaced, tags=set()))
