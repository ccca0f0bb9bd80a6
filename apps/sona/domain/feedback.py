"""What a person can tell the recommender alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import numpy as np

from apps.sona.domain.arrays import Mask
from apps.sona.domain.shelf import Shelf


class FeedbackKind(StrEnum):
    """What was said: not for me, seen already, or forget what I did so far."""

    DISMISSED = "dismissed"
    WATCHED = "watched"
    FORGOT = "forgot"


class Scope(StrEnum):
    """Of what it was said."""

    TITLE = "title"
    GENRE = "genre"
    PERSON = "person"
    EVERYTHING = "everything"


class FeedbackType(StrEnum):
    """What a client can say in one piece of feedback."""

    WATCHED = "watched"
    RATED = "rated"
    ADDED = "added"
    DISMISSED = "dismissed"
    UNDISMISSED = "undismissed"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was said; `key` is a title's or person's id, or a genre. `value` is the share that was watched."""

    kind: FeedbackKind
    scope: Scope
    key: str
    value: float
    at: datetime
    until: datetime | None


def mark_dismissed(
    remarks: Iterable[Remark], works: Mapping[str, Collection[UUID]], shelf: Shelf, now: datetime
) -> Mask:
    """
    Mark what a person does not want to be shown now, shape (n_slots,).

    Args:
        remarks: What they said.
        works: Titles of each person whom they dismissed.
        shelf: What may be shown.
        now: Whose dismissals have ended by then hold no more.
    """
    mask = np.zeros(shelf.size, np.bool_)
    for remark in remarks:
        if remark.kind is not FeedbackKind.DISMISSED or (remark.until is not None and remark.until <= now):
            continue
        if remark.scope is Scope.GENRE and remark.key in shelf.genres:
            mask |= shelf.genres[remark.key]
        elif remark.scope is Scope.PERSON:
            mask[[shelf.slots[title_id] for title_id in works.get(remark.key, ()) if title_id in shelf.slots]] = True
        elif remark.scope is Scope.TITLE and (slot := shelf.slots.get(UUID(remark.key))) is not None:
            mask[slot] = True
    return mask
