"""Writing the index: documents made from the catalogue."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F

from apps.content import api as content
from apps.content.contracts import IndexEntry
from apps.search.domain.analysis import ANALYSIS_VERSION, join_terms, name_forms
from apps.search.domain.columns import UNKNOWN, seconds
from apps.search.domain.nicknames import nicknames_of
from apps.search.domain.vocabulary import GENRE_WORDS, PLACE_WORDS
from apps.search.models import IndexState, SearchDocument

BATCH = 500
_TEXTS = ("names", "title_terms", "people_terms", "tag_terms", "synopsis_terms")
_UPDATED = ("title_version", "revision", "is_live", "payload", *_TEXTS)


def index_titles(ids: Collection[UUID], *, again: bool = False) -> None:
    """
    Bring the documents of these titles in step with the catalogue: written, written again, or marked as gone.

    Idempotent; a document that shows the title's present version is left alone, because the catalogue often announces
    a title several times before anybody listens.

    Args:
        ids: At most a few hundred.
        again: Write also what is up to date: the analysis has changed.

    The documents are made first. Then, in one transaction, the row of `IndexState` is locked, so that revisions become
    visible in their order; a title that has changed meanwhile is left to the announcement of that change. Constant SQL.
    """
    written = _written_versions(ids)
    versions = content.get_versions(ids)
    stale = versions.keys() if again else {key for key in versions if versions[key] != written.get(key)}
    if not stale and written.keys() <= versions.keys():
        return
    documents = [_document(entry) for entry in content.list_index_entries(stale)]
    with transaction.atomic():
        revision = _next_revision()
        versions = content.get_versions(ids)
        current = [each for each in documents if each.title_version == versions.get(each.title_id)]
        for document in current:
            document.revision = revision
        SearchDocument.objects.bulk_create(
            current, update_conflicts=True, unique_fields=["title_id"], update_fields=_UPDATED, batch_size=BATCH
        )
        gone = _written_versions(ids).keys() - versions.keys()
        SearchDocument.objects.filter(title_id__in=gone).update(
            is_live=False, revision=revision, payload="", **dict.fromkeys(_TEXTS, "")
        )


def rebuild_index() -> Iterable[int]:
    """
    Write every document again, after the analysis changed or a restore.

    Yields:
        The number of titles done so far. The index serves throughout: documents are replaced batch by batch.
    """
    done = 0
    listed = iter(content.iter_listed_ids())
    seen: set[UUID] = set()
    while batch := list(islice(listed, BATCH)):
        index_titles(batch, again=True)
        seen.update(batch)
        done += len(batch)
        yield done
    stale = SearchDocument.objects.filter(is_live=True).values_list("title_id", flat=True)
    gone = [title_id for title_id in stale if title_id not in seen]
    for start in range(0, len(gone), BATCH):
        index_titles(gone[start : start + BATCH])
    IndexState.objects.filter(id=1).update(analysis_version=ANALYSIS_VERSION)


def _written_versions(ids: Collection[UUID]) -> dict[UUID, int]:
    live = SearchDocument.objects.filter(title_id__in=ids, is_live=True)
    return dict(live.values_list("title_id", "title_version"))


def _next_revision() -> int:
    """Take the next revision and keep the row locked until the transaction ends."""
    IndexState.objects.get_or_create(id=1, defaults={"analysis_version": ANALYSIS_VERSION})
    IndexState.objects.filter(id=1).update(revision=F("revision") + 1)
    return IndexState.objects.values_list("revision", flat=True).get(id=1)


def _document(entry: IndexEntry) -> SearchDocument:
    """Make the row of a title."""
    others = (name.name for name in entry.names)
    nicknames = nicknames_of(entry.title, entry.release_year)
    names = _distinct([entry.title, entry.original_title, *others, *nicknames])
    folded = _distinct([form for name in names for form in name_forms(name)])
    return SearchDocument(
        title_id=entry.id,
        title_version=entry.version,
        is_live=True,
        names="\n".join(folded),
        title_terms=join_terms(names),
        people_terms=" ".join(_person_terms(name) for name in _people(entry)),
        tag_terms=join_terms(_tags(entry)),
        # Characters are people of the story, too: "the one with hannibal lecter".
        synopsis_terms=join_terms([entry.synopsis, *_characters(entry)]),
        payload=_payload(entry, folded),
    )


def _people(entry: IndexEntry) -> list[str]:
    """List who is in it, and who they are in it: many remember a character and no actor."""
    return [*(person.name for person in entry.people), *_characters(entry)]


def _characters(entry: IndexEntry) -> list[str]:
    return _distinct(person.character for person in entry.people)


@lru_cache(maxsize=1 << 17)
def _person_terms(name: str) -> str:
    """Write the terms of a name; most people come up again within a few hundred titles."""
    return join_terms([name])


def _tags(entry: IndexEntry) -> list[str]:
    """Collect the words that people say of a title and that stand in no text of it."""
    genres = [GENRE_WORDS.get(slug, slug) for slug in entry.genres]
    kind_words = "series show tv" if entry.kind == "series" else f"{entry.kind} film"
    origins = [PLACE_WORDS.get(code, "") for code in (*entry.countries, entry.original_language)]
    return [*genres, *entry.moods, *entry.themes, *origins, kind_words, str(entry.release_year or "")]


def _payload(entry: IndexEntry, folded_names: Sequence[str]) -> str:
    """Write what the snapshot holds of a title; `adapters.store` reads it."""
    people = {person.id.hex: person.name for person in entry.people}
    languages = _distinct([entry.original_language, *entry.languages])
    payload = {
        "title": entry.title,
        "names": folded_names,
        # One string: thousands of small lists would cost the loader most of its time.
        "people": "\n".join(f"{person_id} {name}" for person_id, name in people.items()),
        "kind": entry.kind,
        "year": entry.release_year,
        "runtime": entry.runtime_minutes,
        "popularity": entry.popularity,
        "rating": entry.rating,
        "min_ages": dict(entry.min_ages),
        "labels": {
            "genre": entry.genres,
            "country": entry.countries,
            "language": languages,
            "mood": entry.moods,
            "theme": entry.themes,
        },
        "offers": [
            (
                offer.platform,
                offer.region,
                offer.type,
                offer.quality,
                UNKNOWN if offer.price_minor is None else offer.price_minor,
                offer.currency,
                seconds(offer.window_start),
                seconds(offer.window_end),
            )
            for offer in entry.offers
        ],
    }
    return orjson.dumps(payload).decode()


def _distinct(texts: Iterable[str]) -> list[str]:
    """Keep the first of equal texts, and no empty one."""
    return [text for text in dict.fromkeys(texts) if text]
