"""Reading experiments and what came of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from apps.sona.contracts import ExperimentMetrics, ExperimentRecord, MetricOutcomes, VariantRecord
from apps.sona.domain.experiments import (
    ExperimentStatus,
    Variant,
    VariantConfig,
    compute_outcomes,
    compute_ratio_check,
)
from apps.sona.errors import ExperimentNotFoundError
from apps.sona.models import Conversion, Experiment, Exposure
from mediagateway.http.pagination import Page
from mediagateway.prepared import prepared


def list_experiments(*, after: Sequence[Any] | None, limit: int) -> Page[ExperimentRecord]:
    """List experiments, newest first. One SQL statement."""
    rows = Experiment.objects.order_by("-created_at", "-id")
    if after is not None:
        created_at, row_id = datetime.fromisoformat(after[0]), UUID(after[1])
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    next_key = (page[-1].created_at.isoformat(), str(page[-1].pk)) if len(found) > limit else None
    return Page(tuple(map(experiment_record, page)), next_key)


def get_experiment(experiment_id: UUID) -> ExperimentRecord:
    """
    Read an experiment. One SQL statement.

    Raises:
        ExperimentNotFoundError: There is none.
    """
    return experiment_record(_row(experiment_id))


def get_metrics(experiment_id: UUID) -> ExperimentMetrics:
    """
    Count what came of an experiment. Three SQL statements.

    Raises:
        ExperimentNotFoundError: There is none.
    """
    variants = read_variants(_row(experiment_id).variants)
    counted = Exposure.objects.filter(experiment_id=experiment_id).order_by().values_list("variant")
    exposures = {**dict.fromkeys((variant.name for variant in variants), 0), **dict(counted.annotate(Count("id")))}
    rows = (
        Conversion.objects.filter(exposure__experiment_id=experiment_id)
        .order_by("metric")
        .values_list("metric", "exposure__variant")
        .annotate(Count("id"), Avg("value"))
    )
    found: dict[str, dict[str, tuple[int, float]]] = {}
    for metric, variant, count, mean in rows:
        found.setdefault(metric, {})[variant] = (count, mean)
    p_value, is_plausible = compute_ratio_check(exposures, variants)
    return ExperimentMetrics(
        experiment_id=experiment_id,
        exposures=exposures,
        ratio_p_value=p_value,
        is_ratio_plausible=is_plausible,
        metrics=tuple(
            MetricOutcomes(metric, compute_outcomes([_count(variant, exposures, by) for variant in variants]))
            for metric, by in found.items()
        ),
    )


def find_running() -> list[tuple[UUID, float, Any]]:
    """Find the experiments that run, oldest first: id, traffic, variants as written. One SQL statement."""
    return _running()


@prepared
def _running() -> QuerySet[Experiment, tuple[UUID, float, Any]]:
    running = Experiment.objects.filter(status=ExperimentStatus.RUNNING.value).order_by("created_at", "id")
    return running.values_list("id", "traffic_ratio", "variants")


def read_variants(written: Sequence[Mapping[str, Any]]) -> tuple[Variant, ...]:
    """Read variants as an experiment's row keeps them."""
    return tuple(
        Variant(each["name"], each["weight"], VariantConfig(each["config"]["diversity"], each["config"]["multipliers"]))
        for each in written
    )


def experiment_record(row: Experiment) -> ExperimentRecord:
    """Write a row as clients see it."""
    return ExperimentRecord(
        id=row.id,
        name=row.name,
        description=row.description,
        status=ExperimentStatus(row.status),
        traffic_ratio=row.traffic_ratio,
        variants=tuple(
            VariantRecord(variant.name, variant.weight, variant.config.diversity, variant.config.multipliers)
            for variant in read_variants(row.variants)
        ),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _count(
    variant: Variant, exposures: Mapping[str, int], by: Mapping[str, tuple[int, float]]
) -> tuple[str, int, int, float | None]:
    conversions, mean = by.get(variant.name, (0, None))
    return variant.name, exposures[variant.name], conversions, mean


def _row(experiment_id: UUID) -> Experiment:
    row = Experiment.objects.filter(pk=experiment_id).first()
    if row is None:
        raise ExperimentNotFoundError("There is no experiment with this id.")
    return row
