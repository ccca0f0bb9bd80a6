"""Keys, sessions, tokens and second factors. No secret stands here in clear: hashed, or sealed by `MG_KEK`."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.auth.domain.grants import ClientKind
from mediagateway.principal import Tier


class SigningKey(models.Model):
    """A key pair that signs access tokens; published before it signs, and for a while after."""

    kid = models.CharField(max_length=64, primary_key=True)
    public_pem = models.TextField()
    sealed_private_key = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    signs_from = models.DateTimeField()
    # Null while no later key has been made.
    verifies_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-signs_from",)

    def __str__(self) -> str:
        return self.kid


class Session(models.Model):
    """A sign-in: the family of all refresh tokens that descend from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Empty for our own sign-in.
    client_id = models.CharField(max_length=100, blank=True)
    # Space-separated.
    scope = models.TextField(blank=True)
    # The person who watches; null is the owner's profile.
    profile_id = models.UUIDField(null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=("account", "-created_at", "-id"), condition=Q(ended_at__isnull=True), name="session_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RefreshToken(models.Model):
    """A link of a session's chain; the newest alone is good, and an older one that comes back ends the session."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refresh_tokens")
    # SHA-256, hexadecimal.
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"#{self.id} of {self.session_id}"


class Revocation(models.Model):
    """An access token, or all of a session, that is refused before it expires; every process reads the latest rows."""

    id = models.BigAutoField(primary_key=True)
    # `jti` of a token, `sid` of a session or `client_id` of a client: all are unique, so they share a column.
    subject = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(default=timezone.now, db_index=True)
    # By when everything it refuses has expired.
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.subject


class OneTimeToken(models.Model):
    """A link in an e-mail."""

    class Purpose(models.TextChoices):
        """What the link is for."""

        VERIFY_EMAIL = "verify_email"
        RESET_PASSWORD = "reset_password"  # noqa: S105 -- a purpose

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    # SHA-256, hexadecimal.
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.purpose} #{self.id}"


class FailedAttempts(models.Model):
    """How often somebody failed to prove who they are: one row for each account tried and for each address."""

    # Keyed hash of what is counted, so that the table lists no addresses.
    subject_hash = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        ordering = ("subject_hash",)
        verbose_name_plural = "failed attempts"

    def __str__(self) -> str:
        return f"{self.failures} failures"


class ApiKey(models.Model):
    """A key for a program that acts for an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    # What a list may show of it.
    prefix = models.CharField(max_length=20)
    # SHA-256, hexadecimal.
    key_hash = models.CharField(max_length=64, unique=True)
    # Space-separated.
    scope = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Written at most once a minute.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = "API key"
        indexes = [
            models.Index(
                fields=("account", "-created_at", "-id"), condition=Q(revoked_at__isnull=True), name="api_key_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class TotpDevice(models.Model):
    """An authenticator app."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    sealed_secret = models.BinaryField()
    # Null until a first code has proved that the app has the secret.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Time step of the last code taken: no code is taken twice.
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "TOTP device"

    def __str__(self) -> str:
        return str(self.account_id)


class BackupCode(models.Model):
    """A code on paper, for the day the telephone is lost."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Keyed hash, hexadecimal.
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("account", "code_hash"), name="backup_code_once")]

    def __str__(self) -> str:
        return f"backup code #{self.id}"


class OAuthClient(models.Model):
    """A program that people let act for them, or that acts for itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What it calls itself; public.
    client_id = models.CharField(max_length=64, unique=True)
    # What people read on the consent page.
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.name) for kind in ClientKind])
    # SHA-256, hexadecimal; a public client has no secret.
    secret_hash = models.CharField(max_length=64, blank=True)
    redirect_uris = models.JSONField(default=list, blank=True)
    grant_types = models.JSONField(default=list)
    # Space-separated: the most that it may ask for.
    scope = models.TextField()
    tier = models.CharField(max_length=16, choices=[(tier.value, tier.name) for tier in Tier], default=Tier.FREE)
    # A resource server may introspect every token; others only their own.
    is_resource_server = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    # Final: a client that was disabled is not enabled again.
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = "OAuth client"
        indexes = [models.Index(fields=("-created_at", "-id"), name="oauth_client_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="public", secret_hash="") | (Q(kind="confidential") & ~Q(secret_hash="")),
                name="oauth_client_secret_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether it cannot keep a secret."""
        return self.kind == ClientKind.PUBLIC


class AuthorizationCode(models.Model):
    """
    A person's consent on its way to the client.

    A used code stays until well after its end: when it comes back, what it has issued is revoked (RFC 6749 §4.1.2).
    """

    id = models.BigAutoField(primary_key=True)
    # SHA-256, hexadecimal.
    code_hash = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(OAuthClient, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    redirect_uri = models.CharField(max_length=512)
    # Space-separated.
    scope = models.TextField()
    nonce = models.CharField(max_length=255, blank=True)
    # PKCE, S256: no other method is known here.
    code_challenge = models.CharField(max_length=43)
    # When the person proved who they are.
    authenticated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    # What it has issued.
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"code #{self.id}"


class DeviceGrant(models.Model):
    """A device that waits for a person to say yes on another one (RFC 8628)."""

    class Status(models.TextChoices):
        """What has been said."""

        PENDING = "pending"
        APPROVED = "approved"
        DENIED = "denied"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # SHA-256, hexadecimal.
    device_code_hash = models.CharField(max_length=64, unique=True)
    # Keyed hash, hexadecimal: eight letters can be guessed from a plain one.
    user_code_hash = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(OAuthClient, on_delete=models.CASCADE, related_name="+")
    # Space-separated: what is asked for; what is granted once it is approved.
    scope = models.TextField()
    # From where the device asked.
    address = models.GenericIPAddressField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    authenticated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    # Seconds between two polls; each hasty one adds five.
    interval_s = models.PositiveIntegerField()
    next_poll_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(account__isnull=False, authenticated_at__isnull=False),
                name="device_grant_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"device of {self.client_id}"
