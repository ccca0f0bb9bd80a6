"""Titles like another one, for anybody."""

from datetime import datetime
from uuid import UUID

import numpy as np

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.content.errors import TitleNotFoundError
from apps.sona.adapters.shelves import engines
from apps.sona.contracts import SimilarTitle
from apps.sona.domain.arrays import Floats
from apps.sona.domain.ranking import Engine
from mediagateway.policy import Policy

#: What counts how much: what titles are, who takes both, and how they feel where the model knows neither.
_CONTENT, _TOGETHER, _STYLE = 1.0, 0.7, 0.15
#: Titles that are asked for beyond the limit, because the catalogue may have changed since.
_SPARE = 5


def list_similar(content_id: UUID, *, policy: Policy, limit: int, now: datetime) -> tuple[SimilarTitle, ...]:
    """
    List the titles most like one, most alike first; ties by id.

    SQL: two statements, up to three more for a limited viewer or a merged id, and those of `content.get_summaries`.

    Raises:
        TitleNotFoundError: No such title on its own, or none that this viewer may see.
    """
    served = engines.current()
    shelf = served.shelf
    title_id = content.resolve_titles([content_id], policy=policy).get(content_id)
    slot = None if title_id is None else shelf.slots.get(title_id)
    if slot is None:
        raise TitleNotFoundError("There is no title with this id.")
    alike = _likeness(served.engine, slot)
    permitted = shelf.permitted(policy).copy()
    permitted[slot] = False
    candidates = np.flatnonzero(permitted & (alike > 0))
    nearest = candidates[np.argsort(-alike[candidates], kind="stable")][: limit + _SPARE]
    titles = (
        content.get_summaries([shelf.ids[each] for each in nearest], policy=policy, now=now) if len(nearest) else {}
    )
    most = float(alike[nearest[0]]) if len(nearest) else 1.0
    found = (
        SimilarTitle(titles[TitleId(shelf.ids[each])], round(float(alike[each]) / most, 4))
        for each in nearest
        if TitleId(shelf.ids[each]) in titles
    )
    return tuple(found)[:limit]


def _likeness(engine: Engine, slot: int) -> Floats:
    """Rate every slot by how like it is to one, shape (n_slots,)."""
    alike = _STYLE * np.maximum(engine.shelf.style @ engine.shelf.style[slot], 0)
    position = int(engine.positions[slot])
    if position < 0:
        return np.asarray(alike, np.float32)
    one, item = np.ones((1, 1)), np.array([position], np.int32)
    known = engine.positions >= 0
    for table, weight in ((engine.model.content, _CONTENT), (engine.model.linear, _TOGETHER)):
        told = np.maximum(table.combine(item, one)[0], 0)
        most = float(told.max())
        if most > 0:
            alike[known] += weight * told[engine.positions[known]] / most
    return np.asarray(alike, np.float32)
