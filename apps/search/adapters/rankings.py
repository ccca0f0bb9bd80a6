"""What a process knows of the ranking: followed by the statement that runs in front of every search anyway."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from apps.search.domain.rankings import DEFAULT_SET, MAX_VARIANTS, Ranking, RankingSet, read_weights
from apps.search.models import RankingState, RankingVariant, RankingVersion

_UUID: "UUIDField[UUID, UUID]" = UUIDField()
_NO_INDEX = f"{UUID(int=0).hex}.0"


@dataclass(frozen=True, slots=True)
class Standing:
    """
    State of the index and of the ranking.

    Attributes:
        index: As `adapters.store.IndexVersion` writes itself.
        generation: Changes with everything that orders results; None while nobody has changed anything.
    """

    index: str
    generation: UUID | None

    @property
    def tag(self) -> str:
        """What the ranking adds to the index's version in cursors; "" for the weights in code."""
        return f".{self.generation.hex[:12]}" if self.generation else ""

    def __str__(self) -> str:
        return f"{self.index}{self.tag}"


def get_standing() -> Standing:
    """Read how far index and ranking have come; 1 SQL statement, which costs what the index's alone would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, revision, (SELECT generation FROM search_rankingstate WHERE id = 1)"
            " FROM search_indexstate ORDER BY id LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return Standing(_NO_INDEX, None)
    epoch, revision, generation = row
    return Standing(f"{_UUID.to_python(epoch).hex}.{revision}", _UUID.to_python(generation) if generation else None)


class RankingStore:
    """Keeps the rankings of a process; safe for threads, of which two may read the same."""

    def __init__(self) -> None:
        """Start with the weights in code."""
        self._held: tuple[UUID | None, RankingSet] = (None, DEFAULT_SET)

    def at(self, generation: UUID | None) -> RankingSet:
        """Give the rankings of a generation; no SQL when it is the last one's, else two statements."""
        held, rankings = self._held
        if held != generation:
            rankings = DEFAULT_SET if generation is None else _load()
            self._held = (generation, rankings)
        return rankings


def _load() -> RankingSet:
    """Read the active weights and the running variants."""
    row = (
        RankingVersion.objects.filter(version__in=RankingState.objects.values("active_version"))
        .values_list("version", "weights")
        .first()
    )
    active = Ranking(row[0], "", read_weights(row[1])) if row else DEFAULT_SET.active
    running = RankingVariant.objects.filter(is_active=True)[:MAX_VARIANTS]
    return RankingSet(
        active,
        {
            slot: Ranking(active.version, variant.label, read_weights(variant.weights))
            for variant in running
            for slot in variant.slots
        },
    )


#: This process's own.
rankings = RankingStore()
