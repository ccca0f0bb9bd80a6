"""What SONA keeps: which titles changed, what people said, and experiments."""

import uuid

from django.db import models
from django.db.models import F, Q

from apps.sona.domain.experiments import ExperimentStatus
from apps.sona.domain.feedback import FeedbackKind, Scope
from apps.sona.domain.signals import SignalKind
from mediagateway.ownership import PersonalModel


class CatalogueChange(models.Model):
    """When a title changed last: those past its own revision a process reads again, or misses for good."""

    # Not a foreign key: the row outlives its title, until every process has seen it go.
    title_id = models.UUIDField(primary_key=True)
    revision = models.BigIntegerField(db_index=True)

    class Meta:
        ordering = ("title_id",)

    def __str__(self) -> str:
        return str(self.title_id)


class CatalogueState(models.Model):
    """One row: how far the changes have come. Revisions of two epochs, such as before a restore, cannot be compared."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid.uuid4)
    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="sona_catalogue_state_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"revision {self.revision}"


class Feedback(PersonalModel):
    """What a person told the recommender alone: a dismissal, a title watched elsewhere, or to forget what was."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in FeedbackKind])
    scope = models.CharField(max_length=10, choices=[(scope.value, scope.value) for scope in Scope])
    # The id of a title or person, or the slug of a genre; empty for everything.
    key = models.CharField(max_length=40, blank=True)
    # Share that was watched.
    value = models.FloatField(default=1.0)
    at = models.DateTimeField()
    # When a dismissal ends; null is never.
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(fields=("profile", "kind", "scope", "key"), name="sona_feedback_once"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=1), name="sona_feedback_value_share"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("at")), name="sona_feedback_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.key}"


class TrainingSignal(PersonalModel):
    """One thing a person said of a title, as models learn it; gathered from other apps' events."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    content_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in SignalKind])
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("profile", "content_id", "kind"), name="sona_signal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.content_id}"


class Experiment(models.Model):
    """A comparison of ways to recommend; `variants` is a list of {name, weight, config}."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value) for status in ExperimentStatus],
        default=ExperimentStatus.DRAFT.value,
    )
    # Share of people who take part.
    traffic_ratio = models.FloatField()
    variants = models.JSONField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=("status", "created_at"), name="sona_experiment_running")]
        constraints = [
            models.CheckConstraint(
                condition=Q(traffic_ratio__gt=0, traffic_ratio__lte=1), name="sona_experiment_traffic_share"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Exposure(PersonalModel):
    """The first time that a person was shown what their variant makes."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, related_name="+")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, db_index=False, related_name="exposures")
    variant = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("experiment", "profile"), name="sona_exposure_once")]

    def __str__(self) -> str:
        return self.variant


class Conversion(PersonalModel):
    """Something that an exposed person did; once for each metric of an experiment."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, related_name="+")
    exposure = models.ForeignKey(Exposure, on_delete=models.CASCADE, db_index=False, related_name="conversions")
    metric = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("exposure", "metric"), name="sona_conversion_once")]

    def __str__(self) -> str:
        return self.metric
