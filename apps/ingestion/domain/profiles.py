"""What entity resolution sees of a record, and of a title as the sum of its records."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from typing import Final

from apps.content.contracts import Kind, Role
from apps.ingestion.domain.facts import RecordKey, TitleFacts
from apps.ingestion.domain.layouts import LAYOUTS
from apps.ingestion.domain.synopses import synopsis_key
from apps.ingestion.domain.titles import split_subtitle
from mediagateway.folding import fold_letters, fold_words, words_of

#: Width of the column that holds a key; longer titles share the key of their beginning.
MAX_KEY: Final = 80

_DROPPED: Final = frozenset({"a", "an", "the", "and"})
_NUMBER_NAMES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBER_WORDS: Final = {name: str(number) for number, name in enumerate(_NUMBER_NAMES)}
#: "i", "v" and "x" are more often words than numbers, so they count only at the end of a title.
_ROMAN: Final = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}
_ROMAN_AT_END: Final = {"v": "5", "x": "10"}
#: Words behind which a letter is a number wherever it stands.
_PLACES: Final = frozenset({"episode", "part", "chapter", "volume"})
_ROMAN_IN_PLACE: Final = {"i": "1", **_ROMAN, **_ROMAN_AT_END}
#: Words by which a list says that this is the film.
_FILM_WORDS: Final = frozenset({"movie", "film"})
#: Fewer words than this are put in another order by another work as well.
_ORDERED_FROM: Final = 3
#: Shortest subtitle that stands for its work in a franchise, in letters of its key.
_TELLING_SUBTITLE: Final = 6
_DIGITS: Final = re.compile(r"\d+")
#: Owners that some catalogues put before every name; what follows is the name.
_OWNERS: Final = frozenset({"disney", "disneys", "marvel", "marvels"})
_OWNED_FROM: Final = 2
_SAME_WORD: Final = {"pt": "part", "vol": "volume", "vs": "versus", "ep": "episode"}


@dataclass(frozen=True, slots=True)
class Profile:
    """
    Everything that tells works apart, as sets: a record has one of each, a title what all its records say.

    Attributes:
        is_series: Series on one side, everything film-like on the other.
        names: Keys of full names (`name_key`).
        spellings: Keys of other readings of the title; never proof by themselves.
        subtitles: Keys of franchise and subtitle, without what number of the franchise it is (`subtitle_key`).
        words: Keys of a title's words in whatever order (`words_key`).
        numbers: Numbers in the title, by which parts of a franchise differ.
        editions: Marks of cuts, "" for the work as such.
        years: Years of first release.
        year_bounds: Years before or in which the first release was.
        synopses: (author, text): the author is a source that writes one text of a work for all platforms, else "".
        season_counts: How many seasons a record lists.
        external_ids: (scheme, value) pairs.
        shelves: (source, platform) of the records.
    """

    is_series: bool
    names: frozenset[str]
    spellings: frozenset[str]
    subtitles: frozenset[str]
    words: frozenset[str]
    titles: tuple[str, ...]
    numbers: frozenset[frozenset[str]]
    editions: frozenset[str]
    years: frozenset[int]
    year_bounds: frozenset[int]
    runtimes_minutes: frozenset[int]
    season_counts: frozenset[int]
    countries: frozenset[str]
    genres: frozenset[str]
    directors: frozenset[str]
    actors: frozenset[str]
    synopses: tuple[tuple[str, str], ...]
    external_ids: frozenset[tuple[str, str]]
    shelves: frozenset[tuple[str, str]]


def profile_of(key: RecordKey, facts: TitleFacts) -> Profile:
    """See a record as entity resolution does."""
    names = (facts.title, facts.original_title, *(name.name for name in facts.names))
    titled = frozenset(name_key(name) for name in names if name)
    years = frozenset({facts.year} if facts.year else ())
    author = key.source if LAYOUTS[key.source].one_text_per_work else ""
    return Profile(
        is_series=facts.kind is Kind.SERIES,
        names=titled,
        spellings=frozenset(name_key(spelling) for spelling in facts.spellings) - titled,
        subtitles=frozenset(filter(None, (subtitle_key(name) for name in names if name))),
        words=frozenset(filter(None, (words_key(name) for name in names if name))),
        titles=(facts.title,),
        numbers=frozenset({numbers_in(facts.title)}),
        editions=frozenset({facts.edition}),
        years=frozenset() if facts.is_year_bound else years,
        year_bounds=years if facts.is_year_bound else frozenset(),
        runtimes_minutes=frozenset({facts.runtime_minutes} if facts.runtime_minutes else ()),
        season_counts=frozenset({len(facts.seasons)} if facts.seasons else ()),
        countries=frozenset(facts.countries),
        genres=frozenset(facts.genres),
        directors=_people(facts, Role.DIRECTOR, Role.CREATOR),
        actors=_people(facts, Role.ACTOR),
        synopses=((author, facts.synopsis),) if facts.synopsis else (),
        external_ids=frozenset((external_id.scheme, external_id.value) for external_id in facts.external_ids),
        shelves=frozenset({(key.source, key.platform)}),
    )


def join_profiles(profiles: Iterable[Profile]) -> Profile:
    """See a title as the sum of its records; at least one. The first record says what kind it is."""
    first, *rest = profiles
    if not rest:
        return first
    joined = {name: getattr(first, name) for name in _SUMMED}
    for profile in rest:
        for name in _SUMMED:
            joined[name] |= getattr(profile, name)
    everyone = (first, *rest)
    return Profile(
        is_series=first.is_series,
        titles=tuple(dict.fromkeys(title for profile in everyone for title in profile.titles)),
        synopses=tuple(dict.fromkeys(synopsis for profile in everyone for synopsis in profile.synopses)),
        **joined,
    )


def match_keys(facts: TitleFacts) -> frozenset[str]:
    """Return the keys under which a record is looked up and found: names, spellings, words of the title, synopsis."""
    names = (facts.title, facts.original_title, *(name.name for name in facts.names), *facts.spellings)
    keys = {name_key(name)[:MAX_KEY] for name in names if name}
    if in_order := words_key(facts.title):
        keys.add(f"words:{in_order}"[:MAX_KEY])
    if facts.synopsis and (printed := synopsis_key(facts.synopsis)):
        keys.add(f"synopsis:{printed}")
    return frozenset(keys)


@lru_cache(maxsize=1 << 15)
def name_key(title: str) -> str:
    """
    Fold a title for matching: like the catalogue's `title_key`, but numbers, articles and gaps do not count either.

    "Spider-Man II", "The Spiderman 2" and "Spider Man Two" share a key. A title of signs alone is its own key.
    """
    return "".join(word for word in _words(title) if word not in _DROPPED) or "".join(title.split())


@lru_cache(maxsize=1 << 15)
def subtitle_key(title: str) -> str:
    """
    Fold franchise and subtitle without the number; "" when there is no subtitle that tells the parts apart.

    "Ice Age 4: Continental Drift" and "Ice Age: Continental Drift" share a key.
    """
    parts = split_subtitle(title)
    if parts is None:
        return ""
    head, tail = ([word for word in _words(part) if word not in _DROPPED | _FILM_WORDS] for part in parts)
    franchise, subtitle = "".join(word for word in head if not word.isdigit()), "".join(tail)
    is_telling = len(subtitle) >= _TELLING_SUBTITLE and not _DIGITS.search(subtitle)
    return f"{franchise}:{subtitle}" if franchise and is_telling else ""


@lru_cache(maxsize=1 << 15)
def words_key(title: str) -> str:
    """
    Fold a title's words without their order; "" for a few words, or when the order of two numbers may matter.

    "Fat Ballerina - David A. Arnold" and "David A. Arnold Fat Ballerina" share a key, "Act 2 - Series 6" has none.
    """
    words = [word for word in _words(title) if word not in _DROPPED | _FILM_WORDS]
    if len(words) < _ORDERED_FROM or sum(word.isdigit() for word in words) > 1:
        return ""
    return " ".join(sorted(words))


@lru_cache(maxsize=1 << 15)
def numbers_in(title: str) -> frozenset[str]:
    """Return the numbers that a title names, in digits."""
    return frozenset(number for word in _words(title) for number in _DIGITS.findall(word))


def _words(title: str) -> list[str]:
    words = [_SAME_WORD.get(word, _NUMBER_WORDS.get(word, word)) for word in fold_words(title)]
    if len(words) > _OWNED_FROM and words[0] in _OWNERS:
        del words[0]
    if len(words) > 1:
        words[1:] = [
            (_ROMAN_IN_PLACE if before in _PLACES else _ROMAN).get(word, word) for before, word in pairwise(words)
        ]
        words[-1] = _ROMAN_AT_END.get(words[-1], words[-1])
    return words


def _people(facts: TitleFacts, *roles: Role) -> frozenset[str]:
    return frozenset(_person_key(person.name) for person in facts.people if person.role in roles)


@lru_cache(maxsize=1 << 15)
def _person_key(name: str) -> str:
    return " ".join(words_of(fold_letters(name)))


#: Fields of a profile that add up by union.
_SUMMED: Final = tuple(field.name for field in fields(Profile) if field.name not in {"is_series", "titles", "synopses"})
