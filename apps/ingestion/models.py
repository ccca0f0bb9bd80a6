"""Tables of ingestion: what arrived, what it was taken for, and how far a run has come."""

from django.db import models
from django.db.models import Q

from apps.ingestion.domain.profiles import MAX_KEY


class RunStatus(models.TextChoices):
    """How far a run is; a run that was killed stays `running` until the same files are ingested again."""

    RUNNING = "running"
    FINISHED = "finished"


class RecordStatus(models.TextChoices):
    """What became of a record."""

    RESOLVED = "resolved"
    REJECTED = "rejected"


class IngestionRun(models.Model):
    """One pass over a full listing; `rows_done` is the checkpoint from which a killed run goes on."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40)
    platform = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=2, blank=True)
    as_of = models.DateTimeField()
    mask_ids = models.BooleanField(default=False)
    files = models.JSONField(default=list)
    # SHA-256 of the files' bytes: the same run is the same source, shelf, time and content.
    content_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.RUNNING)
    # Rows of all files together that are done with, in file order.
    rows_done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(name="run_status_known", condition=Q(status__in=RunStatus.values)),
            models.CheckConstraint(
                name="run_finished_when_said",
                condition=Q(status=RunStatus.FINISHED, finished_at__isnull=False)
                | Q(status=RunStatus.RUNNING, finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.platform} {self.as_of:%Y-%m-%d}".replace("  ", " ")


class StagedRecord(models.Model):
    """
    The newest word of a source on one of its records, raw and normalised, with the decision on what it is about.

    The title is a fold over these rows (`domain.merge`), so nothing that decides a title's state lives elsewhere.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40)
    # Empty for a source that is about works and not about one platform's list.
    platform = models.CharField(max_length=40, blank=True)
    # The source's own id; a rejected row that has none, or whose id an accepted row has, is named by file and line.
    source_id = models.CharField(max_length=300)
    # The row as it was read, as JSON text; kept to the letter, so not a JSON column.
    raw = models.TextField()
    # `domain.facts.TitleFacts`; null when the row was rejected.
    facts = models.JSONField(null=True, blank=True)
    # SHA-256 of the facts, or of the raw row when it was rejected.
    payload_sha256 = models.CharField(max_length=64)
    # Newest known time at which the source said exactly this.
    as_of = models.DateTimeField()
    # Oldest known time at which the source had this record at all.
    first_seen_as_of = models.DateTimeField()
    status = models.CharField(max_length=8, choices=RecordStatus.choices)
    # Why a row was rejected.
    reason = models.CharField(max_length=200, blank=True)
    # A title is taken away by a merge, which moves its records first.
    title = models.ForeignKey("content.Title", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # `domain.resolve.Decision`: how the record came to its title.
    method = models.CharField(max_length=24, blank=True)
    confidence = models.FloatField(default=0.0)
    evidence = models.JSONField(default=dict, blank=True)
    # [scheme, value] pairs that belong to other works and are not asserted of this one.
    withheld_ids = models.JSONField(default=list, blank=True)
    decided_at = models.DateTimeField()
    run = models.ForeignKey(IngestionRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="records")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("source", "platform", "source_id"), name="record_unique"),
            models.CheckConstraint(name="record_status_known", condition=Q(status__in=RecordStatus.values)),
            models.CheckConstraint(
                name="record_resolved_or_reasoned",
                condition=Q(status=RecordStatus.RESOLVED, title__isnull=False, facts__isnull=False, reason="")
                & ~Q(method="")
                | Q(status=RecordStatus.REJECTED, title__isnull=True, facts__isnull=True, method="") & ~Q(reason=""),
            ),
            models.CheckConstraint(name="record_confidence_ratio", condition=Q(confidence__range=(0.0, 1.0))),
            models.CheckConstraint(name="record_seen_forward", condition=Q(first_seen_as_of__lte=models.F("as_of"))),
        ]

    def __str__(self) -> str:
        return "/".join(part for part in (self.source, self.platform, self.source_id) if part)


class MatchKey(models.Model):
    """A key under which a resolved record is found by records that may be about the same work."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(StagedRecord, on_delete=models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=MAX_KEY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key", "record"), name="match_key_unique")]

    def __str__(self) -> str:
        return self.key


class ResolutionGate(models.Model):
    """A single row that a batch locks, so that two runs never make two titles of one work at the same time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="resolution_gate_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return "gate"
