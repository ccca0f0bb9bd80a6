"""Rules that need a context: titles to be alike, people, negations, places."""

from apps.content.contracts import LISTED_KINDS
from apps.search.domain.analysis import STOP_WORDS
from apps.search.domain.understanding.chips import ChipKind, Strength
from apps.search.domain.understanding.lexicon import Concept
from apps.search.domain.understanding.reading import Fate, Reading, Span
from apps.search.domain.understanding.shelves import add_taste, said

_LONGEST_NAME = 8
_LONGEST_PERSON = 4
#: With more words between them an adjective and a kind belong to a story.
_MOST_WORDS_OF_SUBJECT = 2

_LIKE_CUES = ("like", "similar to", "in the style of", "reminiscent of", "fans of", "reminds me of", "in the vein of")
_LIKED = ("if you liked", "if you like", "because i liked", "i liked", "i loved", "we liked", "we loved", "enjoyed")
#: What may stand before "like" when a title follows.
_LIKE_HEADS = frozenset({"something", "anything", "more", "stuff", "things", "titles", "others", "ones", "is", "just"})
#: Comparative -> (chip, taste).
_COMPARATIVES = {
    "scarier": "scary",
    "funnier": "funny",
    "darker": "dark",
    "sadder": "sad",
    "lighter": "relaxing",
    "romantic": "romantic",
    "violent": "violent",
    "bloodier": "violent",
    "weirder": "quirky",
    "happier": "heartwarming",
}
#: What a comparative may lead to: "scarier than get out".
_THAN = "than"
#: After "but" these, too, say what shall be otherwise.
_AFTER_BUT = frozenset({"for", "with", "without", "in", "set", "as", "less", "more", "not"})
_NEGATORS = frozenset(
    {"no", "not", "non", "without", "except", "nothing", "minus", "excluding", "isnt", "arent", "never"}
)
_NEGATOR_PHRASES = (
    "but not",
    "but no",
    "anything but",
    "other than",
    "not too",
    "not a",
    "not an",
    "no more",
    "not any",
)
#: Before a negator these make it part of a story ("a man with no family"), unless something to watch stands before.
_NARRATIVE = frozenset({"with", "has", "have", "had", "is", "was", "are", "there"})
_DIRECTED = ("directed by", "by director", "from director", "a film by", "films by", "movies by", "film by", "movie by")
_ACTED = ("starring", "featuring", "with actor", "with actress", "stars")
_WITH = ("with", "by", "from", "without", "no")


def read_references(reading: Reading) -> None:
    """Read "like X", "similar to X", "X but scarier"; a title that is named so is no answer itself."""
    for cue in (*_LIKED, *_LIKE_CUES):
        for start, end in list(reading.find(cue)):
            if cue == "like" and not _is_comparison(reading, start):
                continue
            length = _take_title(reading, end, cue_start=start)
            if length:
                _comparisons(reading, end + length)
    _than_title(reading)
    if not reading.references:
        _but_otherwise(reading)


def _than_title(reading: Reading) -> None:
    """Read "scarier than X"."""
    for start, end in list(reading.find(_THAN)):
        mood = _COMPARATIVES.get(reading.phrase(max(start - 1, 0), start))
        if mood and reading.is_free(start - 1, start) and _take_title(reading, end, cue_start=start):
            add_taste(reading, mood, (start - 1, start))


def _but_otherwise(reading: Reading) -> None:
    """Read "X but scarier"."""
    for start, end in reading.find("but"):
        follows = reading.words[end : end + 2]
        if start and _COMPARATIVES.keys() & set(follows) | (
            {"for", "with", "in", "set", "as", "shorter"} & set(follows[:1])
        ):
            found = reading.names.title(reading.phrase(0, start))
            if found is not None:
                _refer(reading, found.slot, (0, start), cue_start=0)
                _comparisons(reading, start)


def _is_comparison(reading: Reading, start: int) -> bool:
    """Say whether "like" compares: at the beginning, or after something to watch."""
    before = reading.span_before(start)
    if start == 0 or (before is not None and before.entry.concept in (Concept.KIND, Concept.GENRE)):
        return True
    return reading.words[start - 1] in _LIKE_HEADS


def _take_title(reading: Reading, start: int, *, cue_start: int) -> int:
    """Find the longest title from here on; give its length in words, 0 for none."""
    longest = min(_LONGEST_NAME, len(reading.words) - start)
    for length in range(longest, 0, -1):
        if reading.is_free(start, start + length):
            found = reading.names.title(reading.phrase(start, start + length))
            if found is not None:
                _refer(reading, found.slot, (start, start + length), cue_start=cue_start)
                return length
    end = start
    while end < len(reading.words) and reading.words[end] not in ("but", "for", "on", "with", "from", "or", "only"):
        end += 1
    if end > start and reading.is_free(start, end):
        near = reading.names.near_title(reading.phrase(start, end))
        if near is not None:
            _refer(reading, near.slot, (start, end), cue_start=cue_start)
            return end - start
    return 0


def _refer(reading: Reading, slot: int, at: tuple[int, int], *, cue_start: int) -> None:
    found = reading.names.title(reading.phrase(*at)) or reading.names.near_title(reading.phrase(*at))
    if found is None or found.slot != slot:
        return
    chip_id = f"like:{found.title_id}"
    reading.add(chip_id, ChipKind.REFERENCE, f"like {found.name}", at, strength=Strength.REFERENCE)
    reading.mark(cue_start, at[1], Fate.GONE)
    if chip_id not in reading.removed:
        reading.references.append(found)


def _comparisons(reading: Reading, start: int) -> None:
    """Read what shall be otherwise than in the title before."""
    for at in range(start, min(start + 5, len(reading.words))):
        mood = _COMPARATIVES.get(reading.words[at])
        if mood and reading.is_free(at, at + 1):
            add_taste(reading, mood, (at, at + 1))
    for word in range(start, min(start + 2, len(reading.words))):
        if reading.words[word] in ("but", "less", "more") and reading.is_free(word, word + 1):
            reading.mark(word, word + 1, Fate.GONE)


def read_people(reading: Reading) -> None:
    """Read names of people: after a cue also by the surname, else only full names that begin no known title."""
    for cue in (*_DIRECTED, *_ACTED):
        for start, end in list(reading.find(cue)):
            _take_person(reading, end, start, by_surname=True)
    for cue in _WITH:
        for start, end in list(reading.find(cue)):
            _take_person(reading, end, start, by_surname=False)
    for length in range(_LONGEST_PERSON, 1, -1):
        for start in range(len(reading.words) - length + 1):
            end = start + length
            # A name does not begin or end with a word such as "the".
            if {reading.words[start], reading.words[end - 1]} & STOP_WORDS or not reading.is_free(start, end):
                continue
            found = reading.names.person(reading.phrase(start, end))
            if found is not None and not reading.names.begins_title(reading.phrase(start, end)):
                _add_person(reading, found, (start, end), excluded=False)
                reading.bare_people.add(f"person:{found[0]}")
    _surname_beside_kind(reading)


def _surname_beside_kind(reading: Reading) -> None:
    """Read "tarantino movies"."""
    for span in list(reading.free_spans(Concept.KIND)):
        at = span.start - 1
        if at >= 0 and reading.is_free(at, at + 1) and at in reading.content() and len(reading.words[at]) > 4:
            word = reading.words[at]
            found = reading.names.person(word, by_surname=True)
            if found is None or reading.names.title(word) is not None or reading.names.is_ordinary(word, found[0]):
                continue
            _add_person(reading, found, (at, at + 1), excluded=False)


def _take_person(reading: Reading, start: int, cue_start: int, *, by_surname: bool) -> None:
    """Read the name behind a cue, and further ones behind "and"."""
    for length in range(min(_LONGEST_PERSON, len(reading.words) - start), 0, -1):
        end = start + length
        if not reading.is_free(start, end) or (length == 1 and not by_surname):
            continue
        name = reading.phrase(start, end)
        found = reading.names.person(name, by_surname=by_surname and length == 1)
        if found is not None:
            excluded = reading.words[cue_start] in ("without", "no")
            _add_person(reading, found, (cue_start, end), excluded=excluded)
            if reading.phrase(end, end + 1) in ("and", "or"):
                _take_person(reading, end + 1, end, by_surname=by_surname)
            return


def _add_person(reading: Reading, found: tuple[object, str], at: tuple[int, int], *, excluded: bool) -> None:
    person_id, name = found
    if excluded:
        reading.add(
            f"not_person:{person_id}", ChipKind.PERSON, f"without {name}", at, asks={"exclude_people": (person_id,)}
        )
    else:
        reading.add(
            f"person:{person_id}", ChipKind.PERSON, f"with {name}", at, fate=Fate.NAME, asks={"people": (person_id,)}
        )


def read_negations(reading: Reading) -> None:
    """Read what shall not be: genres, moods that are a genre, kinds, languages, countries, and lists of them."""
    for span in list(reading.free_spans(Concept.GENRE, Concept.MOOD, Concept.KIND, Concept.PLACE, Concept.COUNTRY)):
        start = _negator_before(reading, span)
        if start is None:
            continue
        _exclude(reading, span, start)
        end = span.end
        # "no horror or musicals", "nothing sad or scary"
        while reading.phrase(end, end + 1) in ("or", "and", "nor", "no") and (following := reading.span_at(end + 1)):
            _exclude(reading, following, end)
            end = following.end


def _negator_before(reading: Reading, span: Span) -> int | None:
    """Give where the negation of a concept starts, None when it is not negated."""
    start = span.start
    while start and reading.words[start - 1] in ("a", "an", "any", "too", "very", "in", "from", "the"):
        start -= 1
    if not start or reading.words[start - 1] not in _NEGATORS:
        return None
    at = start - 1
    if not reading.is_free(at, span.start):
        return None
    before = reading.words[at - 1] if at else ""
    if span.entry.is_common and before in _NARRATIVE:
        watched = reading.span_before(at - 1)
        if watched is None or watched.entry.concept not in (Concept.KIND, Concept.GENRE):
            return None
    next_word = reading.phrase(span.end, span.end + 1)
    is_ended = next_word in ("", "or", "and", "but", "nor", "please", "no", "on", "from") or reading.span_at(span.end)
    if span.entry.is_common and not is_ended:
        return None
    return at - 1 if before == "but" else at


def _exclude(reading: Reading, span: Span, start: int) -> None:
    entry, at = span.entry, (start, span.end)
    genre = entry.value if entry.concept is Concept.GENRE else entry.genre
    if entry.concept is Concept.KIND:
        if entry.value != "movie" or not reading.content():
            others = tuple(str(kind) for kind in LISTED_KINDS if kind != entry.value)
            reading.add(f"not_kind:{entry.value}", ChipKind.KIND, f"no {entry.value}", at, asks={"kinds": others})
    elif entry.concept in (Concept.PLACE, Concept.COUNTRY):
        label = f"not {reading.phrase(span.start, span.end)}"
        if entry.language:
            reading.add(
                f"not_language:{entry.language}",
                ChipKind.LANGUAGE,
                label,
                at,
                asks={"exclude_languages": (entry.language,)},
            )
        else:
            reading.add(
                f"not_country:{entry.value}", ChipKind.COUNTRY, label, at, asks={"exclude_countries": (entry.value,)}
            )
    elif genre:
        reading.add(f"not_genre:{genre}", ChipKind.GENRE, f"no {said(genre)}", at, asks={"exclude_genres": (genre,)})


def read_places(reading: Reading) -> None:
    """Read languages and countries of production: "korean thriller", "in french", "movies from spain"."""
    for span in list(reading.free_spans(Concept.PLACE)):
        before = reading.words[span.start - 1] if span.start else ""
        follows = reading.span_at(span.end)
        language_follows = reading.phrase(span.end, span.end + 1) in ("language", "speaking", "spoken")
        beside = follows is not None and follows.entry.concept in (Concept.KIND, Concept.GENRE, Concept.MOOD)
        is_beside = beside and (reading.is_head(span.start) or reading.is_last(span.end))
        alone = span.end == len(reading.words) and reading.is_head(span.start)
        if before == "in" and span.entry.language:
            _language(reading, span, span.start - 1)
        elif language_follows and span.entry.language:
            reading.mark(span.end, span.end + 1, Fate.GONE)
            _language(reading, span, span.start)
        elif is_beside or alone or _heads_shelf(reading, span):
            _origin(reading, span)
    for span in list(reading.free_spans(Concept.COUNTRY)):
        head = reading.span_before(span.start - 1) if span.start else None
        cue = reading.words[span.start - 1] if span.start else ""
        watched = head is not None and head.entry.concept in (Concept.KIND, Concept.GENRE)
        if cue == "from" and watched:
            name = reading.phrase(span.start, span.end)
            at = (span.start - 1, span.end)
            reading.add(
                f"country:{span.entry.value}",
                ChipKind.COUNTRY,
                f"from {name}",
                at,
                asks={"countries": (span.entry.value,)},
            )


def _heads_shelf(reading: Reading, span: Span) -> bool:
    """Say whether an adjective, a word or two and many titles are the whole query: "korean zombie movies"."""
    kind = next((other for other in reading.spans if other.end == len(reading.words)), None)
    if kind is None or kind.entry.concept is not Concept.KIND or not reading.words[-1].endswith("s"):
        return False
    subject = reading.words[span.end : kind.start]
    is_subject = 0 < len(subject) <= _MOST_WORDS_OF_SUBJECT and STOP_WORDS.isdisjoint(subject)
    is_name = reading.names.begins_title(reading.phrase(span.start, kind.start))
    return is_subject and reading.is_head(span.start) and not is_name


def _language(reading: Reading, span: Span, start: int) -> None:
    code, name = span.entry.language, reading.phrase(span.start, span.end)
    reading.add(f"language:{code}", ChipKind.LANGUAGE, f"in {name}", (start, span.end), asks={"languages": (code,)})


def _origin(reading: Reading, span: Span) -> None:
    """An adjective means the country; of a language that is no country's alone, the language."""
    name, at = reading.phrase(span.start, span.end), (span.start, span.end)
    if span.entry.value:
        reading.add(f"country:{span.entry.value}", ChipKind.COUNTRY, name, at, asks={"countries": (span.entry.value,)})
    else:
        _language(reading, span, span.start)
