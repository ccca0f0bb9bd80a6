"""Rules for shelves: kinds, genres and moods."""

from apps.search.domain.analysis import STOP_WORDS
from apps.search.domain.understanding.chips import ChipKind, Strength
from apps.search.domain.understanding.lexicon import ADJECTIVES, Concept
from apps.search.domain.understanding.reading import FILLERS, Fate, Reading, Span

#: With more words beside it a kind at the end belongs to a story.
_MOST_WORDS_OF_SHELF = 3
#: With more words than this beside it a genre orders instead of constraining: its teller may file the title elsewhere
#: than the catalogue does.
_MOST_WORDS_BESIDE_GENRE = 0
#: More words before a common genre tell a story that has its word in it.
_MOST_WORDS_BEFORE_GENRE = 2
#: What follows a genre that a query begins with; before other words "history" and "war" are part of the story.
_AFTER_GENRE = frozenset({"about", "with", "set", "where", "starring", "on", "from", "for", "in", ""})


def read_kinds(reading: Reading) -> None:
    """Read "movie", "series", …: what the query begins or ends with; elsewhere it is part of the story."""
    for span in list(reading.free_spans(Concept.KIND)):
        is_subject = len(reading.content()) > _MOST_WORDS_BESIDE_GENRE
        if not (reading.is_head(span.start) or _closes(reading, span) or _is_shelf(reading, span)):
            continue
        kind = span.entry.value
        at = (span.start, span.end)
        reading.add(f"kind:{kind}", ChipKind.KIND, kind, at, asks={"kinds": (kind,)})
        if span.entry.genre:
            add_genre(reading, span.entry.genre, at, hard=not is_subject)
        _made_in(reading, span)


def _closes(reading: Reading, span: Span) -> bool:
    """Say whether a kind ends the query and what stands before it was read: "tom hanks movies", "… korean series"."""
    before = reading.span_before(span.start)
    is_read = reading.fates[span.start - 1] is not Fate.KEPT or before is not None
    return is_read and reading.is_last(span.end)


def _is_shelf(reading: Reading, span: Span) -> bool:
    """Say whether a few words and many titles are the whole query: "christmas movies", "vampire series"."""
    phrase = reading.phrase(span.start, span.end)
    subject = reading.content()
    if not phrase.endswith("s") or not 0 < len(subject) <= _MOST_WORDS_OF_SHELF or not reading.is_last(span.end):
        return False
    # One series is called so, too.
    is_one = phrase.endswith("series") and reading.names.title(reading.phrase(0, span.start)) is not None
    return not is_one and not reading.names.begins_title(reading.phrase(0, span.end))


def read_tastes(reading: Reading) -> None:
    """
    Read genres and moods.

    A genre constrains when nothing else is told or when it is a shelf that something is asked from ("comedies about
    weddings", "documentary about whales"), and orders beside a story. A mood constrains, by the genre that has
    it, only where no subject and no genre is said at all.
    """
    content = len(reading.content())
    is_hard = content <= _MOST_WORDS_BESIDE_GENRE and not reading.references
    for span in list(reading.free_spans(Concept.GENRE)):
        if span.entry.is_common and content and not (_is_filed_under(reading, span) or _ends_shelf(reading, span)):
            continue
        at, hard = (span.start, span.end), is_hard or _is_asked_from(reading, span)
        add_genre(reading, span.entry.value, at, hard=hard)
        if span.entry.genre:
            add_genre(reading, span.entry.genre, at, hard=hard)
        _made_in(reading, span)
        if span.entry.is_narrow:
            reading.mark(*at, Fate.TOPIC)
    has_subject = bool(reading.content()) or bool(reading.references)
    for span in list(reading.free_spans(Concept.MOOD)):
        at = (span.start, span.end)
        if span.entry.genre and not has_subject and not _has_genre(reading):
            add_genre(reading, span.entry.genre, at, hard=True)
        add_taste(reading, span.entry.value, at)


def _is_filed_under(reading: Reading, span: Span) -> bool:
    """Say whether a word that stories have, too, names a genre here: "crime drama", "a drama about …"."""
    if any(other.start == span.end and other.entry.concept in (Concept.KIND, Concept.GENRE) for other in reading.spans):
        return True
    asked = all(word in FILLERS or word in STOP_WORDS for word in reading.words[: span.start])
    return asked and reading.phrase(span.end, span.end + 1) in _AFTER_GENRE


def _ends_shelf(reading: Reading, span: Span) -> bool:
    """Say whether a word or two before a genre are the whole query: "legal drama"."""
    before = [word for word in reading.words[: span.start] if word not in FILLERS]
    is_subject = 0 < len(before) <= _MOST_WORDS_BEFORE_GENRE and STOP_WORDS.isdisjoint(before)
    is_whole = is_subject and span.end == len(reading.words)
    return is_whole and not reading.names.begins_title(reading.phrase(0, span.end))


def _is_asked_from(reading: Reading, span: Span) -> bool:
    """Say whether a genre begins with a subject after it: in the plural, or one that nobody files elsewhere."""
    is_firm = span.entry.value == "documentary" or bool(span.entry.origin)
    is_shelf = is_firm or reading.phrase(span.start, span.end).endswith("s")
    asked_after = _AFTER_GENRE - {""}
    return is_shelf and reading.is_head(span.start) and reading.phrase(span.end, span.end + 1) in asked_after


def _made_in(reading: Reading, span: Span) -> None:
    """Add the country that a word for a genre or kind says in passing: anime is Japanese."""
    if country := span.entry.origin:
        adjective = ADJECTIVES[country]
        fate = reading.fates[span.start]
        reading.add(
            f"country:{country}",
            ChipKind.COUNTRY,
            adjective,
            (span.start, span.end),
            fate=fate,
            asks={"countries": (country,)},
        )


def _has_genre(reading: Reading) -> bool:
    return any("genres" in chip.filters for chip in reading.chips)


def add_genre(reading: Reading, genre: str, at: tuple[int, int], *, hard: bool) -> None:
    """Add a genre; its words go on to count for the meaning."""
    if hard:
        reading.add(f"genre:{genre}", ChipKind.GENRE, said(genre), at, fate=Fate.TASTE, asks={"genres": (genre,)})
    else:
        reading.add(f"genre:{genre}", ChipKind.GENRE, said(genre), at, strength=Strength.SOFT, fate=Fate.TASTE)


def add_taste(reading: Reading, mood: str, at: tuple[int, int]) -> None:
    """Add a mood, which orders."""
    reading.add(f"mood:{mood}", ChipKind.MOOD, said(mood), at, strength=Strength.SOFT, fate=Fate.TASTE)


def said(slug: str) -> str:
    """Write a slug as people say it."""
    return slug.replace("_", " ")
