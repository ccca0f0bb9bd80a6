"""Keys of names: what two spellings of one title, or of one person, have in common."""

import re
from functools import lru_cache

from mediagateway.folding import fold_letters, fold_words, words_of

#: Longest keys, in characters: the widths of the columns that hold them.
MAX_TITLE_KEY = 500
MAX_NAME_KEY = 200

_ARTICLES = frozenset({"a", "an", "the"})
_TRAILING_ARTICLE = re.compile(r",\s*(?:a|an|the)\s*$", re.IGNORECASE)


def title_key(text: str) -> str:
    """
    Fold a title: case, accents, punctuation, "&", dotted acronyms and one English article do not count.

    "Les Misérables" and "les miserables", "The Matrix" and "Matrix, The", "S.W.A.T." and "SWAT" share a key. A title
    of signs alone ("???") is its own key, so that the key of a title is never empty.

    Returns:
        At most `MAX_TITLE_KEY` characters; folding a key again changes nothing.
    """
    words = fold_words(_TRAILING_ARTICLE.sub("", text))
    # "The The" and "The A-Team" keep theirs: an article before an article is part of the name.
    if len(words) > 1 and words[0] in _ARTICLES and words[1] not in _ARTICLES:
        del words[0]
    return _join(words, text)[:MAX_TITLE_KEY].rstrip()


@lru_cache(maxsize=1 << 16)
def name_key(text: str) -> str:
    """
    Fold a person's name: case, accents and punctuation do not count, so "J.J. Abrams" and "J. J. Abrams" are one.

    Returns:
        At most `MAX_NAME_KEY` characters; folding a key again changes nothing.
    """
    return _join(words_of(fold_letters(text)), text)[:MAX_NAME_KEY].rstrip()


def _join(words: list[str], text: str) -> str:
    return " ".join(words) or " ".join(fold_letters(text).split())
