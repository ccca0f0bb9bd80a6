"""
What people call titles beside their names: abbreviations, names in other languages, numbers in a series.

Written by our editors from common knowledge. A catalogue's own further names come on top; these are for titles whose
sources say none.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

from apps.search.domain.analysis import fold

#: Abbreviation of a series of titles -> the words that its titles begin with.
SHORT_FORMS: Mapping[str, str] = {
    "lotr": "the lord of the rings",
    "hp": "harry potter",
    "potc": "pirates of the caribbean",
    "t2": "terminator 2",
    "t3": "terminator 3",
    "mib": "men in black",
    "bttf": "back to the future",
    "esb": "the empire strikes back",
    "rotk": "the return of the king",
    "gotg": "guardians of the galaxy",
    "atla": "avatar the last airbender",
    "tng": "star trek the next generation",
    "ds9": "star trek deep space nine",
    "svu": "law and order special victims unit",
    "httyd": "how to train your dragon",
    "hotd": "house of the dragon",
    "nwh": "no way home",
    "hsm": "high school musical",
    "fotr": "the fellowship of the ring",
    "tdkr": "the dark knight rises",
    "tvd": "the vampire diaries",
    "pll": "pretty little liars",
    "ouat": "once upon a time",
    "tlou": "the last of us",
    "ftwd": "fear the walking dead",
    "lok": "the legend of korra",
    "oth": "one tree hill",
    "rotj": "return of the jedi",
    "rotf": "revenge of the fallen",
    "spiderman": "spider man",
    "antman": "ant man",
    "xmen": "x men",
}

#: Lines of title, year and what else it is called.
_TABLE = Path(__file__).with_suffix(".jsonl")
_YEAR_SLACK = 1


@cache
def _by_name() -> Mapping[str, list[tuple[int, tuple[str, ...]]]]:
    """Read the table and group it by folded name."""
    grouped: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for line in _TABLE.read_bytes().splitlines():
        row = orjson.loads(line)
        grouped.setdefault(fold(row["title"]), []).append((row["year"], tuple(row["names"])))
    return grouped


def nicknames_of(name: str, year: int | None) -> tuple[str, ...]:
    """Give what a title is called beside its name; sources may be a year apart."""
    if year is None:
        return ()
    known = [(abs(at - year), others) for at, others in _by_name().get(fold(name), ())]
    off, others = min(known, default=(_YEAR_SLACK + 1, ()))
    return others if off <= _YEAR_SLACK else ()


def write_out(folded: str, forms: Mapping[str, str] = SHORT_FORMS) -> str:
    """Write the abbreviations of a query out: "lotr two towers" means "the lord of the rings two towers"."""
    return " ".join(forms.get(word, word) for word in folded.split())
