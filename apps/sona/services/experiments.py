"""Running experiments: making and steering them, showing variants, counting what follows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.sona.contracts import ExperimentRecord, VariantRecord, VariantShown
from apps.sona.domain.experiments import NEXT_STATUSES, ExperimentStatus, Variant, assign
from apps.sona.errors import (
    ExperimentNameTakenError,
    ExperimentNotFoundError,
    ExperimentStatusError,
    NotExposedError,
)
from apps.sona.models import Conversion, Experiment, Exposure
from apps.sona.queries.experiments import experiment_record, find_running, read_variants
from mediagateway import audit
from mediagateway.ownership import Viewer, owned
from mediagateway.principal import Principal


def create_experiment(
    principal: Principal,
    *,
    name: str,
    description: str,
    traffic_ratio: float,
    variants: Sequence[VariantRecord],
    now: datetime,
) -> ExperimentRecord:
    """
    Make an experiment, a draft; audited.

    Raises:
        ExperimentNameTakenError: Another one has this name.
    """
    written = [
        {
            "name": variant.name,
            "weight": variant.weight,
            "config": {"diversity": variant.diversity, "multipliers": dict(variant.multipliers)},
        }
        for variant in variants
    ]
    try:
        with transaction.atomic():
            row = Experiment.objects.create(
                name=name, description=description, traffic_ratio=traffic_ratio, variants=written, created_at=now
            )
            audit.record("sona.experiment_created", principal=principal, target=f"experiment:{row.id}")
    except IntegrityError as err:
        raise ExperimentNameTakenError("Another experiment has this name.") from err
    return experiment_record(row)


def change_experiment(
    principal: Principal,
    experiment_id: UUID,
    *,
    status: ExperimentStatus | None,
    description: str | None,
    traffic_ratio: float | None,
    now: datetime,
) -> ExperimentRecord:
    """
    Start, pause or end an experiment, or change how many take part; audited. None leaves as it is.

    Raises:
        ExperimentNotFoundError: There is none.
        ExperimentStatusError: That does not follow from where it stands; one that has ended changes no more.
    """
    with transaction.atomic():
        row = Experiment.objects.select_for_update().filter(pk=experiment_id).first()
        if row is None:
            raise ExperimentNotFoundError("There is no experiment with this id.")
        before = ExperimentStatus(row.status)
        if before is ExperimentStatus.COMPLETED:
            raise ExperimentStatusError("An experiment that has ended changes no more.")
        if status is not None and status is not before:
            if status not in NEXT_STATUSES[before]:
                raise ExperimentStatusError(f"An experiment cannot go from {before} to {status}.")
            row.status = status.value
            if status is ExperimentStatus.RUNNING and row.started_at is None:
                row.started_at = now
            if status is ExperimentStatus.COMPLETED:
                row.ended_at = now
        if description is not None:
            row.description = description
        if traffic_ratio is not None:
            row.traffic_ratio = traffic_ratio
        row.save()
        audit.record(
            "sona.experiment_changed",
            principal=principal,
            target=f"experiment:{row.id}",
            details={"status": row.status, "traffic_ratio": row.traffic_ratio},
        )
    return experiment_record(row)


def expose(viewer: Viewer, *, now: datetime) -> tuple[Variant, VariantShown] | None:
    """
    Say which variant shapes this person's answer, and note the first time; None when none does.

    The oldest running experiment that the person takes part in shapes it: two at once could not be told apart. One SQL
    statement when nothing runs, two when the person was exposed before, four the first time.
    """
    for experiment_id, traffic_ratio, written in find_running():
        variants = read_variants(written)
        variant = assign(experiment_id, viewer.profile_id, variants, traffic_ratio)
        if variant is None:
            continue
        exposure, _ = owned(Exposure, viewer).get_or_create(
            experiment_id=experiment_id,
            defaults={"profile_id": viewer.profile_id, "variant": variant.name, "at": now},
        )
        # Who was shown a variant before its weights changed keeps it.
        kept = next((each for each in variants if each.name == exposure.variant), variant)
        return kept, VariantShown(experiment_id, kept.name)
    return None


def record_conversion(viewer: Viewer, experiment_id: UUID, *, metric: str, value: float, now: datetime) -> VariantShown:
    """
    Count something that an exposed person did; the first of each metric counts, however often it is sent.

    Raises:
        ExperimentNotFoundError: There is none.
        NotExposedError: The person has never been shown a variant: nobody is enrolled by converting.
    """
    exposure = owned(Exposure, viewer).filter(experiment_id=experiment_id).first()
    if exposure is None:
        if not Experiment.objects.filter(pk=experiment_id).exists():
            raise ExperimentNotFoundError("There is no experiment with this id.")
        raise NotExposedError("This person was shown no variant of the experiment.")
    Conversion.objects.get_or_create(
        exposure=exposure, metric=metric, defaults={"profile_id": viewer.profile_id, "value": value, "at": now}
    )
    return VariantShown(experiment_id, exposure.variant)
