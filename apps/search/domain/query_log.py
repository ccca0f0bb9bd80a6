"""What of a search may be kept."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.search.domain.analysis import fold

#: Characters of a text that are kept.
MAX_TEXT = 500
#: What names somebody outside the catalogue: an e-mail address, and
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]+")
#: seven digits or more, however they are grouped: telephones, cards. Years and "90210" are shorter.
_LONG_NUMBER = re.compile(r"\d(?:[ ./()+-]{0,2}\d){6,}")


class Surface(StrEnum):
    """Which search was asked."""

    TITLES = "titles"
    STORIES = "stories"


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """
    A search that was answered, as long as it is on its way to the log.

    Attributes:
        account_id, profile_id: Who asked; never written. None is nobody, or a client that acts for itself.
        is_observed: Whether an admin asked as somebody: such searches say nothing about people.
        filters: Names of the filters that were given; their values are not kept.
        offset: Results that were passed over: 0 is a search, more is its continuation.
        ranking_version, variant: What ordered the results; 0 and "" are the weights in code.
    """

    query_id: UUID
    asked_at: datetime
    account_id: UUID | None
    profile_id: UUID | None
    is_observed: bool
    surface: Surface
    text: str
    filters: tuple[str, ...]
    region: str
    offset: int
    total: int
    is_relaxed: bool
    is_degraded: bool
    took_ms: float
    ranking_version: int
    variant: str


def normalise(text: str) -> str:
    """Write a query as the log keeps it: folded, so that one search has one text, and without addresses and numbers."""
    return fold(_LONG_NUMBER.sub(" ", _ADDRESS.sub(" ", text)))[:MAX_TEXT].rstrip()
