"""From samples to figures: medians over rounds, ratios within a round, and the table that people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from perf.load import Sample

_HEADS = ("target", "req/s", "p50 ms", "p99 ms", "CPU µs", "against", "ratio", "low–high", "by CPU", "p99 ×", "aim")
#: Columns of words; they stand left, the figures right.
_WORDS = {0, 5}


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    A target in parts of its yardstick.

    Throughput is compared within each round and the median is taken of the ratios, not the other way round: on a
    machine that others use too, the two halves of a ratio must have had the same weather.

    Attributes:
        yardstick: The other target.
        ratio: Throughput in parts of the yardstick's, median over the rounds.
        ratio_low: The lowest ratio of a round; `ratio_high` the highest.
        cpu_ratio: The yardstick's CPU time for a request in parts of the target's, so that higher is better here too.
        p99_factor: The target's p99 as a multiple of the yardstick's, median over the rounds.
        aim: What `ratio` should reach; None when nothing is asked of it.
    """

    yardstick: str
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_ratio: float | None
    p99_factor: float
    aim: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What one target came to, medians over the rounds; fields as in `Sample`."""

    target: str
    requests_per_s: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    bytes_per_request: float
    server_cpu_us: float | None
    comparison: Comparison | None = None


def compute_figure(target: str, samples: Sequence[Sample], comparison: Comparison | None = None) -> Figure:
    """Summarise a target's samples, one for each round and at least one."""
    return Figure(
        target,
        requests_per_s=median(sample.requests_per_s for sample in samples),
        p50_ms=median(sample.p50_ms for sample in samples),
        p90_ms=median(sample.p90_ms for sample in samples),
        p99_ms=median(sample.p99_ms for sample in samples),
        bytes_per_request=median(sample.bytes_per_request for sample in samples),
        server_cpu_us=_median_cpu_us(samples),
        comparison=comparison,
    )


def compute_comparison(
    samples: Mapping[str, Sequence[Sample]], target: str, *, yardstick: str, aim: float | None
) -> Comparison:
    """
    Compare two targets of one run.

    Args:
        samples: Target -> its samples; the n-th sample of each comes from the n-th round.
        target: The one to rate.
        yardstick: The one to rate it by.
        aim: What the ratio of throughputs should reach, if anything.
    """
    pairs = list(zip(samples[target], samples[yardstick], strict=True))
    ratios = [mine.requests_per_s / theirs.requests_per_s for mine, theirs in pairs]
    own_cpu_us, their_cpu_us = _median_cpu_us(samples[target]), _median_cpu_us(samples[yardstick])
    return Comparison(
        yardstick,
        ratio=median(ratios),
        ratio_low=min(ratios),
        ratio_high=max(ratios),
        cpu_ratio=their_cpu_us / own_cpu_us if own_cpu_us and their_cpu_us else None,
        p99_factor=median(mine.p99_ms / theirs.p99_ms for mine, theirs in pairs),
        aim=aim,
    )


def write_table(figures: Sequence[Figure]) -> str:
    """Write the figures as a Markdown table with aligned columns: good to read on a terminal and in the README."""
    rows = [_HEADS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADS))]
    rule = tuple("-" * width if at in _WORDS else "-" * (width - 1) + ":" for at, width in enumerate(widths))
    return "\n".join(f"| {' | '.join(_aligned(row, widths))} |" for row in (rows[0], rule, *rows[1:]))


def _median_cpu_us(samples: Sequence[Sample]) -> float | None:
    known = [sample.server_cpu_us for sample in samples if sample.server_cpu_us is not None]
    return median(known) if known else None


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Fill cells up to their columns' widths."""
    return [
        cell.ljust(width) if at in _WORDS else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _cells(figure: Figure) -> tuple[str, ...]:
    """Write one row."""
    cpu = "–" if figure.server_cpu_us is None else f"{figure.server_cpu_us:,.0f}"
    own = (figure.target, f"{figure.requests_per_s:,.0f}", f"{figure.p50_ms:.2f}", f"{figure.p99_ms:.2f}", cpu)
    against = figure.comparison
    if against is None:
        return (*own, *"––––––")
    aim = "–"
    if against.aim is not None:
        aim = f"≥ {against.aim:.2f} {'met' if against.ratio >= against.aim else 'missed'}"
    return (
        *own,
        against.yardstick,
        f"{against.ratio:.2f}",
        f"{against.ratio_low:.2f}–{against.ratio_high:.2f}",
        "–" if against.cpu_ratio is None else f"{against.cpu_ratio:.2f}",
        f"{against.p99_factor:.1f}",
        aim,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of the values does not exceed (nearest rank); `values` must not be empty."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
