"""Experiments: who gets which variant, what came of it, and whether the figures can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from math import erfc, sqrt
from statistics import NormalDist
from uuid import UUID

#: Two-sided level of intervals.
_CONFIDENCE = 0.95
#: Chance below which shares of exposures cannot be luck, and every other figure is void (Fabijan et al., 2019).
_RATIO_ALARM = 0.001
_RESOLUTION = 2**64


class ExperimentStatus(StrEnum):
    """Where an experiment stands; only a running one shows variants."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"


#: What may follow what.
NEXT_STATUSES: Mapping[ExperimentStatus, frozenset[ExperimentStatus]] = {
    ExperimentStatus.DRAFT: frozenset({ExperimentStatus.RUNNING, ExperimentStatus.COMPLETED}),
    ExperimentStatus.RUNNING: frozenset({ExperimentStatus.PAUSED, ExperimentStatus.COMPLETED}),
    ExperimentStatus.PAUSED: frozenset({ExperimentStatus.RUNNING, ExperimentStatus.COMPLETED}),
    ExperimentStatus.COMPLETED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class VariantConfig:
    """What a variant changes; None leaves it as it is. `multipliers` scale parts of the blend by name."""

    diversity: float | None
    multipliers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to recommend; `weight` is its share relative to the others'."""

    name: str
    weight: float
    config: VariantConfig


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true share lies, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of a variant, by one metric.

    Attributes:
        interval: Wilson's, of the rate.
        difference: Of rates from the first variant's, with Newcombe's interval and the chance of such a difference by
            luck (two-sided z-test); None for the first variant itself.
    """

    variant: str
    exposures: int
    conversions: int
    rate: float
    mean_value: float | None
    interval: Interval
    difference: float | None
    difference_interval: Interval | None
    p_value: float | None


def assign(experiment_id: UUID, profile_id: UUID, variants: Sequence[Variant], traffic_ratio: float) -> Variant | None:
    """
    Say which variant a person gets; None for who takes no part.

    The same in every process and for ever: a hash of experiment and person. Taking part and the variant come from two
    independent hashes, so more traffic moves nobody from one variant to another.
    """
    if _lot(f"traffic:{experiment_id}:{profile_id}") >= traffic_ratio:
        return None
    lot = _lot(f"variant:{experiment_id}:{profile_id}") * sum(variant.weight for variant in variants)
    for variant in variants:
        lot -= variant.weight
        if lot < 0:
            return variant
    return variants[-1]


def compute_ratio_check(exposures: Mapping[str, int], variants: Sequence[Variant]) -> tuple[float, bool]:
    """
    Compare shares of exposures with the variants' weights by a χ² test.

    Returns:
        The chance of shares at least this far off, and whether they are plausible.
    """
    total = sum(exposures.get(variant.name, 0) for variant in variants)
    if not total or len(variants) == 1:
        return 1.0, True
    weights = sum(variant.weight for variant in variants)
    seen = [exposures.get(variant.name, 0) for variant in variants]
    expected = [total * variant.weight / weights for variant in variants]
    chi_squared = sum((saw - hoped) ** 2 / hoped for saw, hoped in zip(seen, expected, strict=True))
    # Here, because the import takes longer than all that a request for recommendations does.
    from scipy.special import gammaincc

    p_value = float(gammaincc((len(variants) - 1) / 2, chi_squared / 2))
    return p_value, p_value >= _RATIO_ALARM


def compute_outcomes(counts: Sequence[tuple[str, int, int, float | None]]) -> tuple[Outcome, ...]:
    """
    Compare variants with the first of them.

    Args:
        counts: Variant, exposures, conversions, mean value of the conversions.
    """
    if not counts:
        return ()
    _, n_base, k_base, _ = counts[0]
    base = wilson(k_base, n_base)
    outcomes = []
    for place, (name, n, k, mean) in enumerate(counts):
        rate, interval = _rate(k, n), wilson(k, n)
        difference = difference_interval = p_value = None
        if place and n and n_base:
            difference = rate - _rate(k_base, n_base)
            down = sqrt((rate - interval.low) ** 2 + (base.high - _rate(k_base, n_base)) ** 2)
            up = sqrt((interval.high - rate) ** 2 + (_rate(k_base, n_base) - base.low) ** 2)
            difference_interval = Interval(difference - down, difference + up)
            p_value = _z_test(k, n, k_base, n_base)
        outcomes.append(Outcome(name, n, k, rate, mean, interval, difference, difference_interval, p_value))
    return tuple(outcomes)


def wilson(conversions: int, exposures: int) -> Interval:
    """Compute Wilson's score interval of a share; all of 0..1 without exposures."""
    if not exposures:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)
    rate = conversions / exposures
    middle = (rate + z * z / (2 * exposures)) / (1 + z * z / exposures)
    half = z * sqrt(rate * (1 - rate) / exposures + z * z / (4 * exposures**2)) / (1 + z * z / exposures)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def _rate(conversions: int, exposures: int) -> float:
    return conversions / exposures if exposures else 0.0


def _z_test(k: int, n: int, k_base: int, n_base: int) -> float:
    """Compute the two-sided chance of a difference of two shares, with pooled variance."""
    pooled = (k + k_base) / (n + n_base)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_base))
    if not error:
        return 1.0
    return erfc(abs(k / n - k_base / n_base) / error / sqrt(2))


def _lot(text: str) -> float:
    """Hash to 0..1."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / _RESOLUTION
