"""Folding of names into keys: what two spellings of one title, or of one person, have in common."""

import re
import unicodedata
from functools import lru_cache

#: Longest keys, in characters: the widths of the columns that hold them.
MAX_TITLE_KEY = 500
MAX_NAME_KEY = 200

# Letters that no Unicode decomposition takes apart, though readers type them without their stroke or ligature.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n"}
)
# Accents of Latin, Greek and Cyrillic. Marks of other scripts (Devanagari vowels, kana voicing) tell words apart.
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bb\u02bc\u2032\u00b4`]")
# "S.W.A.T.", "M*A*S*H": single letters held together by dots or stars.
_ACRONYM = re.compile(r"(?<!\w)[^\W\d_](?:[.*][^\W\d_](?!\w))+[.*]?")
_ACRONYM_JOINT = re.compile(r"[.*]")
_ARTICLES = frozenset({"a", "an", "the"})
_TRAILING_ARTICLE = re.compile(r", ?(a|an|the)$")


def title_key(text: str) -> str:
    """
    Fold a title: case, accents, punctuation, "&", dotted acronyms and one English article do not count.

    "Les Misérables" and "les miserables", "The Matrix" and "Matrix, The", "S.W.A.T." and "SWAT" share a key. A title
    of signs alone ("???") is its own key, so that the key of a title is never empty.

    Returns:
        At most `MAX_TITLE_KEY` characters; folding a key again changes nothing.
    """
    folded = _TRAILING_ARTICLE.sub("", _fold(text).strip())
    words = _words(_ACRONYM.sub(_join_acronym, folded))
    # "The The" and "The A-Team" keep theirs: an article before an article is part of the name.
    if len(words) > 1 and words[0] in _ARTICLES and words[1] not in _ARTICLES:
        del words[0]
    return _cut(" ".join(words) or " ".join(folded.split()), MAX_TITLE_KEY)


@lru_cache(maxsize=1 << 16)
def name_key(text: str) -> str:
    """
    Fold a person's name: case, accents and punctuation do not count.

    Returns:
        At most `MAX_NAME_KEY` characters; folding a key again changes nothing.
    """
    folded = _fold(text)
    return _cut(" ".join(_words(folded)) or " ".join(folded.split()), MAX_NAME_KEY)


def _fold(text: str) -> str:
    """Bring case, compatibility forms and accents to one form; punctuation stays, apostrophes go."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS)
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)).casefold().translate(_PLAIN_LETTERS)
        folded = unicodedata.normalize("NFC", folded)
    return _APOSTROPHES.sub("", folded).replace("&", " and ")


def _words(folded: str) -> list[str]:
    """Split at everything that is no letter, digit or mark."""
    if folded.isascii():
        return re.findall(r"[a-z0-9]+", folded)
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()


def _join_acronym(match: re.Match[str]) -> str:
    return _ACRONYM_JOINT.sub("", match[0])


def _cut(key: str, length: int) -> str:
    return key[:length].rstrip()
