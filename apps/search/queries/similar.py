"""Titles like a title."""

from datetime import datetime
from uuid import UUID

import numpy as np

from apps.content.errors import TitleNotFoundError
from apps.search.adapters import lexical_index
from apps.search.adapters.meaning import meanings
from apps.search.adapters.store import snapshots
from apps.search.contracts import Hit
from apps.search.domain.filters import permitted
from apps.search.domain.ranking import Question, retrieve
from apps.search.domain.weights import DEFAULT_WEIGHTS
from apps.search.queries.searching import SearchRequest, fill_page
from mediagateway.policy import Policy


def list_similar(title_id: UUID, *, limit: int, policy: Policy, now: datetime) -> tuple[Hit, ...]:
    """
    List the permitted titles that are most like a title, itself excluded; empty while there are no vectors.

    Costs 1 SQL statement and a constant number for the page.

    Raises:
        TitleNotFoundError: There is no such title for this viewer.
    """
    _, snapshot = snapshots.current()
    columns = snapshot.columns
    allowed = permitted(columns, policy)
    slots = np.flatnonzero(allowed & (columns.title_ids == title_id))
    if len(slots) == 0:
        raise TitleNotFoundError("There is no title with this id.")
    genres = tuple(word for word in columns.labels["genre"].words_of(int(slots[0])))
    question = Question(references=(title_id,), genres=genres)
    ranked = retrieve(
        snapshot,
        lexical_index(),
        meanings,
        question,
        allowed,
        weights=DEFAULT_WEIGHTS,
        isolated=not policy.is_open,
    )
    return fill_page(snapshot, ranked, SearchRequest("", limit=limit), policy=policy, now=now)
