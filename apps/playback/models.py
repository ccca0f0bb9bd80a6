"""Sessions, histories, and the row on which a household's streams are counted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.playback.domain.positions import PlaybackState
from mediagateway.ownership import PersonalModel

_FINAL = [state.value for state in PlaybackState if state.is_final]


class StreamCounter(PersonalModel):
    """A household's row, locked while one of its sessions asks for a place among its streams."""

    owned_by = "account"

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"streams of {self.account_id}"


class Session(PersonalModel):
    """A title that a person plays, on one device."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    # No foreign keys: a merge deletes the title's row and keeps its id as an alias.
    content_id = models.UUIDField()
    series_id = models.UUIDField()
    device_id = models.UUIDField(null=True, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in PlaybackState])
    started_position_s = models.PositiveIntegerField()
    position_s = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    # When the position that holds was seen, by the player's clock.
    observed_at = models.DateTimeField()
    # When the player was heard of last, by ours.
    heard_at = models.DateTimeField()

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = [
            models.Index(fields=("profile", "-started_at", "-id"), name="session_newest"),
            models.Index(fields=("heard_at",), name="session_by_silence"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PlaybackState]), name="session_state_known"
            ),
            models.CheckConstraint(
                condition=Q(duration_s__isnull=True) | Q(duration_s__gt=0, position_s__lte=F("duration_s")),
                name="session_position_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.content_id}"

    @property
    def is_over(self) -> bool:
        """Whether the session takes no further reports."""
        return self.state in _FINAL


class Watch(PersonalModel):
    """A title that a person has watched, once however often."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    content_id = models.UUIDField()
    # The series of an episode or season, else the title itself.
    series_id = models.UUIDField()
    position_s = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField(null=True, blank=True)
    play_count = models.PositiveIntegerField(default=1)
    first_watched_at = models.DateTimeField()
    last_watched_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    # The session that wrote last: another one is another play.
    session_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-last_watched_at", "-id")
        indexes = [
            models.Index(fields=("profile", "-last_watched_at", "-id"), name="watch_newest"),
            models.Index(fields=("last_watched_at",), name="watch_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("profile", "content_id"), name="watch_once_per_title"),
            models.CheckConstraint(
                condition=Q(duration_s__isnull=True) | Q(duration_s__gt=0, position_s__lte=F("duration_s")),
                name="watch_position_within",
            ),
            models.CheckConstraint(
                condition=Q(last_watched_at__gte=F("first_watched_at")), name="watch_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.content_id)
