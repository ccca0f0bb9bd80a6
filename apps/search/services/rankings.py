"""Changing what orders results: every change is audited, and every process follows with its next search."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from apps.search.contracts import RankingRecord, RankingVariantRecord
from apps.search.domain.rankings import MAX_VARIANTS, allot, read_weights
from apps.search.domain.weights import Weights
from apps.search.errors import RankingNotFoundError, TooManyVariantsError, TrafficTakenError, VariantNotFoundError
from apps.search.models import RankingState, RankingVariant, RankingVersion
from apps.search.queries.rankings import get_ranking, variant_record
from mediagateway import audit
from mediagateway.principal import Principal


def set_ranking(
    weights: Weights, *, description: str, principal: Principal, check: Callable[[object], None], now: datetime
) -> RankingRecord:
    """
    Make a version of the weights and let it order; audited.

    Args:
        weights: Within their ranges.
        description: Why.
        principal: Who does it.
        check: Is given the version that is active until now, under its lock.
        now: When.
    """
    with transaction.atomic():
        state = _lock()
        check(state.active_version)
        before = get_ranking(state.active_version).weights
        version = (RankingVersion.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        RankingVersion.objects.create(
            version=version,
            weights=asdict(weights),
            description=description,
            created_at=now,
            created_by=principal.account_id,
        )
        _activate(state, version, now=now)
        changed = {name: value for name, value in asdict(weights).items() if value != before[name]}
        audit.record(
            "search.ranking_set", principal=principal, target=f"ranking:{version}", details={"changed": changed}
        )
    return get_ranking(version)


def activate_ranking(
    version: int, *, principal: Principal, check: Callable[[object], None], now: datetime
) -> RankingRecord:
    """
    Let an earlier version order again, 0 the weights in code; audited.

    Raises:
        RankingNotFoundError: There is no such version.
    """
    with transaction.atomic():
        state = _lock()
        check(state.active_version)
        if version and not RankingVersion.objects.filter(pk=version).exists():
            raise RankingNotFoundError("There is no version of the ranking with this number.")
        before = state.active_version
        _activate(state, version, now=now)
        audit.record(
            "search.ranking_activated",
            principal=principal,
            target=f"ranking:{version}",
            details={"before": before},
        )
    return get_ranking(version)


def set_variant(
    name: str,
    weights: Weights,
    *,
    traffic_percentage: int,
    is_active: bool,
    description: str,
    principal: Principal,
    now: datetime,
) -> tuple[RankingVariantRecord, bool]:
    """
    Set a variant, and say whether it is new; audited. Callers that it has stay with it while it has as much traffic.

    Raises:
        TrafficTakenError: Not so much of the traffic is left.
        TooManyVariantsError: There are `MAX_VARIANTS` others.
    """
    with transaction.atomic():
        state = _lock()
        row = RankingVariant.objects.filter(pk=name).first()
        others = RankingVariant.objects.exclude(pk=name)
        if row is None and others.count() >= MAX_VARIANTS:
            raise TooManyVariantsError(f"There are {MAX_VARIANTS} variants; delete one first.")
        taken = [slot for slots in others.values_list("slots", flat=True) for slot in slots]
        slots = allot(row.slots if row else (), taken, traffic_percentage if is_active else 0)
        if slots is None:
            raise TrafficTakenError(f"Other variants have {len(taken)} % of the traffic.")
        is_new = row is None
        row = row or RankingVariant(name=name, revision=0)
        if is_new or read_weights(row.weights) != weights:
            row.revision += 1
        row.weights, row.description, row.updated_at = asdict(weights), description, now
        row.traffic_percentage, row.is_active, row.slots = traffic_percentage, is_active, list(slots)
        row.save()
        _renew(state, now=now)
        audit.record(
            "search.ranking_variant_set",
            principal=principal,
            target=f"ranking-variant:{name}",
            details={"revision": row.revision, "is_active": is_active, "traffic_percentage": traffic_percentage},
        )
    return variant_record(row), is_new


def delete_variant(name: str, *, principal: Principal, now: datetime) -> None:
    """
    Delete a variant; its callers get the active weights. Audited.

    Raises:
        VariantNotFoundError: There is none of this name.
    """
    with transaction.atomic():
        state = _lock()
        deleted, _ = RankingVariant.objects.filter(pk=name).delete()
        if not deleted:
            raise VariantNotFoundError("There is no variant of this name.")
        _renew(state, now=now)
        audit.record("search.ranking_variant_deleted", principal=principal, target=f"ranking-variant:{name}")


def _lock() -> RankingState:
    """Lock the state, so that changes come one after the other."""
    state, _ = RankingState.objects.select_for_update().get_or_create(id=1)
    return state


def _activate(state: RankingState, version: int, *, now: datetime) -> None:
    state.active_version = version
    _renew(state, now=now)


def _renew(state: RankingState, *, now: datetime) -> None:
    """Let every process read again."""
    state.generation, state.changed_at = uuid4(), now
    state.save()
