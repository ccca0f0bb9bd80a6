"""Deciding which work a record is about, with the evidence that is kept beside the decision."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from apps.ingestion.domain.profiles import Profile
from apps.ingestion.domain.similarity import Comparison, compare

#: Log-odds from which a record is taken for a known work: a wrong merge is worse than a double, so not 0.
ACCEPT_FROM: Final = 1.5
#: Two works this close together cannot be told apart, unless the better one is beyond doubt.
MARGIN: Final = 1.0
SURE_FROM: Final = 6.0
#: Log-odds below which an id is not believed, without what says nothing against it: a work has many titles, and a list
#: may hold it twice.
ID_REFUTED_BELOW: Final = -3.0
_NOTHING_AGAINST_ID: Final = frozenset({"title", "edition", "ids", "shelf"})
_MOST_BY_YEAR: Final = -5.0
_TITLES_DISAGREE: Final = -1.5
_AGREEING_TITLES: Final = frozenset({"same", "same subtitle", "other order", "alike", "part"})
#: Confidence in an id that nothing contradicts: IMDb ids of the feeds contradict each other in about 1 of 1,000 works.
_ID_CONFIDENCE: Final = 0.999
_MOST_CONFIDENCE: Final = 0.995
_TELLING_SYNOPSIS: Final = 3.0

ExternalId = tuple[str, str]


class Method(StrEnum):
    """How a record came to its title."""

    COMMITTED_ID = "committed_id"
    EXTERNAL_ID = "external_id"
    TITLE_YEAR = "title_year"
    TITLE_YEAR_PEOPLE = "title_year_people"
    TITLE_YEAR_SYNOPSIS = "title_year_synopsis"
    SYNOPSIS = "synopsis"
    NEW = "new"
    NEW_AMBIGUOUS = "new_ambiguous"


@dataclass(frozen=True, slots=True)
class Decision:
    """
    Where a record belongs.

    Attributes:
        title_id: A known title, None for a new one.
        method: How it was found.
        confidence: Probability that the decision is right, 0..1, as far as the evidence goes.
        withheld_ids: Ids of the record that belong to other works and must not be asserted of this one.
        evidence: JSON values: what was compared, what it counted, and every conflict with how it was settled.
    """

    title_id: UUID | None
    method: Method
    confidence: float
    withheld_ids: frozenset[ExternalId] = frozenset()
    evidence: dict[str, Any] = field(default_factory=dict)


def resolve(
    record: Profile,
    candidates: Mapping[UUID, Profile],
    *,
    owners: Mapping[ExternalId, UUID],
    own_id_scheme: str = "",
    committed_id: UUID | None = None,
) -> Decision:
    """
    Decide which of the known titles a record is about.

    1. A committed UUID of a known title is that title.
    2. A known external id decides, unless everything else refutes it (`is_refuted`). The feed's own id is never
       refuted: it is the feed's own word on what the row is. When ids lead to several titles, the likeliest wins (the
       feed's own id before others), the other ids are withheld, and the conflict is in the evidence.
    3. Else the likeliest title, if its log-odds reach `ACCEPT_FROM` and no other is within `MARGIN`. An ambiguous
       record becomes a new title: a double is mended by a merge, a wrong merge takes two works apart by hand.

    Args:
        record: The record.
        candidates: Titles that share a key or an id with the record.
        owners: The title that has each of the record's external ids, where one has; a title that is no candidate is
            not ingestion's to write, so its ids are withheld.
        own_id_scheme: Scheme of the feed's own ids, "" when it has none.
        committed_id: UUID that the source gave the title for good.
    """
    compared = {title_id: compare(record, profile) for title_id, profile in candidates.items()}
    if committed_id is not None and committed_id in candidates:
        withheld = frozenset(pair for pair, owner in owners.items() if owner != committed_id)
        return Decision(
            committed_id, Method.COMMITTED_ID, 1.0, withheld, describe_conflicts(withheld, owners, "committed")
        )
    believed, withheld = _weigh_ids(owners, compared, own_id_scheme)
    if believed is not None:
        evidence = {"ids": sorted(":".join(pair) for pair, owner in owners.items() if owner == believed)}
        evidence |= describe_conflicts(withheld, owners, "another id is likelier")
        own = any(scheme == own_id_scheme and owner == believed for (scheme, _), owner in owners.items())
        return Decision(believed, Method.EXTERNAL_ID, 1.0 if own else _ID_CONFIDENCE, withheld, evidence)
    open_to_doubt = {title_id: c for title_id, c in compared.items() if title_id not in set(owners.values())}
    decision = _decide_by_likeness(open_to_doubt)
    evidence = decision.evidence | describe_conflicts(withheld, owners, "refuted by year, kind, length, people or text")
    return Decision(decision.title_id, decision.method, decision.confidence, withheld, evidence)


def is_refuted(comparison: Comparison) -> bool:
    """Tell whether year, kind, length, people and text say that two records under one id are two works."""
    against = {name: value for name, (_, value) in comparison.points.items() if name not in _NOTHING_AGAINST_ID}
    # A mistaken year must not outweigh all the rest, however far it is out.
    against["year"] = max(against.get("year", 0.0), _MOST_BY_YEAR)
    score = sum(against.values())
    if comparison.points["title"][0] not in _AGREEING_TITLES:
        score += _TITLES_DISAGREE
    return score < ID_REFUTED_BELOW


def describe_conflicts(
    withheld: Iterable[ExternalId], owners: Mapping[ExternalId, UUID], settled: str
) -> dict[str, Any]:
    """Describe withheld ids as evidence: which, whose they are, and why; nothing when there are none."""
    found = [{"id": ":".join(pair), "title": str(owners[pair]), "settled": settled} for pair in sorted(withheld)]
    return {"conflicts": found} if found else {}


def _weigh_ids(
    owners: Mapping[ExternalId, UUID], compared: Mapping[UUID, Comparison], own_id_scheme: str
) -> tuple[UUID | None, frozenset[ExternalId]]:
    """Choose the title that the ids speak for, and the ids that speak for another one."""
    believable = {
        title_id: (scheme == own_id_scheme, compared[title_id].score)
        for (scheme, _), title_id in sorted(owners.items(), key=lambda item: item[0][0] == own_id_scheme)
        if title_id in compared and (scheme == own_id_scheme or not is_refuted(compared[title_id]))
    }
    believed = max(believable, key=lambda title_id: (believable[title_id], title_id), default=None)
    return believed, frozenset(pair for pair, owner in owners.items() if owner != believed)


def _decide_by_likeness(compared: Mapping[UUID, Comparison]) -> Decision:
    ranked = sorted(compared.items(), key=lambda item: (-item[1].score, item[0]))
    if not ranked:
        return Decision(None, Method.NEW, 1.0)
    title_id, best = ranked[0]
    evidence = _describe(best)
    runner_up = ranked[1] if len(ranked) > 1 else None
    if runner_up is not None:
        evidence["runner_up"] = {"title": str(runner_up[0]), "score": runner_up[1].score}
    likelihood = _probability(best.score)
    if best.score < ACCEPT_FROM:
        return Decision(None, Method.NEW, round(1.0 - likelihood, 4), evidence=evidence | {"nearest": str(title_id)})
    if runner_up is not None and best.score < SURE_FROM and best.score - runner_up[1].score < MARGIN:
        return Decision(None, Method.NEW_AMBIGUOUS, 0.5, evidence=evidence | {"nearest": str(title_id)})
    return Decision(title_id, _method(best), min(round(likelihood, 4), _MOST_CONFIDENCE), evidence=evidence)


def _method(comparison: Comparison) -> Method:
    points = comparison.points
    if points["title"][0] not in _AGREEING_TITLES:
        return Method.SYNOPSIS
    if points.get("directors", ("", 0.0))[1] > 0 or points.get("actors", ("", 0.0))[1] > 0:
        return Method.TITLE_YEAR_PEOPLE
    if points.get("synopsis", ("", 0.0))[1] >= _TELLING_SYNOPSIS:
        return Method.TITLE_YEAR_SYNOPSIS
    return Method.TITLE_YEAR


def _describe(comparison: Comparison) -> dict[str, Any]:
    return {"score": comparison.score, "points": {name: list(point) for name, point in comparison.points.items()}}


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(log_odds, -50.0)))
