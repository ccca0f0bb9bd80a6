"""
Title vectors in step with the index, and made anew beside the old ones.

A collection follows the revisions of `IndexState` like every other reader of the documents: `VectorCollection` says how
far it has come. A chunk is embedded outside any transaction, because that takes a quarter of a second, and a chunk that
was written twice is the same as once.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
import structlog
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from apps.content import api as content
from apps.content.contracts import IndexEntry
from apps.search.domain.title_text import TEXT_VERSION, text_digest, title_text
from apps.search.models import IndexState, SearchDocument, VectorCollection
from mediagateway.vectors.configured import TITLES, get_embedder, get_vector_index
from mediagateway.vectors.ports import CollectionNotFoundError, Payload, PayloadValue, Points, collection_name

#: Titles of one step: a quarter of a second of one core, in which the worker hears nothing else.
CHUNK = 64
#: Payload fields by which an index may filter.
_WORDS, _NUMBERS = ("kind", "genres"), ("year",)

_log = structlog.get_logger(__name__)


def follow_titles() -> bool:
    """
    Bring the vectors of the next few titles in step, and say whether anything was left to do.

    Begins the first collection, and another one after a change of model, text or database; switches to a collection
    once it is complete and drops the one before.

    Costs 3 SQL statements when nothing has changed, and some 10 with `CHUNK` titles.

    Raises:
        VectorsUnavailableError: The embedder or the index does not answer; nothing is lost, the next call tries again.
    """
    state = IndexState.objects.first()
    if state is None:
        return False
    builds = list(VectorCollection.objects.filter(epoch=state.epoch, model=_model()).order_by("-is_serving", "build"))
    for build in builds:
        if build.revision < state.revision or build.number:
            return _advance(build, state.revision)
        if not build.is_serving:
            _serve(build)
            return True
    if not builds:
        begin_build(state)
        return True
    return False


def rebuild_titles() -> Iterator[tuple[int, int]]:
    """
    Make every vector again in a collection beside the one that serves, then switch.

    Yields:
        Titles done and titles in all.
    """
    state = IndexState.objects.first()
    if state is None:
        return
    build, total, done = begin_build(state), SearchDocument.objects.count(), 0
    while not build.is_serving:
        if _advance(build, IndexState.objects.values_list("revision", flat=True).get(id=1)):
            done = min(done + CHUNK, total)
            yield done, total
        else:
            _serve(build)


def forget_lost_collections() -> None:
    """Give up collections that the index does not have any more, so that they are built again. 1 SQL statement each."""
    index = get_vector_index()
    for build in VectorCollection.objects.filter(model=_model()):
        if index.find_collection(build.name) is None:
            _log.warning("search.vectors_lost", collection=build.name)
            build.delete()


def begin_build(state: IndexState) -> VectorCollection:
    """Make an empty collection with a name of its own. Two workers may both begin; the second one joins the first."""
    embedder = get_embedder()
    last = VectorCollection.objects.aggregate(last=Max("build"))["last"] or 0
    name = collection_name(TITLES, embedder, last + 1)
    get_vector_index().create(name, dim=embedder.dim, words=_WORDS, numbers=_NUMBERS)
    try:
        with transaction.atomic():
            return VectorCollection.objects.create(name=name, model=_model(), epoch=state.epoch, build=last + 1)
    except IntegrityError:
        return VectorCollection.objects.get(build=last + 1)


def _model() -> str:
    """Name what a vector depends on beside the title."""
    embedder = get_embedder()
    return f"{embedder.name}.{embedder.version}.{TEXT_VERSION}"


def _advance(build: VectorCollection, revision: int) -> bool:
    """Take in the next documents up to a revision, and say whether there were any."""
    behind = Q(revision__gt=build.revision)
    if build.number:
        behind |= Q(revision=build.revision, number__gt=build.number)
    rows = list(
        SearchDocument.objects.filter(behind, revision__lte=revision)
        .order_by("revision", "number")
        .values_list("revision", "number", "title_id", "is_live")[:CHUNK]
    )
    if rows:
        _bring_in_step(build.name, [row[2] for row in rows if row[3]], [row[2] for row in rows if not row[3]])
    # Revisions become visible in their order, so all up to one that was seen are complete.
    build.revision, build.number = rows[-1][:2] if len(rows) == CHUNK else (revision, 0)
    build.save(update_fields=["revision", "number"])
    return bool(rows)


def _bring_in_step(collection: str, live: Sequence[UUID], gone: Sequence[UUID]) -> None:
    """Embed what has another text than its vector was made of; remove what is gone."""
    index = get_vector_index()
    entries = content.list_index_entries(live)
    texts = {entry.id: title_text(entry) for entry in entries}
    held = index.fetch(collection, live)
    digests = {title_id: payload.get("text") for title_id, payload in zip(held.ids, held.payloads, strict=True)}
    stale = [entry for entry in entries if digests.get(entry.id) != text_digest(texts[entry.id])]
    if stale:
        vectors = get_embedder().embed([texts[entry.id] for entry in stale])
        payloads = tuple(_payload(entry, text_digest(texts[entry.id])) for entry in stale)
        index.upsert(collection, Points(tuple(entry.id for entry in stale), vectors.astype(np.float32), payloads))
    if gone and (held := index.fetch(collection, gone)).ids:
        index.delete(collection, held.ids)


def _payload(entry: IndexEntry, digest: str) -> Payload:
    """Write what stands beside a vector: by which model it was made, of which text, and what to filter by."""
    payload: dict[str, PayloadValue] = {
        "model": _model(),
        "text": digest,
        "kind": str(entry.kind),
        "genres": entry.genres,
    }
    if entry.release_year is not None:
        payload["year"] = entry.release_year
    return payload


def _serve(build: VectorCollection) -> None:
    """Let readers go to a complete collection, and drop all others."""
    index = get_vector_index()
    index.switch(TITLES, build.name)
    build.is_serving = True
    with transaction.atomic():
        VectorCollection.objects.exclude(pk=build.pk).filter(is_serving=True).update(is_serving=False)
        build.save(update_fields=["is_serving"])
    _log.info("search.vectors_switched", collection=build.name)
    for other in VectorCollection.objects.exclude(pk=build.pk):
        try:
            index.drop(other.name)
        except CollectionNotFoundError:
            _log.info("search.vectors_gone_already", collection=other.name)
        other.delete()
