"""What is watched: one fading number for each title and region, and the votes of the last days behind it."""

from django.db import models
from django.db.models import Q


class Trend(models.Model):
    """How much a title is watched in a region; `log_score` as `domain.trends` writes it."""

    content_id = models.UUIDField()
    region = models.CharField(max_length=2)
    log_score = models.FloatField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-log_score", "content_id")
        indexes = [models.Index(fields=("region", "-log_score", "content_id"), name="trend_highest")]
        constraints = [models.UniqueConstraint(fields=("content_id", "region"), name="trend_once_per_region")]

    def __str__(self) -> str:
        return f"{self.content_id} in {self.region}"


class Vote(models.Model):
    """
    That somebody watched a title on a day; it bounds how much one person and one household count.

    No foreign keys: events come late, also about people who are gone. Erasing an account erases its votes, while the
    scores, which name nobody, stay.
    """

    account_id = models.UUIDField()
    profile_id = models.UUIDField()
    content_id = models.UUIDField()
    day = models.DateField()
    points = models.FloatField()

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("account_id", "day"), name="vote_by_household"),
            models.Index(fields=("day",), name="vote_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("profile_id", "content_id", "day"), name="vote_once_a_day"),
            models.CheckConstraint(condition=Q(points__gt=0.0, points__lte=1.0), name="vote_points_ratio"),
        ]

    def __str__(self) -> str:
        return f"{self.points:g} for {self.content_id}"
