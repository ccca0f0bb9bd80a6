"""The titles that a batch of records may be about, and what all their records say of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Self
from uuid import UUID

from apps.content import api as content
from apps.ingestion.domain.facts import RecordKey, TitleFacts
from apps.ingestion.domain.merge import SourcedFacts
from apps.ingestion.domain.profiles import Profile, join_profiles, profile_of
from apps.ingestion.domain.resolve import ExternalId
from apps.ingestion.queries import find_titles_by_keys, load_members
from apps.ingestion.services.arrivals import Arrival


class Neighbourhood:
    """
    Titles by the keys and ids of a batch, with their records; it grows as the batch is decided record by record.

    The rows of a batch may be about one new work, so what one of them was taken for must be known to the next.
    """

    def __init__(
        self,
        members: Mapping[UUID, Iterable[SourcedFacts]],
        titles_by_key: Mapping[str, Collection[UUID]],
        owners: Mapping[ExternalId, UUID],
    ) -> None:
        self._members = {title_id: {r.key: r for r in records} for title_id, records in members.items()}
        self._titles_by_key = defaultdict(set, {key: set(titles) for key, titles in titles_by_key.items()})
        self._owners = dict(owners)
        self._profiles: dict[UUID, Profile] = {}

    @classmethod
    def load(
        cls,
        fresh: Collection[Arrival],
        known: Collection[Arrival],
        *,
        title_ids: Collection[UUID],
        besides_source: str = "",
    ) -> Self:
        """
        Load everything that a batch needs; three SQL statements.

        Args:
            fresh: Rows that are yet to be resolved.
            known: Rows that have a title and changed; their ids may belong to other titles by now.
            title_ids: Titles that are needed anyway.
            besides_source: A source whose records are no candidates for one another.
        """
        keys = {key for arrival in fresh for key in arrival.keys}
        titles_by_key = find_titles_by_keys(keys, besides_source=besides_source)
        pairs = {pair for arrival in (*fresh, *known) for pair in pairs_of(arrival.facts)}
        owners = content.find_by_external_ids(pairs)
        committed = {UUID(arrival.facts.title_id) for arrival in fresh if arrival.facts.title_id}
        wanted = {*title_ids, *committed, *owners.values(), *(t for titles in titles_by_key.values() for t in titles)}
        return cls(load_members(wanted), titles_by_key, owners)

    def candidates(self, arrival: Arrival) -> dict[UUID, Profile]:
        """Return the profiles of the titles that a row may be about."""
        facts = arrival.facts
        found = {title_id for key in arrival.keys for title_id in self._titles_by_key.get(key, ())}
        found |= {*self.owners(facts).values(), *((UUID(facts.title_id),) if facts.title_id else ())}
        return {title_id: self._profile(title_id) for title_id in sorted(found & self._members.keys())}

    def owners(self, facts: TitleFacts) -> dict[ExternalId, UUID]:
        """Return the titles that have the external ids of a record."""
        return {pair: self._owners[pair] for pair in pairs_of(facts) if pair in self._owners}

    def records(self, title_id: UUID) -> tuple[SourcedFacts, ...]:
        """Return the records of a title."""
        return tuple(self._members.get(title_id, {}).values())

    def record(self, title_id: UUID, key: RecordKey) -> SourcedFacts:
        """Return a record of a title."""
        return self._members[title_id][key]

    def is_committed(self, title_id: UUID) -> bool:
        """Tell whether one of a title's records gave it its id for good."""
        return any(record.facts.title_id == str(title_id) for record in self.records(title_id))

    def put(self, title_id: UUID, record: SourcedFacts, *, keys: Collection[str] = ()) -> None:
        """Let a record belong to a title from now on; later rows of the batch find it under `keys`."""
        self._members.setdefault(title_id, {})[record.key] = record
        self._profiles.pop(title_id, None)
        for key in keys:
            self._titles_by_key[key].add(title_id)
        for pair in pairs_of(record.facts):
            if pair not in record.withheld_ids:
                self._owners.setdefault(pair, title_id)

    def remove(self, title_id: UUID, key: RecordKey) -> None:
        """Let a record no longer belong to a title."""
        self._members.get(title_id, {}).pop(key, None)
        self._profiles.pop(title_id, None)

    def move(self, gone: UUID, kept: UUID) -> None:
        """Let all records of one title belong to another."""
        self._members.setdefault(kept, {}).update(self._members.pop(gone, {}))
        self._profiles.pop(gone, None)
        self._profiles.pop(kept, None)
        for titles in self._titles_by_key.values():
            if gone in titles:
                titles.discard(gone)
                titles.add(kept)
        self._owners = {pair: kept if owner == gone else owner for pair, owner in self._owners.items()}

    def _profile(self, title_id: UUID) -> Profile:
        if title_id not in self._profiles:
            records = sorted(self.records(title_id), key=lambda record: record.key)
            self._profiles[title_id] = join_profiles(profile_of(record.key, record.facts) for record in records)
        return self._profiles[title_id]


def pairs_of(facts: TitleFacts) -> frozenset[ExternalId]:
    """Return a record's external ids as pairs."""
    return frozenset((external_id.scheme, external_id.value) for external_id in facts.external_ids)
