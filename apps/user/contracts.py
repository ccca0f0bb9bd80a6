"""What the door to households speaks, and what clients see of them: frozen values, never a model."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.user.domain.profiles import ProfileKind
from mediagateway.principal import Role, Tier

__all__ = [
    "AccountEntry",
    "AccountFacts",
    "AccountFilter",
    "AccountRecord",
    "AccountState",
    "ConsentRecord",
    "ControlsRecord",
    "ExportRecord",
    "NotificationRecord",
    "OwnProfileRecord",
    "PreferenceWrite",
    "ProfileKind",
    "ProfileRecord",
    "RatingRecord",
    "SubscriptionRecord",
    "WindowRecord",
]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """
    What sign-in and tokens need of an account; the password is checked by Django's own authentication.

    Attributes:
        owner_profile_id: Whom a token without a `profile` claim speaks for.
        deleted_at, purge_at: Set once the owner has erased the account; until `purge_at` it can be restored.
    """

    id: UUID
    email: str
    role: Role
    tier: Tier
    is_active: bool
    email_verified_at: datetime | None
    deleted_at: datetime | None
    purge_at: datetime | None
    owner_profile_id: UUID

    @property
    def is_open(self) -> bool:
        """Whether anybody may sign in."""
        return self.is_active and self.deleted_at is None

    def is_restorable(self, now: datetime) -> bool:
        """Whether it is erased, and its owner may still come back."""
        return self.is_active and self.purge_at is not None and self.purge_at > now


class AccountState(StrEnum):
    """Whether anybody may sign in, and if not, why."""

    OPEN = "open"
    OFF = "off"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts to list; what is None or empty does not count, and a part of the address will do."""

    email: str = ""
    role: Role | None = None
    tier: Tier | None = None
    state: AccountState | None = None


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as admins see it; `version` is what `If-Match` names."""

    id: UUID
    email: str
    email_verified_at: datetime | None
    role: Role
    tier: Tier
    state: AccountState
    is_active: bool
    is_staff: bool
    profile_count: int
    created_at: datetime
    last_sign_in_at: datetime | None
    deleted_at: datetime | None
    purge_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """The account of the household."""

    id: UUID
    email: str
    is_email_verified: bool
    role: Role
    tier: Tier
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProfileRecord:
    """A person of the household. A null region is the server's default; a child's null `max_age` is the household's."""

    id: UUID
    is_owner: bool
    kind: ProfileKind
    name: str
    region: str | None
    language: str
    time_zone: str
    max_age: int | None
    allow_unrated: bool
    avatar_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwnProfileRecord(ProfileRecord):
    """The person whom the token speaks for, and their account."""

    account: AccountRecord


@dataclass(frozen=True, slots=True)
class WindowRecord:
    """Hours of the day as "HH:MM", local; an end before the start is on the next day."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class ControlsRecord:
    """The limits of the household's child profiles. The PIN itself is never shown."""

    has_pin: bool
    pin_locked_until: datetime | None
    max_age: int
    blocked_genres: tuple[str, ...]
    window: WindowRecord | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """A platform that the household pays for."""

    platform: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RatingRecord:
    """What a person thought of a title."""

    content_id: UUID
    score: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class PreferenceWrite:
    """A value for a preference, with the stamp (`domain.stamps`) that orders the writes of one key."""

    key: str
    value: Any
    stamp: str


@dataclass(frozen=True, slots=True)
class NotificationRecord:
    """
    Something that a person is told.

    Attributes:
        kind: What it is about, such as "saved_search_matched".
        content_ids: Titles that it is about, as far as the person may see them.
        link: A path of this API; empty when there is nothing to open.
    """

    id: UUID
    kind: str
    text: str
    content_ids: tuple[UUID, ...]
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """The answer that holds for a purpose; `recorded_at` is null while nobody was asked and the default holds."""

    purpose: str
    is_granted: bool
    text_version: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """An export that was asked for."""

    id: UUID
    status: str
    requested_at: datetime
    ready_at: datetime | None
