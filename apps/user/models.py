"""Accounts, the people of their households, and what belongs to each."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.user.domain.limits import DEFAULT_CHILD_MAX_AGE, HIGHEST_MAX_AGE
from apps.user.domain.profiles import MAX_NAME, ProfileKind
from apps.user.domain.ratings import HIGHEST_SCORE, LOWEST_SCORE
from mediagateway.ownership import PersonalModel
from mediagateway.principal import Role, Tier


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; Django's admin and `createsuperuser` come through here."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":  # noqa: ANN401
        """Make an account with its owner's profile; without a password it cannot sign in by one."""
        return self.create_hashed(email, make_password(password), **fields)

    def create_hashed(self, email: str, password_hash: str, **fields: Any) -> "Account":  # noqa: ANN401
        """Make an account as `create_user` does, of a password that is hashed already. Three SQL statements."""
        account = self.model(email=email.strip().lower(), password=password_hash, **fields)
        with transaction.atomic(using=self._db):
            account.save(using=self._db)
            Profile.objects.using(self._db).create(account=account, is_owner=True)
            ParentalControls.objects.using(self._db).create(account=account)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":  # noqa: ANN401
        """Make an account that may use the admin and everything in it."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, role=Role.ADMIN, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find an account by its address, in whatever case it was typed."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser, PermissionsMixin):
    """
    A household's login.

    `version` moves with everything that the whole household shares: subscriptions, parental controls, role, tier.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.name) for role in Role], default=Role.USER)
    tier = models.CharField(max_length=16, choices=[(tier.value, tier.name) for tier in Tier], default=Tier.FREE)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Erased by its owner; until `purge_at` it can be restored.
    deleted_at = models.DateTimeField(null=True, blank=True)
    purge_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("purge_at",), condition=Q(purge_at__isnull=False), name="account_purgeable"),
            models.Index(fields=("-created_at", "-id"), name="account_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="account_email_in_lower_case"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, purge_at__isnull=True) | Q(purge_at__gt=F("deleted_at")),
                name="account_deleted_with_purge_date",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Profile(PersonalModel):
    """
    A person of a household. `version` moves with everything that belongs to the profile alone, but for ratings.

    An empty region, and a child's empty `max_age`, mean the server's and the household's.
    """

    owned_by = "account"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="profiles")
    is_owner = models.BooleanField(default=False)
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.name) for kind in ProfileKind], default=ProfileKind.ADULT
    )
    name = models.CharField(max_length=MAX_NAME, blank=True)
    region = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=35, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    allow_unrated = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-is_owner", "created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("account",), condition=Q(is_owner=True), name="profile_one_owner"),
            models.CheckConstraint(
                condition=Q(kind=ProfileKind.CHILD, is_owner=False)
                | Q(kind=ProfileKind.ADULT, max_age__isnull=True, allow_unrated=False),
                name="profile_limits_are_a_childs",
            ),
            models.CheckConstraint(
                condition=Q(max_age__isnull=True) | Q(max_age__lte=HIGHEST_MAX_AGE), name="profile_max_age_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class ParentalControls(PersonalModel):
    """The household's PIN and the limits of its child profiles."""

    owned_by = "account"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="controls")
    # Empty: no PIN is set.
    pin_hash = models.CharField(max_length=128, blank=True)
    pin_failures = models.PositiveIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(default=DEFAULT_CHILD_MAX_AGE)
    blocked_genres = models.JSONField(default=list, blank=True)
    # Local times of `zone`; both or neither. An end before the start is on the next day.
    window_start = models.TimeField(null=True, blank=True)
    window_end = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(max_age__lte=HIGHEST_MAX_AGE), name="controls_max_age_in_range"),
            models.CheckConstraint(
                condition=Q(window_start__isnull=True, window_end__isnull=True)
                | (Q(window_start__isnull=False, window_end__isnull=False) & ~Q(window_start=F("window_end"))),
                name="controls_window_has_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"controls of {self.account_id}"


class Subscription(PersonalModel):
    """A platform that a household pays for, or paid for."""

    owned_by = "account"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="subscriptions")
    platform = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("platform", "since")
        constraints = [
            models.UniqueConstraint(
                fields=("account", "platform"), condition=Q(until__isnull=True), name="subscription_one_current"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="subscription_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.platform


class Preference(PersonalModel):
    """A preference that a person has set; `stamp` orders the writes of one key over all devices (`domain.stamps`)."""

    owned_by = "profile"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="preferences")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    stamp = models.CharField(max_length=64)

    class Meta:
        ordering = ("key",)
        constraints = [models.UniqueConstraint(fields=("profile", "key"), name="preference_once_per_key")]

    def __str__(self) -> str:
        return self.key


class Rating(PersonalModel):
    """What somebody thought of a title: a whole number of 1..10."""

    owned_by = "profile"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="ratings")
    # No foreign key: a merge deletes the title's row and keeps its id as an alias, which must not take ratings along.
    content_id = models.UUIDField()
    score = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        ordering = ("-rated_at", "-id")
        indexes = [models.Index(fields=("profile", "-rated_at", "-id"), name="rating_newest")]
        constraints = [
            models.UniqueConstraint(fields=("profile", "content_id"), name="rating_once_per_title"),
            models.CheckConstraint(
                condition=Q(score__gte=LOWEST_SCORE, score__lte=HIGHEST_SCORE), name="rating_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.content_id}"


class Notification(PersonalModel):
    """Something that a person is told; read once `read_at` is set."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    # Names what it tells: the same is told once.
    key = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    # Titles that it is about; without foreign keys, as with ratings. The text names none: they may be hidden one day.
    content_ids = models.JSONField(default=list, blank=True)
    link = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=("profile", "-created_at", "-id"), name="notification_newest"),
            models.Index(fields=("created_at",), name="notification_age"),
        ]
        constraints = [models.UniqueConstraint(fields=("profile", "key"), name="notification_told_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Consent(PersonalModel):
    """An answer to one question about privacy. Rows are added and never changed: the newest of a purpose holds."""

    owned_by = "account"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    is_granted = models.BooleanField()
    # Which wording was agreed to, or refused.
    text_version = models.CharField(max_length=20)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("account", "purpose", "-id"), name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.is_granted}"


class Avatar(PersonalModel):
    """The picture of a profile, as this service drew it again from what was sent."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="avatar")
    picture = models.BinaryField()

    def __str__(self) -> str:
        return f"avatar of {self.profile_id}"


class Export(PersonalModel):
    """Everything that is known of a household, gathered on request; empty until it is ready."""

    owned_by = "account"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    document = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("-requested_at",)

    def __str__(self) -> str:
        return f"export of {self.account_id}"
