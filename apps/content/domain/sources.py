"""Who may speak in the catalogue, and whose word wins."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """
    A source of records.

    Attributes:
        slug: Permanent name.
        name: For people.
        licence: SPDX name of the licence under which its facts are used.
        attribution: Line to show where its facts are shown; empty when none is asked for.
        rank: Lower wins when two sources disagree.
    """

    slug: str
    name: str
    licence: str
    attribution: str
    rank: int


#: Ranks leave room between them, so that a source can be placed without moving others.
SOURCES: Final = (
    SourceFacts("editorial", "Editors of this catalogue", "CC0-1.0", "", 10),
    SourceFacts("wikidata", "Wikidata", "CC0-1.0", "Wikidata contributors", 20),
    SourceFacts("justwatch-csv", "Catalogue listings in JustWatch's layout", "CC0-1.0", "", 30),
    SourceFacts("kaggle-csv", "Catalogue listings in Kaggle's layout", "CC0-1.0", "", 40),
)
