"""The shelf that a process recommends from, following the catalogue, and the model laid over it."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from apps.content import api as content
from apps.content.contracts import TitleOutline
from apps.sona.adapters.artefacts import Artefact, models
from apps.sona.domain.ranking import Engine, join
from apps.sona.domain.shelf import Item, Offer, Shelf, make_shelf
from apps.sona.domain.training import blank_model
from apps.sona.models import CatalogueChange

_UUID: "UUIDField[UUID, UUID]" = UUIDField()
_NOWHERE = (UUID(int=0), -1)
#: What stands for a version before the first training: what is popular, and how titles feel.
UNTRAINED = "untrained"
#: Changed titles that are read at once, and from how many on the whole catalogue is read instead.
_BATCH, _MANY = 500, 5000


@dataclass(frozen=True, eq=False)
class Served:
    """What a request recommends from."""

    engine: Engine
    version: str

    @property
    def shelf(self) -> Shelf:
        """The catalogue."""
        return self.engine.shelf


class EngineStore:
    """Keeps the newest shelf and the published model of a process; safe for threads."""

    def __init__(self) -> None:
        """Start with nothing; the first call loads the catalogue."""
        self._items: dict[UUID, Item] = {}
        self._state = _NOWHERE
        self._shelf: Shelf | None = None
        self._served: Served | None = None
        self._joined: tuple[Shelf, Artefact | None] | None = None
        self._lock = Lock()

    def current(self) -> Served:
        """
        Give the newest engine.

        One SQL statement when nothing changed, else one more and three for every 500 titles that did. While one thread
        takes a change in, the others go on with what they have, except when that is another database's.
        """
        state = _read_state()
        artefact = models.current()
        served, joined = self._served, self._joined
        if served is not None and joined is not None and state == self._state and joined[1] is artefact:
            return served
        must_wait = served is None or state[0] != self._state[0]
        if self._lock.acquire(blocking=must_wait):
            try:
                return self._renew(state, artefact)
            finally:
                self._lock.release()
        assert served is not None
        return served

    def _renew(self, state: tuple[UUID, int], artefact: Artefact | None) -> Served:
        if state[0] != self._state[0]:
            self._items, self._state, self._shelf = {}, (state[0], -1), None
        if self._shelf is None or state[1] != self._state[1]:
            self._follow(self._state[1], state[1])
            self._shelf = make_shelf(self._items.values(), revision=state[1])
            self._state = state
        shelf = self._shelf
        model, ids = (blank_model(), ()) if artefact is None else (artefact.model, artefact.ids)
        engine = join(model, ids, shelf)
        self._served = Served(engine, UNTRAINED if artefact is None else artefact.version)
        self._joined = (shelf, artefact)
        return self._served

    def _follow(self, after: int, upto: int) -> None:
        changes = CatalogueChange.objects.filter(revision__gt=after, revision__lte=upto).order_by("title_id")
        changed = [] if after < 0 else list(changes.values_list("title_id", flat=True)[: _MANY + 1])
        if after < 0 or len(changed) > _MANY:
            self._items = _read_items(content.iter_outlines())
            return
        for start in range(0, len(changed), _BATCH):
            batch = changed[start : start + _BATCH]
            for title_id in batch:
                self._items.pop(title_id, None)
            self._items |= _read_items(content.iter_outlines(batch))


def _read_items(outlines: Iterable[TitleOutline]) -> dict[UUID, Item]:
    return {
        outline.id: Item(
            id=outline.id,
            kind=outline.kind.value,
            year=outline.release_year,
            runtime_minutes=outline.runtime_minutes,
            popularity=outline.popularity,
            min_ages=outline.min_ages,
            genres=outline.genres,
            offers=[
                Offer(platform, region, int(start.timestamp()), None if end is None else int(end.timestamp()))
                for platform, region, start, end in outline.offers
            ],
        )
        for outline in outlines
    }


def _read_state() -> tuple[UUID, int]:
    # Written by hand, because it runs in front of every request: by the ORM it takes 150 µs, of which 20 are SQL.
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, revision FROM sona_cataloguestate WHERE id = 1")
        row = cursor.fetchone()
    return (_UUID.to_python(row[0]), row[1]) if row else (_NOWHERE[0], 0)


#: This process's own.
engines = EngineStore()
