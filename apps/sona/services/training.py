"""Making models of what everybody did, and choosing which one serves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import numpy as np

from apps.content import api as content
from apps.content.contracts import IndexEntry
from apps.sona.adapters import artefacts
from apps.sona.domain.content_features import TitleFeatures, fit_content
from apps.sona.domain.interactions import Interactions, make_interactions
from apps.sona.domain.signals import Signal, SignalKind, find_likings
from apps.sona.domain.splits import Protocol
from apps.sona.domain.training import Catalogue, Settings, fit_model, hold_out_for_tuning, tune
from apps.sona.errors import ModelNotFoundError
from apps.sona.models import TrainingSignal
from apps.sona.services.catalogue import describe, read_entries
from mediagateway.vectors.configured import TITLES, get_vector_index
from mediagateway.vectors.ports import VectorsUnavailableError

#: Told what is done next.
OnStep = Callable[[str], None]
#: Users that the most popular title of the catalogue is credited with before anybody came.
_PRIOR_USERS = 20.0


def train(*, seed: int, now: datetime, on_step: OnStep) -> str:
    """
    Train a model of all that is known, save it, and give its version; it does not serve yet. Old ones are deleted.

    SQL: five statements for every 500 titles, and one for the signals.
    """
    on_step("Reading the catalogue")
    entries = tuple(read_entries(tuple(content.iter_listed_ids())))
    on_step("Comparing titles")
    catalogue = _catalogue(entries)
    on_step("Reading signals")
    ids = tuple(entry.id for entry in entries)
    history = read_interactions(ids)
    on_step(f"Tuning on {len(history)} interactions")
    tuning = hold_out_for_tuning(history, Protocol.LOO, seed=seed) if len(history) else None
    settings = tune(tuning, catalogue, seed=seed) if tuning is not None else Settings()
    on_step("Training")
    model = fit_model(history, settings, catalogue, seed=seed)
    version = f"{now:%Y%m%dT%H%M%S}Z"
    facts = {
        "trained_at": now.isoformat(),
        "titles": len(ids),
        "people": history.n_users,
        "interactions": len(history),
        "seed": seed,
        "tested": 0 if tuning is None else tuning.n_tested,
    }
    on_step(f"Saving {version}")
    artefacts.save(version, model, ids, facts)
    if gone := artefacts.prune():
        on_step(f"Deleted {', '.join(gone)}")
    return version


def publish(version: str | None = None) -> str:
    """
    Let a version serve, the newest when none is named, and give its name. Every process follows at its next request.

    Raises:
        ModelNotFoundError: There is no such version.
    """
    if version is None:
        versions = artefacts.list_versions()
        if not versions:
            raise ModelNotFoundError("There is no model yet; train one.")
        version = versions[-1]
    artefacts.publish(version)
    return version


def roll_back() -> str:
    """
    Let the version before the one that serves serve again, and give its name.

    Raises:
        ModelNotFoundError: Nothing serves, or nothing is older.
    """
    current = artefacts.find_current()
    older = [version for version in artefacts.list_versions() if current is not None and version < current]
    if not older:
        raise ModelNotFoundError("There is no older model to go back to.")
    artefacts.publish(older[-1])
    return older[-1]


def read_interactions(ids: Sequence[UUID]) -> Interactions:
    """
    Read what everybody liked, folded as at request time; people without any likings are left out.

    One SQL statement, read as a stream.

    Args:
        ids: Titles that are items, by position; what was said of others is left out.
    """
    positions = {title_id: position for position, title_id in enumerate(ids)}
    people: dict[UUID, list[Signal]] = {}
    rows = TrainingSignal.objects.order_by("profile_id").values_list("profile_id", "content_id", "kind", "value", "at")
    for profile_id, content_id, kind, value, at in rows.iterator(chunk_size=5000):
        if content_id in positions:
            people.setdefault(profile_id, []).append(Signal(content_id, SignalKind(kind), value, at))
    likings = [found for signals in people.values() if (found := find_likings(signals))]
    flat = [(user, liking) for user, found in enumerate(likings) for liking in found]
    return make_interactions(
        [user for user, _ in flat],
        [positions[liking.title_id] for _, liking in flat],
        [liking.at.timestamp() for _, liking in flat],
        strengths=[liking.strength for _, liking in flat],
        n_users=len(likings),
        n_items=len(ids),
    )


def _catalogue(entries: Sequence[IndexEntry]) -> Catalogue:
    prior = _PRIOR_USERS * np.array([entry.popularity for entry in entries], np.float32)
    return Catalogue(fit_content(_with_vectors(entries)), prior)


def _with_vectors(entries: Sequence[IndexEntry]) -> list[TitleFeatures]:
    """Describe titles, with the vectors of their texts where the index has them."""
    features = [describe(entry) for entry in entries]
    try:
        points = get_vector_index().fetch(TITLES, [entry.id for entry in entries])
    except VectorsUnavailableError:
        # Nothing was embedded yet, or the index is down: genres, people and years say enough to go on.
        return features
    vectors = dict(zip(points.ids, points.vectors, strict=True))
    return [replace(each, embedding=vectors.get(entry.id)) for each, entry in zip(features, entries, strict=True)]
