"""
Tables of the canonical catalogue; what SQL can hold true is a named constraint here.

A foreign key has no index of its own (`db_index=False`) where another index already begins with it: every index is paid
for with each row of a bulk save.
"""

from apps.content.domain.offers import OPEN_WINDOW_START
from apps.content.models.offers import Offer, OfferClaim, OfferSnapshot
from apps.content.models.titles import (
    LIST_KEYS,
    Certificate,
    Credit,
    ExternalId,
    Genre,
    Image,
    Person,
    Platform,
    Score,
    Source,
    Title,
    TitleAlias,
    TitleGenre,
    TitleName,
)

__all__ = [
    "LIST_KEYS",
    "OPEN_WINDOW_START",
    "Certificate",
    "Credit",
    "ExternalId",
    "Genre",
    "Image",
    "Offer",
    "OfferClaim",
    "OfferSnapshot",
    "Person",
    "Platform",
    "Score",
    "Source",
    "Title",
    "TitleAlias",
    "TitleGenre",
    "TitleName",
]
