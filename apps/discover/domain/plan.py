"""
Which services to have in which months so that a list of titles can be watched for the least money.

It is weighted set covering: a service in a month covers the titles that it offers then, every title must be covered
once, and each service-month has a price. Solved as an integer program by HiGHS (Huangfu and Hall, 2018) through SciPy,
which proves its optimum or says how far off it may be.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from scipy.sparse import csr_array

#: A service in a month, the month counted from 0.
ServiceMonth = tuple[str, int]

#: Seconds for which the solver looks for the proof; what it has by then is the answer, with its gap.
TIME_LIMIT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Cover:
    """
    Service-months that cover everything.

    Attributes:
        chosen: In order of month, then service.
        cost: Sum of their prices.
        least_cost: What no cover can be cheaper than.
    """

    chosen: tuple[ServiceMonth, ...]
    cost: int
    least_cost: int

    @property
    def is_exact(self) -> bool:
        """Whether no cover is cheaper."""
        return self.cost == self.least_cost

    @property
    def gap_ratio(self) -> float:
        """By how much of its cost a cheaper cover might be cheaper, at most."""
        return (self.cost - self.least_cost) / self.cost if self.cost else 0.0


def find_cover(
    coverage: Mapping[UUID, Collection[ServiceMonth]],
    prices: Mapping[str, int],
    *,
    time_limit_s: float = TIME_LIMIT_S,
) -> Cover:
    """
    Choose the cheapest service-months that cover every title.

    Args:
        coverage: For each title where and when it can be watched; none may be empty.
        prices: Whole units a month, above 0, of every service that covers something.
        time_limit_s: Of the solver.
    """
    pairs = sorted({pair for covering in coverage.values() for pair in covering}, key=lambda pair: (pair[1], pair[0]))
    if not pairs:
        return Cover((), 0, 0)
    costs = np.array([prices[service] for service, _ in pairs], dtype=np.float64)
    greedy = _cover_greedily(coverage, prices)
    # Here, because the import takes longer than most plans.
    from scipy.optimize import Bounds, LinearConstraint, milp

    result = milp(
        costs,
        integrality=np.ones(len(pairs), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(_matrix(coverage, pairs), lb=1),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    chosen = greedy
    if result.x is not None:
        solved = tuple(pair for pair, taken in zip(pairs, result.x, strict=True) if taken > 0.5)
        chosen = min((solved, greedy), key=lambda each: _cost(each, prices))
    cost = _cost(chosen, prices)
    # Prices are whole, so the true least is what the solver's bound says, rounded up past its own tolerance.
    bound = getattr(result, "mip_dual_bound", None)
    proven = int(np.ceil(bound - 1e-6)) if bound is not None and np.isfinite(bound) else 0
    least = max(proven, _least_without_solver(coverage, prices, _cost(greedy, prices)))
    return Cover(_in_order(chosen), cost, min(least, cost))


def _matrix(coverage: Mapping[UUID, Collection[ServiceMonth]], pairs: list[ServiceMonth]) -> csr_array:
    """Write which pair (column) covers which title (row), once for titles that ask for the same."""
    column_of = {pair: column for column, pair in enumerate(pairs)}
    wanted = sorted({tuple(sorted(column_of[pair] for pair in covering)) for covering in coverage.values()})
    rows = np.repeat(np.arange(len(wanted)), [len(columns) for columns in wanted])
    columns = np.concatenate([np.array(columns) for columns in wanted])
    return csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(wanted), len(pairs)))


def _cover_greedily(
    coverage: Mapping[UUID, Collection[ServiceMonth]], prices: Mapping[str, int]
) -> tuple[ServiceMonth, ...]:
    """Take what costs least for each new title until all are covered (Chvatal, 1979): a start, never the last word."""
    covers: dict[ServiceMonth, set[UUID]] = {}
    for title_id, covering in coverage.items():
        for pair in covering:
            covers.setdefault(pair, set()).add(title_id)
    left, chosen = set(coverage), []
    while left:
        best = min(
            (pair for pair, titles in covers.items() if titles & left),
            key=lambda pair: (prices[pair[0]] / len(covers[pair] & left), pair[1], pair[0]),
        )
        chosen.append(best)
        left -= covers[best]
    return tuple(chosen)


def _least_without_solver(
    coverage: Mapping[UUID, Collection[ServiceMonth]], prices: Mapping[str, int], greedy_cost: int
) -> int:
    """
    Bound every cover from below, should the solver have had no time to.

    The title that is dearest by its cheapest service must be paid for; and a greedy cover costs at most H(d) times the
    least, where d is the most titles that one service-month covers (Chvatal, 1979).
    """
    sizes: dict[ServiceMonth, int] = {}
    for covering in coverage.values():
        for pair in covering:
            sizes[pair] = sizes.get(pair, 0) + 1
    harmonic = sum(1 / k for k in range(1, max(sizes.values()) + 1))
    dearest = max(min(prices[service] for service, _ in covering) for covering in coverage.values())
    return max(dearest, int(np.ceil(greedy_cost / harmonic - 1e-6)))


def _cost(chosen: Collection[ServiceMonth], prices: Mapping[str, int]) -> int:
    return sum(prices[service] for service, _ in chosen)


def _in_order(chosen: Collection[ServiceMonth]) -> tuple[ServiceMonth, ...]:
    return tuple(sorted(chosen, key=lambda pair: (pair[1], pair[0])))
