"""Which weights order whose results: versions, variants, and the slots of the traffic that each variant has."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b

from apps.search.domain.weights import DEFAULT_WEIGHTS, Weights

#: The traffic is dealt in hundredths; each caller falls into one of them, for ever.
SLOTS = 100
#: Variants at one time, running or not.
MAX_VARIANTS = 50
#: Lowest and highest value of a weight; what is a share or a similarity has its own.
_RANGE = (0.0, 10.0)
_SHARE, _SIMILARITY = (0.0, 1.0), (-1.0, 1.0)
_RANGES = {
    **dict.fromkeys(("gate", "aside"), _SHARE),
    **dict.fromkeys(("floor", "floor_named", "fitting"), _SIMILARITY),
}
WEIGHT_NAMES = tuple(field.name for field in fields(Weights))


@dataclass(frozen=True, slots=True)
class Ranking:
    """
    Weights, and what the log calls them.

    Attributes:
        version: Of the active weights when they, or the variant, ordered; 0 is the weights in code.
        variant: Name and revision of the variant; "" is none.
    """

    version: int
    variant: str
    weights: Weights


DEFAULT_RANKING = Ranking(0, "", DEFAULT_WEIGHTS)


@dataclass(frozen=True, slots=True)
class RankingSet:
    """The active ranking, and variants by the slots that they have."""

    active: Ranking
    by_slot: Mapping[int, Ranking]

    def of(self, subject: str) -> Ranking:
        """Say what orders the results of a caller: the same in every process for as long as no variant changes."""
        if not self.by_slot:
            return self.active
        return self.by_slot.get(slot_of(subject), self.active)


DEFAULT_SET = RankingSet(DEFAULT_RANKING, {})


def slot_of(subject: str) -> int:
    """Deal a caller into 0..99, by a hash that nothing else uses."""
    return int.from_bytes(blake2b(subject.encode(), digest_size=8, person=b"search.slots").digest(), "big") % SLOTS


def allot(own: Collection[int], taken: Iterable[int], wanted: int) -> tuple[int, ...] | None:
    """
    Give a variant as many slots as it wants, keeping those that it has, so that growing moves no one else.

    Args:
        own: Slots that it has.
        taken: Slots of the others.
        wanted: 0..100.

    Returns:
        Ascending; None when not so many are left.
    """
    kept = sorted(own)[:wanted]
    free = sorted(set(range(SLOTS)) - set(taken) - set(kept))
    missing = wanted - len(kept)
    return tuple(sorted(kept + free[:missing])) if missing <= len(free) else None


def range_of(name: str) -> tuple[float, float]:
    """Say between which values, both included, a weight may be."""
    return _RANGES.get(name, _RANGE)


def read_weights(stored: Mapping[str, float]) -> Weights:
    """Read stored weights; what they do not name is as in code, and what is no weight any more is passed over."""
    return Weights(**{**asdict(DEFAULT_WEIGHTS), **{name: stored[name] for name in WEIGHT_NAMES if name in stored}})


def find_contradiction(weights: Weights) -> tuple[str, str] | None:
    """Find a weight that breaks what search promises, each in its range: its name, and a sentence."""
    name = weights.prefix + weights.prefix_share + weights.words
    if weights.exact < name:
        return "exact", "An exact title has to come first: at least prefix, prefix_share and words together."
    if weights.floor_named < weights.floor:
        return "floor_named", "Must not be below floor."
    return None
