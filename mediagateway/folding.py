"""What two spellings of one name share: the folding behind catalogue keys and search terms alike. Plain Python."""

import re
import unicodedata

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


def fold_letters(text: str) -> str:
    """Bring case, compatibility forms and accents to one form; apostrophes go, "&" is "and", other signs stay."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS)
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)).casefold().translate(_PLAIN_LETTERS)
        folded = unicodedata.normalize("NFC", folded)
    return _APOSTROPHES.sub("", folded).replace("&", " and ")


def fold_words(text: str) -> list[str]:
    """Split a text into folded words; signs separate them, dotted acronyms are one ("S.W.A.T." is "swat")."""
    # Most names have no signs, and a catalogue has tens of thousands of them.
    if text.isascii() and text.replace(" ", "").isalnum():
        return text.lower().split()
    return words_of(_ACRONYM.sub(_join_acronym, fold_letters(text)))


def words_of(folded: str) -> list[str]:
    """Split at everything that is no letter, digit or mark."""
    if folded.isascii():
        return re.findall(r"[a-z0-9]+", folded)
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()


def _join_acronym(match: re.Match[str]) -> str:
    return _ACRONYM_JOINT.sub("", match[0])
