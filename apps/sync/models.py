"""
The log of operations, which is the truth, the views beside it, and devices.

Everything of one person is written under a lock on their `Head`, in one transaction: positions in the log have no gaps
and become visible in their order.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.sync.domain.changes import Kind, PlayState
from apps.sync.domain.devices import Activity, CommandStatus, CommandType, DeviceKind, DevicePlatform
from mediagateway.ownership import PersonalModel

#: A device's id as text, or `clock.SERVER`.
_ORIGIN_LENGTH = 36


class Head(PersonalModel):
    """
    Where a person's log stands. Its row is the lock under which the log is written.

    `signal` moves with everything that the person's devices should hear of, `clock` is the newest reading of the
    server's hybrid logical clock, packed. `vector` is what the log holds of each origin; `compacted_vector` what of
    that is in the log no more, but in the `Base`, up to and including position `compacted_to`.
    """

    owned_by = "profile"

    profile = models.OneToOneField("user.Profile", on_delete=models.CASCADE, primary_key=True, related_name="+")
    position = models.PositiveBigIntegerField(default=0)
    signal = models.PositiveBigIntegerField(default=0)
    clock = models.PositiveBigIntegerField(default=0)
    vector = models.JSONField(default=dict)
    compacted_to = models.PositiveBigIntegerField(default=0)
    compacted_vector = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(compacted_to__lte=F("position")), name="head_compacted_within_log")
        ]

    def __str__(self) -> str:
        return f"log of {self.profile_id}"


class LogEntry(PersonalModel):
    """An operation as it arrived. Rows are added, thinned out and compacted, and never changed."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    position = models.PositiveBigIntegerField()
    operation_id = models.UUIDField()
    origin = models.CharField(max_length=_ORIGIN_LENGTH)
    seq = models.PositiveBigIntegerField()
    stamp = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.name) for kind in Kind])
    # No foreign key: a merge deletes the title's row, and the log stays as it is.
    content_id = models.UUIDField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    # Why the operation has no effect; empty when it has one.
    refusal = models.CharField(max_length=32, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("profile", "position")
        indexes = [models.Index(fields=("received_at",), name="logentry_oldest")]
        constraints = [
            models.UniqueConstraint(fields=("profile", "position"), name="logentry_position_once"),
            models.UniqueConstraint(fields=("profile", "operation_id"), name="logentry_operation_once"),
            models.UniqueConstraint(fields=("profile", "origin", "seq"), name="logentry_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.kind}"


class WatchlistTag(PersonalModel):
    """One addition to the watchlist, and whether it was taken off again."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    tag = models.UUIDField()
    content_id = models.UUIDField()
    # Empty when the tag was taken off before its addition came.
    stamp = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("profile", "-added_at", "tag")
        indexes = [
            models.Index(fields=("profile", "content_id"), condition=Q(removed_at__isnull=True), name="watchlist_live")
        ]
        constraints = [
            models.UniqueConstraint(fields=("profile", "tag"), name="watchlist_tag_once"),
            models.CheckConstraint(
                condition=~Q(stamp="") | Q(removed_at__isnull=False), name="watchlist_live_tag_has_stamp"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id}"


class ProgressRegister(PersonalModel):
    """Where a playback session stands: the newest write, and the stamp with which the session began."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    content_id = models.UUIDField()
    session_id = models.UUIDField()
    started = models.CharField(max_length=64)
    stamp = models.CharField(max_length=64)
    position_s = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(state.value, state.name) for state in PlayState])
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("profile", "-written_at", "session_id")
        indexes = [models.Index(fields=("profile", "-written_at"), name="progress_newest")]
        constraints = [
            models.UniqueConstraint(fields=("profile", "content_id", "session_id"), name="progress_once_per_session"),
            models.CheckConstraint(condition=Q(position_s__lte=F("duration_s")), name="progress_within_duration"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} at {self.position_s} s"


class HiddenTitle(PersonalModel):
    """A title that somebody no longer wants to see among what they watch, until they watch it again."""

    owned_by = "profile"

    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    content_id = models.UUIDField()
    stamp = models.CharField(max_length=64)

    class Meta:
        ordering = ("profile", "content_id")
        constraints = [models.UniqueConstraint(fields=("profile", "content_id"), name="hidden_once_per_title")]

    def __str__(self) -> str:
        return f"{self.content_id}"


class Base(PersonalModel):
    """The state that the compacted part of a log made: what `GET /sync/history` begins with."""

    owned_by = "profile"

    profile = models.OneToOneField("user.Profile", on_delete=models.CASCADE, primary_key=True, related_name="+")
    # When the last operation in it was received.
    as_of = models.DateTimeField()
    state = models.JSONField()

    def __str__(self) -> str:
        return f"base of {self.profile_id}"


class Device(PersonalModel):
    """Something that a person watches or steers with: one installation of an app, signed in as one profile."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.name) for kind in DeviceKind])
    platform = models.CharField(max_length=8, choices=[(platform.value, platform.name) for platform in DevicePlatform])
    name = models.CharField(max_length=60, blank=True)
    app_version = models.CharField(max_length=40, blank=True)
    capabilities = models.JSONField(default=dict, blank=True)
    activity = models.CharField(
        max_length=8, choices=[(activity.value, activity.name) for activity in Activity], default=Activity.IDLE
    )
    content_id = models.UUIDField(null=True, blank=True)
    registered_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("registered_at", "id")

    def __str__(self) -> str:
        return self.name or str(self.id)


class Command(PersonalModel):
    """Something that one device of a person asks of another; it lives for seconds."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    # Who sent it; null for a client that is no device. No foreign key: the sender may go.
    source_id = models.UUIDField(null=True, blank=True)
    type = models.CharField(max_length=16, choices=[(type_.value, type_.name) for type_ in CommandType])
    arguments = models.JSONField(default=dict, blank=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=[(status.value, status.name) for status in CommandStatus], default=CommandStatus.SENT
    )
    error = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sent_at", "id")
        indexes = [models.Index(fields=("sent_at",), name="command_oldest")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="command_expires_after_sending")
        ]

    def __str__(self) -> str:
        return f"{self.type} to {self.target_id}"


class Ticket(PersonalModel):
    """Lets one live connection in, once and soon. Only the hash of the secret is kept."""

    owned_by = "profile"

    secret_hash = models.CharField(max_length=64, primary_key=True)
    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="+")
    # What the token that asked for it could do; the connection can do no more.
    scopes = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("expires_at",), name="ticket_expiry")]

    def __str__(self) -> str:
        return f"ticket of {self.profile_id}"
