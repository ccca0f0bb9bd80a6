"""The order in which a query is read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from apps.search.domain.analysis import STOP_WORDS
from apps.search.domain.nicknames import write_out
from apps.search.domain.understanding.certain import read_certain, read_new
from apps.search.domain.understanding.chips import Strength, Understanding
from apps.search.domain.understanding.context import read_negations, read_people, read_places, read_references
from apps.search.domain.understanding.lexicon import Entry
from apps.search.domain.understanding.reading import FILLERS, Fate, Names, Reading
from apps.search.domain.understanding.shelves import read_kinds, read_tastes
from mediagateway.folding import fold_words

#: Words by one of which people who name nothing else ask for anything at all.
_OPEN = frozenset({"watch", "recommend", "recommendations", "suggest", "suggestions", "something", "anything"})
#: What people write of a subject -> how those who tell of it write.
_SUBJECTS = {
    "apocalyptic": "apocalypse",
    "dystopian": "dystopia",
    "ww1": "world war one",
    "wwi": "world war one",
    "ww2": "world war two",
    "wwii": "world war two",
}
#: Words that are read; 500 characters of single letters are no query.
_MOST_WORDS = 80


def understand(
    text: str, *, names: Names, lexicon: Mapping[str, Entry], now: datetime, removed: frozenset[str] = frozenset()
) -> Understanding:
    """
    Read a query.

    A text that is the name of a title is that title and nothing else, also when only sure constraints stand around the
    name ("free guy on netflix"): "It", "Kids", "New Girl" and "1917" are asked for by name far more often than meant as
    words.

    Args:
        text: As typed.
        names: Titles and people of this viewer.
        lexicon: From `lexicon.build_lexicon`.
        now: Decides what is leaving soon.
        removed: Ids of chips that the caller took back; their words are neither constraints nor looked for, unless
            nothing else is left.
    """
    words = fold_words(text)[:_MOST_WORDS]
    folded = " ".join(words)
    if names.title(folded) is not None or _is_dated_title(words, names):
        return Understanding(folded, folded, folded, is_title=True)
    words = write_out(folded, _SUBJECTS).split()
    reading = Reading(words, lexicon, names, now, removed)
    read_references(reading)
    read_certain(reading)
    rest = _left(reading)
    is_title = not reading.references and names.title(" ".join(rest)) is not None
    if not is_title:
        read_people(reading)
        read_negations(reading)
        read_new(reading)
        read_places(reading)
        read_kinds(reading)
        read_tastes(reading)
    return _understanding(reading, is_title=is_title)


def _is_dated_title(words: list[str], names: Names) -> bool:
    """Say whether the text is a title and its year."""
    if len(words) < 2 or not (len(words[-1]) == 4 and words[-1].isdigit()):
        return False
    return names.title(" ".join(words[:-1]), year=int(words[-1])) is not None


def _left(reading: Reading) -> list[str]:
    """Give the words that no rule has read."""
    return [word for word, fate in zip(reading.words, reading.fates, strict=True) if fate is Fate.KEPT]


def _understanding(reading: Reading, *, is_title: bool) -> Understanding:
    """Write down what was read."""
    # Somebody named beside a story orders: not every title's cast is known, and the story may do without.
    soft_people = reading.bare_people if reading.content() else set()
    chips = tuple(replace(chip, strength=Strength.SOFT) if chip.id in soft_people else chip for chip in reading.chips)
    pairs = list(zip(reading.words, reading.fates, strict=True))
    kept = (Fate.KEPT, Fate.NAME) if soft_people else (Fate.KEPT,)
    text = [word for word, fate in pairs if fate in kept]
    tale = [word for word, fate in pairs if fate in (Fate.KEPT, Fate.TOPIC)]
    meaning = [word for word, fate in pairs if fate in (Fate.KEPT, Fate.TOPIC, Fate.TASTE)]
    if not is_title and all(word in FILLERS or word in STOP_WORDS for word in text):
        text, tale = [], [word for word, fate in pairs if fate is Fate.TOPIC]
    # A single word may be the beginning of a name: "Something Wild".
    asks = len(reading.words) > 1 and not _OPEN.isdisjoint(reading.words)
    is_open = asks and not chips and not text and not reading.references
    if not text and not is_open and all(chip.id in reading.removed for chip in chips):
        # Nothing was read, or all of it was taken back: the words are all there is.
        text = tale = meaning = reading.words
    return Understanding(
        text=" ".join(text),
        tale=" ".join(tale),
        meaning="" if is_open else " ".join(meaning),
        chips=chips,
        removed=frozenset(chip.id for chip in chips) & reading.removed,
        references=tuple(reading.references),
        is_title=is_title,
        is_open=is_open,
        prefers_new=reading.prefers_new and "new" not in reading.removed,
    )
