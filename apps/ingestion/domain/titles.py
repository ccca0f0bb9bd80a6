"""
Reading printed titles: what is the name of the work, and what is a mark that a catalogue or a spreadsheet left on it.

"Wayne (4K UHD)", "(Sub) Sword Art Online" and "War (Tamil)" name the works "Wayne", "Sword Art Online" and "War":
marks of format and of language go. Marks of another cut ("Extended Edition") name another work and are told apart.
Everything else in brackets stays in the title, and the title without it becomes a spelling: something to look the
work up by, never a claim that the two are one.
"""

import re
from dataclasses import dataclass
from typing import Final

from mediagateway.folding import fold_words

#: Longest title kept, in characters; the catalogue's own column.
MAX_TITLE: Final = 500

_BRACKETS: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_YEAR: Final = re.compile(r"(?:18|19|20)\d\d")
_SPEECH: Final = (
    "arabic|assamese|bangla|bengali|cantonese|castilian|chinese|dutch|english|filipino|french|german|gujarati|hebrew|"
    "hindi|indonesian|italian|japanese|kannada|korean|latin|malayalam|mandarin|marathi|non english|polish|portuguese|"
    "punjabi|russian|spanish|tagalog|tamil|telegu|telugu|thai|turkish|urdu|vietnamese"
)
#: Folded text of a bracket that says in which language, or over which channel, the same work is heard.
_LANGUAGE_MARK: Final = re.compile(
    rf"(?:(?:original |us |brazilian |latin america )*(?:{_SPEECH})(?: language)?(?: |$))*"
    r"(?:(?:no )?(?:sub|subs|subbed|subtitle|subtitles|subtitled|dub|dubs|dubbed|audio|version|ver|dialog|dialogue)"
    r"(?: |$))*"
)
#: Folded text of a bracket that says in which picture the same work is seen.
_FORMAT_MARK: Final = re.compile(
    r"(?:(?:in|hd|sd|ver|uhd|4k|hdr|version|ultra|unrated|uncensored|remastered|digitally|restored|silent|"
    r"colou?r|colou?rized|black and white|feature length|tv (?:14|ma|pg|g|y|y7)|hd sd ver)(?: |$))+"
)
#: Folded text of a bracket that says what sort of thing the work is; a catalogue's help for its readers.
_SORT_MARK: Final = re.compile(r"(?:the )?(?:tv )?(?:series|tv|movie|film|documentary|documentaries)|bbc series")
#: Words by which another cut of a work is known, and the mark that stands for each.
_EDITIONS: Final = (
    (re.compile(r"\bextended\b.*\b(?:edition|cut|version)\b"), "extended"),
    (re.compile(r"\bdirectors\b.*\b(?:edition|cut|version)\b"), "directors"),
    (re.compile(r"\b(?:final|ultimate|redux|international|theatrical)\b.*\b(?:edition|cut)\b"), "other"),
)
_COUNTRIES: Final = {"uk": "GB", "us": "US", "usa": "US", "u s": "US", "au": "AU", "nz": "NZ", "in": "IN", "ca": "CA"}
_TAIL_SIGNS: Final = " -–—:,;|"

#: Owners that catalogues put before a name: "Marvel Studios' Loki", "Disney Moana", "Tyler Perry's Acrimony".
_OWNER: Final = re.compile(
    r"(?:(?:(?:walt )?disney|disney[ •]+pixar|pixar|marvel(?: studios)?|dc|lego|dreamworks|national geographic|"
    r"nickelodeon|wwe|bbc|mtv|espn|netflix|hbo|pbs|nova)(?:['\u2019]s?)?|[^:]{2,30}?(?:['\u2019]s|s['\u2019]))"
    r"(?: presents)?:? (?=\S)",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(r":\s+|\s+[-–—|]+\s+|\s+a\.?k\.?a\.?\s+", re.IGNORECASE)
_ALIAS: Final = re.compile(r"^(?:a\.?k\.?a\.?|or)\s+", re.IGNORECASE)
#: What says which part of a franchise a work is, and nothing else.
_PLACE: Final = re.compile(r"\s*(?:episode|part|chapter) (?:\d+|[ivx]+)\s*", re.IGNORECASE)
#: A bracket of this many characters can be another name of the work.
_LONG_BRACKET: Final = 6
#: Shortest part of a title that is worth looking up, in folded characters.
_SHORTEST_PART: Final = 3

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT_MONTHS: Final = {name[:3].lower(): name for name in _MONTHS}
#: What spreadsheets make of "27 September", "Feb 09", "9-1-1" and of long numbers.
_DAY_MONTH: Final = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})")
_MONTH_YEAR: Final = re.compile(r"([A-Z][a-z]{2})-(\d{2})")
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_LOST_NUMBER: Final = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+|#{3,}|#(?:NAME|VALUE|REF|N/A)[?!]?")


@dataclass(frozen=True, slots=True)
class TitleReading:
    """
    A printed title, taken apart.

    Attributes:
        title: The name of the work; empty only when nothing was printed.
        spellings: Other names to look the work up by, the likeliest first.
        is_damaged: The title lost letters, or became a date or a number, on its way here.
        edition: Mark of another cut, "" for the work as such.
        country: Alpha-2 of a country that the title names to tell namesakes apart, "" when none.
        year: Year that the title names in brackets, None when none.
    """

    title: str
    spellings: tuple[str, ...] = ()
    is_damaged: bool = False
    edition: str = ""
    country: str = ""
    year: int | None = None


def read_title(printed: str) -> TitleReading:
    """Take a printed title apart; `printed` is clean text on one line."""
    text = " ".join(_unquote(printed.replace("\ufffd", " ")).split())[:MAX_TITLE]
    if repaired := tuple(dict.fromkeys(_repair(text))):
        return TitleReading(repaired[0], repaired[1:], is_damaged=True)
    is_damaged = "\ufffd" in printed or bool(_LOST_NUMBER.fullmatch(text))
    marks = [_mark(match[1]) for match in _BRACKETS.finditer(text)]
    name = text
    if not all(mark.is_name for mark in marks):
        kept = iter(marks)
        name = _tidy(_BRACKETS.sub(lambda match: match[0] if next(kept).is_name else " ", text)) or text
    _, *behind = _SEPARATOR.split(name)
    edition = next((mark.edition for mark in marks if mark.edition), "") or _edition(
        " ".join(fold_words(behind[-1])) if behind else ""
    )
    return TitleReading(
        title=name,
        spellings=_spellings(name),
        is_damaged=is_damaged,
        edition=edition,
        country=next((mark.country for mark in marks if mark.country), ""),
        year=next((mark.year for mark in marks if mark.year), None),
    )


def split_subtitle(name: str) -> tuple[str, str] | None:
    """
    Split a name at its separators into what comes before the last part, and that part; None when there is but one.

    A part or bracket that only says which episode it is goes: "Star Wars: The Last Jedi (Episode VIII)" and "Star Wars:
    Episode VIII: The Last Jedi" have one subtitle.
    """
    bare = _tidy(_BRACKETS.sub(lambda match: " " if _PLACE.fullmatch(match[1]) else match[0], name))
    parts = [part for part in _SEPARATOR.split(bare) if not _PLACE.fullmatch(part)]
    return (" ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else None


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a bracket says; `is_name` when it belongs to the name."""

    is_name: bool = False
    edition: str = ""
    country: str = ""
    year: int | None = None


def _mark(content: str) -> _Mark:
    folded = " ".join(fold_words(content))
    if _YEAR.fullmatch(folded):
        return _Mark(year=int(folded))
    if folded in _COUNTRIES:
        return _Mark(country=_COUNTRIES[folded])
    if edition := _edition(folded):
        return _Mark(is_name=True, edition=edition)
    marks = (_LANGUAGE_MARK, _FORMAT_MARK, _SORT_MARK)
    return _Mark(is_name=not any(pattern.fullmatch(folded) for pattern in marks))


def _edition(folded: str) -> str:
    return next((edition for pattern, edition in _EDITIONS if pattern.search(folded)), "")


def _spellings(name: str) -> tuple[str, ...]:
    """List other readings of a name: without and within its brackets, without its owner, beside its separators."""
    bare = _tidy(_BRACKETS.sub(" ", name))
    found = [bare, *(_ALIAS.sub("", content) for content in _BRACKETS.findall(name) if len(content) >= _LONG_BRACKET)]
    for base in (name, bare):
        owner = _OWNER.match(base)
        if owner:
            found.append(base[owner.end() :])
        parts = _SEPARATOR.split(base)
        if len(parts) > 1:
            first = _SEPARATOR.search(base)
            found += [parts[0], base[first.end() :] if first else "", parts[-1]]
    tidied = (_tidy(part) for part in found)
    return tuple(
        part for part in dict.fromkeys(tidied) if part != name and len("".join(fold_words(part))) >= _SHORTEST_PART
    )


def _repair(text: str) -> tuple[str, ...]:
    """Guess what a spreadsheet turned into a date; the likeliest first, empty when the text is no such date."""
    if (match := _DAY_MONTH.fullmatch(text)) and match[2].lower() in _SHORT_MONTHS:
        day, month = int(match[1]), _SHORT_MONTHS[match[2].lower()]
        return (f"{day} {month}", f"{month} {day}", f"{month[:3]} {day}", f"{month[:3]} {day:02}", f"{day} {month[:3]}")
    if (match := _MONTH_YEAR.fullmatch(text)) and match[1].lower() in _SHORT_MONTHS:
        month, number = _SHORT_MONTHS[match[1].lower()], int(match[2])
        return (f"{month} {number}", f"{month[:3]} {number:02}", f"{number} {month}", f"{month[:3]} {number}")
    if match := _DATE.fullmatch(text):
        month_number, day, year = int(match[1]), int(match[2]), int(match[3])
        short = year % 100
        return (f"{month_number}-{day}-{short}", f"{month_number}.{day}.{short:02}", f"{month_number}/{day}/{year}")
    return ()


def _unquote(text: str) -> str:
    """Take off quotation marks around the whole."""
    inner = text.strip()
    if len(inner) > 2 and inner[0] in '"“' and inner[-1] in '"”' and not set(inner[1:-1]) & set('"“”'):
        return inner[1:-1]
    return inner


def _tidy(text: str) -> str:
    """Close the gaps that a removed mark left."""
    return " ".join(text.split()).strip(_TAIL_SIGNS)[:MAX_TITLE]
