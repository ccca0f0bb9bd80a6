"""
Age certificates: a rating as a source prints it, placed in its system with the minimum age that it means.

The age is the youngest viewer for whom the system itself calls the title fit without company; advice to parents that
names no age is no limit for the MPAA's PG, and where another board's PG comes nearest to an age, that age.

- MPAA: Motion Picture Association, Classification and Rating Rules (NC-17: "no one 17 and under admitted", so 18).
- TVPG: TV Parental Guidelines, tvguidelines.org. TV-PG speaks of "younger children" without an age: 10 here, halfway
  between TV-Y7 and TV-14.
- BBFC: British Board of Film Classification, guidelines ("PG should not unsettle a child aged around eight or older").
- FSK: § 14 Jugendschutzgesetz. CNC: Code du cinéma et de l'image animée, art. R211-12.
- CHVRS: Canadian Home Video Rating System. ACB: Australian Classification, film guidelines. Their PG is the BBFC's 8.
- EIRIN: the Japanese Film Classification and Rating Organization, eirin.jp.
- AGE: a bare minimum age ("13+", "16", "AGES_18_", "ALL"), as PEGI-like systems and several services print it.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Placement:
    """
    Where a printed rating stands.

    Attributes:
        system: A key of the module's table, "AGE", or "" when the rating could not be placed.
        min_age: Years; None exactly when the rating could not be placed.
    """

    system: str
    min_age: int | None


_UNPLACED: Final = Placement("", None)

#: System -> compact rating (upper case, no blanks, hyphens or underscores) -> minimum age in years.
_SYSTEMS: Final = MappingProxyType(
    {
        "MPAA": {"G": 0, "PG": 0, "PG13": 13, "R": 17, "NC17": 18, "X": 18},
        "TVPG": {"TVY": 0, "TVY7": 7, "TVY7FV": 7, "TVG": 0, "TVPG": 10, "TV14": 14, "TVMA": 17},
        "BBFC": {"U": 0, "PG": 8, "12": 12, "12A": 12, "15": 15, "18": 18, "R18": 18},
        "FSK": {"FSK0": 0, "FSK6": 6, "FSK12": 12, "FSK16": 16, "FSK18": 18}
        | {"0": 0, "6": 6, "12": 12, "16": 16, "18": 18},
        "CNC": {"U": 0, "TP": 0, "TOUSPUBLICS": 0, "10": 10, "12": 12, "16": 16, "18": 18},
        "CHVRS": {"G": 0, "PG": 8, "14A": 14, "18A": 18, "R": 18, "A": 18},
        "ACB": {"P": 0, "C": 0, "G": 0, "PG": 8, "M": 15, "MA15+": 15, "R18+": 18, "X18+": 18},
        "EIRIN": {"G": 0, "PG12": 12, "R15+": 15, "R15": 15, "R18+": 18, "R18": 18},
    }
)
#: The systems of a region, in the order in which a rating is looked up.
_REGION_SYSTEMS: Final = MappingProxyType(
    {
        "US": ("MPAA", "TVPG"),
        "GB": ("BBFC",),
        "DE": ("FSK",),
        "FR": ("CNC",),
        "CA": ("CHVRS",),
        "AU": ("ACB",),
        "JP": ("EIRIN",),
    }
)
#: Ratings that mean the same wherever a service prints them; "PG" or "R" alone belong to several boards.
_WORLDWIDE: Final = MappingProxyType(
    {rating: Placement("TVPG", age) for rating, age in _SYSTEMS["TVPG"].items()}
    | {rating: Placement("MPAA", _SYSTEMS["MPAA"][rating]) for rating in ("PG13", "NC17")}
    | {rating: Placement("AGE", 0) for rating in ("ALL", "ALLAGES", "AL")}
)
_GAPS: Final = re.compile(r"[\s_-]+")
_BARE_AGE: Final = re.compile(r"(?:AGES?|PEGI)?(\d{1,2})\+?")
#: Above this a bare number is no age but something that slid into the column.
_HIGHEST_AGE: Final = 21


def place_certificate(rating: str, *, region: str) -> Placement:
    """
    Find the system of a rating and the minimum age that it means.

    Args:
        rating: As printed; case, blanks, hyphens and underscores do not count.
        region: ISO 3166-1 alpha-2 of the certificate.

    Returns:
        An unplaced value for "NR", "UNRATED", "74 min" and whatever else is no certificate: never a guess.
    """
    compact = _GAPS.sub("", rating).upper()
    for system in _REGION_SYSTEMS.get(region, ()):
        if compact in _SYSTEMS[system]:
            return Placement(system, _SYSTEMS[system][compact])
    if compact in _WORLDWIDE:
        return _WORLDWIDE[compact]
    bare = _BARE_AGE.fullmatch(compact)
    if bare and int(bare[1]) <= _HIGHEST_AGE:
        return Placement("AGE", int(bare[1]))
    return _UNPLACED
