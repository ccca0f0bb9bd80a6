"""Kernel tables: the outbox, the audit log, limits that an admin has changed, answers kept for repeated requests."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction that made it happen and delivered after it."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=64)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    # A deliverer works on the event until this time; past it, another may take over.
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Set once every handler has succeeded.
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    # W3C Trace Context of what published it, so that its delivery belongs to the same trace.
    traceparent = models.CharField(max_length=55, blank=True, default="")

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("id",), condition=Q(delivered_at__isnull=True), name="outbox_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.id}"


class AppendOnlyError(Exception):
    """Somebody tried to change or to remove an entry of the audit log."""


class AppendOnlyQuerySet(models.QuerySet["AuditEntry"]):
    """Reads only; entries are written one by one, by `audit.record`."""

    def update(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401 -- Django's signature
        """Refuse."""
        raise AppendOnlyError("An entry of the audit log cannot be changed.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("An entry of the audit log cannot be removed.")

    bulk_create = bulk_update = update


class AuditEntry(models.Model):
    """
    A security event or an admin's act; `audit` writes and checks it.

    The ORM refuses to change it here, the database by the triggers of migration 0002. Nothing is a foreign key: the
    entry outlives what it tells about.
    """

    # Counted without gaps by the head row, not by a sequence.
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    # `<app>.<noun>_<past participle>`, such as "auth.session_revoked".
    action = models.CharField(max_length=64)
    account_id = models.UUIDField(null=True, blank=True)
    # The admin who acted as the account.
    actor_id = models.UUIDField(null=True, blank=True)
    client_id = models.CharField(max_length=255, blank=True)
    token_id = models.CharField(max_length=255, blank=True)
    # What was acted on, `<kind>:<id>`.
    target = models.CharField(max_length=255, blank=True)
    # JSON text, the very characters that were hashed: a JSON column would write numbers its own way.
    details = models.TextField(default="{}")
    request_id = models.CharField(max_length=128, blank=True)
    # SHA-256, hexadecimal.
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["AuditEntry"]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=("action", "-id"), name="audit_by_action"),
            models.Index(fields=("account_id", "-id"), name="audit_by_account"),
            models.Index(fields=("target", "-id"), name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} #{self.id}"

    def save(self, **options: Any) -> None:  # noqa: ANN401 -- Django's signature, keywords only
        """Insert; an entry that was read cannot be saved again."""
        if not self._state.adding:
            raise AppendOnlyError("An entry of the audit log cannot be changed.")
        super().save(**{**options, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401 -- Django's signature
        """Refuse."""
        raise AppendOnlyError("An entry of the audit log cannot be removed.")


class AuditHead(models.Model):
    """One row, the end of the chain; whoever appends holds its lock until the end of the transaction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_id = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"#{self.last_id}"


class LimitOverride(models.Model):
    """Another limit than the table's for one subject or one tier; `limits.overrides` writes and reads it."""

    id = models.BigAutoField(primary_key=True)
    # Name of a group or of a rule in `settings.LIMITS`.
    group = models.CharField(max_length=32)
    # `account:<id>`, `key:<id>`, `client:<id>`, `address:<address>`, or `tier:<name>` for everybody of that tier.
    subject = models.CharField(max_length=255)
    per_minute = models.PositiveIntegerField()
    # Most in any one second.
    burst = models.PositiveIntegerField()
    # Null holds until it is removed.
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("group", "subject")
        constraints = [
            models.UniqueConstraint(fields=("group", "subject"), name="limit_override_unique"),
            models.CheckConstraint(name="limit_override_positive", condition=Q(per_minute__gte=1, burst__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.group} for {self.subject}"


class IdempotentRequest(models.Model):
    """
    A creating request under an `Idempotency-Key`, and its answer once there is one; see `idempotency`.

    The answer may hold a secret that is shown once, so it is sealed by a key that only the caller's own makes.
    """

    # SHA-256 over principal, route and the caller's key, hexadecimal.
    claim = models.CharField(max_length=64, primary_key=True)
    # SHA-256 over the body, hexadecimal.
    fingerprint = models.CharField(max_length=64)
    # Empty while the first request runs.
    sealed_answer = models.BinaryField(default=b"")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("claim",)

    def __str__(self) -> str:
        return self.claim
