"""How well known targets are found: recall and reciprocal rank by kind of query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: How many results are looked through for the target; farther down counts as not found.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the title that it means; any of imdb_id, or title with year, names it."""

    qid: str
    kind: str
    query: str
    imdb_id: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of a judged query.

    Attributes:
        rank: Place of the target, 1 is first; None when it is not among the first `DEPTH`.
        is_resolved: Whether the catalogue has the target at all.
        first: Name of the first result, "" when there was none.
    """

    query: JudgedQuery
    rank: int | None
    is_resolved: bool
    first: str


@dataclass(frozen=True, slots=True)
class Score:
    """
    Of one kind of query.

    Attributes:
        n: Queries, those without a target in the catalogue included: they count as misses.
        recall_1, recall_10: Share whose target is first, among the first ten.
        mrr: Mean of 1/rank, 0 where the target was not found.
        unresolved: Queries without a target in the catalogue.
    """

    n: int
    recall_1: float
    recall_10: float
    mrr: float
    unresolved: int


def compute_scores(outcomes: Iterable[Outcome]) -> Mapping[str, Score]:
    """Score every kind of query, in the order in which kinds first come up."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.query.kind].append(outcome)
    return {kind: _score(of_kind) for kind, of_kind in by_kind.items()}


def _score(outcomes: list[Outcome]) -> Score:
    ranks = [outcome.rank for outcome in outcomes if outcome.rank is not None]
    n = len(outcomes)
    return Score(
        n=n,
        recall_1=sum(rank == 1 for rank in ranks) / n,
        recall_10=sum(rank <= 10 for rank in ranks) / n,
        mrr=sum(1 / rank for rank in ranks) / n,
        unresolved=sum(not outcome.is_resolved for outcome in outcomes),
    )
