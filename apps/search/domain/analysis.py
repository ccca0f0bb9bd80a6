"""
How text becomes terms, for documents and queries alike.

Both backends index the terms made here and split on blanks only, so SQLite and PostgreSQL match the same documents.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from threading import local

import Stemmer

from mediagateway.folding import fold_words

#: Grows whenever the same text would give other terms: an index built by another version must be rebuilt.
ANALYSIS_VERSION = 5

# Scripts whose words a reader does not separate as we do: Han, Kana, Thai, Hangul. Their runs become pairs of signs.
_UNSPACED = re.compile(r"([぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿ꥠ-꥿가-힣]+)")

#: Words that carry no meaning of their own in a query; dropped only while another word remains.
STOP_WORDS = frozenset(
    {
        *(
            "a",
            "about",
            "after",
            "all",
            "also",
            "an",
            "and",
            "any",
            "are",
            "as",
            "at",
            "be",
            "been",
            "but",
            "by",
            "can",
        ),
        *("could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how"),
        *("i", "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not", "of", "on", "or", "our", "she"),
        *(
            "so",
            "some",
            "than",
            "that",
            "the",
            "them",
            "then",
            "there",
            "these",
            "they",
            "this",
            "to",
            "too",
            "us",
            "was",
        ),
        *(
            "we",
            "were",
            "what",
            "when",
            "where",
            "which",
            "while",
            "who",
            "whom",
            "why",
            "will",
            "with",
            "would",
            "you",
        ),
        "your",
    }
)

#: Numbers of parts; "i" and "x" are words and names more often.
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xiii": "13"}
_NUMBER_NAMES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERS = {name: str(number) for number, name in enumerate(_NUMBER_NAMES)}
_PART_WORDS = frozenset({"part", "vol", "volume", "episode", "chapter"})
_ARTICLES = frozenset({"a", "an", "the"})

#: Words that the stemmer makes one with others of another meaning: animals are no animation, a witness has no wit.
_OWN_STEMS = {
    **dict.fromkeys(("animal", "animals"), "animal"),
    "anime": "anime",
    **dict.fromkeys(("boxing", "boxer", "boxers"), "boxer"),
    **dict.fromkeys(("business", "businesses"), "business"),
    **dict.fromkeys(("evening", "evenings"), "evening"),
    "training": "training",
    **dict.fromkeys(("witness", "witnesses", "witnessed", "witnessing"), "witness"),
}

_stemmers = local()


def fold(text: str) -> str:
    """Reduce a text to what a person would type: folded words, single blanks between them."""
    return " ".join(fold_words(text))


def name_forms(name: str) -> tuple[str, ...]:
    """
    Give the folded name and the forms in which people ask for it.

    Without its English article ("godfather"), and with the number of a part as a plain digit ("rocky 2").
    """
    words = fold_words(name)
    without = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
    return tuple(dict.fromkeys((" ".join(words), " ".join(without), plain_numbers(" ".join(without)))))


def plain_numbers(folded: str) -> str:
    """Write "twelve" as digits, and behind a name "part ii", "vol 2", "episode iv" and "ii"."""
    words = folded.split()
    plain: list[str] = []
    for word in words:
        number = _NUMBERS.get(word) or (_ROMAN.get(word, word) if plain else word)
        if number.isdigit() and len(plain) > 1 and plain[-1] in _PART_WORDS:
            plain.pop()
        plain.append(number)
    return " ".join(plain)


def terms(text: str) -> list[str]:
    """Split a text into index terms, in order, repeats kept: English-stemmed words, and pairs of CJK or Thai signs."""
    return [term for word in fold_words(text) for term in _terms_of_word(word)]


def query_terms(text: str) -> list[str]:
    """Split a query into distinct terms without stop words, unless it has nothing else ("The Who", "It", "Us")."""
    words = fold_words(text)
    telling = [word for word in words if word not in STOP_WORDS] or words
    return list(dict.fromkeys(term for word in telling for term in _terms_of_word(word)))


def join_terms(texts: Iterable[str]) -> str:
    """Write the terms of several texts as one blank-separated field."""
    return " ".join(term for text in texts for term in terms(text))


@lru_cache(maxsize=200_000)
def _terms_of_word(word: str) -> tuple[str, ...]:
    """Stem a spaced word; cut a run of an unspaced script into overlapping pairs."""
    found: list[str] = []
    for part in _UNSPACED.split(word):
        if not part:
            continue
        if _UNSPACED.match(part):
            found.extend([part] if len(part) == 1 else [part[at : at + 2] for at in range(len(part) - 1)])
        else:
            found.append(_stem(part))
    return tuple(found)


def _stem(word: str) -> str:
    """Stem an English word; a stemmer is not safe to share between threads, so each has its own."""
    if (own := _OWN_STEMS.get(word)) is not None:
        return own
    stemmer = getattr(_stemmers, "english", None)
    if stemmer is None:
        stemmer = _stemmers.english = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
