"""What a household has and has said: controls, subscriptions, preferences, ratings, consents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.content import api as content
from apps.user.contracts import (
    ConsentRecord,
    ControlsRecord,
    PreferenceWrite,
    RatingRecord,
    SubscriptionRecord,
    WindowRecord,
)
from apps.user.domain.consents import PURPOSES, TEXT_VERSION
from apps.user.domain.preferences import Value, with_defaults
from apps.user.domain.profiles import ProfileKind
from apps.user.errors import RatingNotFoundError
from apps.user.models import Consent, ParentalControls, Preference, Profile, Rating, Subscription
from apps.user.queries.ownership import Owner
from mediagateway.http.pagination import Page
from mediagateway.ownership import Holder, owned
from mediagateway.policy import Policy
from mediagateway.prepared import prepared


def get_controls(owner: Owner) -> ControlsRecord:
    """Read the limits of the household's children. One SQL statement."""
    controls = owned(ParentalControls, owner).get()
    window = None
    if controls.window_start is not None and controls.window_end is not None:
        window = WindowRecord(f"{controls.window_start:%H:%M}", f"{controls.window_end:%H:%M}")
    return ControlsRecord(
        has_pin=bool(controls.pin_hash),
        pin_locked_until=controls.pin_locked_until,
        max_age=controls.max_age,
        blocked_genres=tuple(controls.blocked_genres),
        window=window,
        time_zone=controls.zone,
    )


def list_subscriptions(owner: Owner) -> tuple[SubscriptionRecord, ...]:
    """List what the household pays for now, by platform. One SQL statement."""
    current = owned(Subscription, owner).filter(until__isnull=True)
    return tuple(SubscriptionRecord(row.platform, row.since) for row in current)


def get_preferences(holder: Holder) -> dict[str, Value]:
    """Read every preference of the profile, defaults included. One SQL statement."""
    return with_defaults(dict(_preferences(holder)))


def list_preference_writes(holder: Holder) -> tuple[PreferenceWrite, ...]:
    """List the newest write of each preference that the profile has set, by key. One SQL statement."""
    rows = owned(Preference, holder).order_by("key").values_list("key", "value", "stamp")
    return tuple(PreferenceWrite(*row) for row in rows)


def get_rating(owner: Owner, content_id: UUID, *, policy: Policy, now: datetime) -> RatingRecord:
    """
    Read what the profile thinks of a title. One SQL statement and those of `content.get_summaries`.

    Raises:
        RatingNotFoundError: Not rated, or not to be seen by this viewer.
    """
    row = owned(Rating, owner).filter(content_id=content_id).first()
    if row is None or not content.get_summaries([content_id], policy=policy, now=now):
        raise RatingNotFoundError("This profile has not rated this title.")
    return _rating(row)


def list_ratings(
    owner: Owner, *, policy: Policy, now: datetime, after: Sequence[Any] | None, limit: int
) -> Page[RatingRecord]:
    """List ratings, newest first, of titles that the viewer may see. One SQL statement and `content.get_summaries`'."""
    rows = owned(Rating, owner).order_by("-rated_at", "-id")
    if after is not None:
        rated_at, row_id = datetime.fromisoformat(after[0]), after[1]
        rows = rows.filter(Q(rated_at__lt=rated_at) | Q(rated_at=rated_at, id__lt=row_id))
    found = list(rows[: limit + 1])
    page = found[:limit]
    visible = content.get_summaries([row.content_id for row in page], policy=policy, now=now)
    next_key = (page[-1].rated_at.isoformat(), page[-1].pk) if len(found) > limit else None
    return Page(tuple(_rating(row) for row in page if row.content_id in visible), next_key)


def list_scores(holder: Holder) -> tuple[RatingRecord, ...]:
    """List every rating of the profile, newest first, titles that are hidden now too. One SQL statement."""
    return tuple(RatingRecord(*row) for row in _scores(holder))


def list_consents(owner: Owner) -> tuple[ConsentRecord, ...]:
    """List the answer that holds for each purpose; without one it is no. One SQL statement."""
    newest = {row.purpose: row for row in owned(Consent, owner).order_by("id")}
    return tuple(
        ConsentRecord(row.purpose, row.is_granted, row.text_version, row.recorded_at)
        if (row := newest.get(purpose.slug))
        else ConsentRecord(purpose.slug, is_granted=False, text_version=TEXT_VERSION, recorded_at=None)
        for purpose in PURPOSES
    )


def find_consent(holder: Holder, purpose: str) -> bool | None:
    """Say what the household has answered last about a purpose; None while nobody was asked. One SQL statement."""
    return next(iter(_answer(holder, purpose)), None)


def find_willing(profile_ids: Collection[UUID], purpose: str) -> frozenset[UUID]:
    """Find the people, of open households, who have not refused a purpose. Two SQL statements for any number."""
    accounts = dict(
        Profile.objects.filter(
            id__in=profile_ids, account__is_active=True, account__deleted_at__isnull=True
        ).values_list("id", "account_id")
    )
    newest = _newest_answers(accounts.values(), purpose)
    return frozenset(profile_id for profile_id, account_id in accounts.items() if newest.get(account_id) is not False)


def list_answers(
    people: Collection[tuple[UUID, UUID | None]], purpose: str
) -> dict[tuple[UUID, UUID | None], bool | None]:
    """
    Say what the household of each person has answered last about a purpose. Two SQL statements for any number.

    A child's answer is no, whatever the household said, and so is that of a person who is gone. None while nobody was
    asked.

    Args:
        people: Account and profile; no profile is the account's owner.
        purpose: One of `PURPOSES`.
    """
    accounts = {account_id for account_id, _ in people}
    adults = Profile.objects.filter(account__in=accounts, kind=ProfileKind.ADULT).values_list("account_id", "id")
    known = set(adults)
    newest = _newest_answers(accounts, purpose)
    living = {account_id for account_id, _ in known}
    return {
        (account_id, profile_id): newest.get(account_id)
        if account_id in living and (profile_id is None or (account_id, profile_id) in known)
        else False
        for account_id, profile_id in people
    }


def _newest_answers(account_ids: Collection[UUID], purpose: str) -> dict[UUID, bool]:
    """Read the last answer of each household that has given one."""
    answers = Consent.objects.filter(account__in=account_ids, purpose=purpose).order_by("id")
    return dict(answers.values_list("account_id", "is_granted"))


def _rating(row: Rating) -> RatingRecord:
    return RatingRecord(row.content_id, row.score, row.rated_at)


@prepared
def _preferences(holder: Holder) -> QuerySet[Preference, tuple[str, Value]]:
    return owned(Preference, holder).values_list("key", "value")


@prepared
def _scores(holder: Holder) -> QuerySet[Rating, tuple[UUID, int, datetime]]:
    return owned(Rating, holder).values_list("content_id", "score", "rated_at")


@prepared
def _answer(holder: Holder, purpose: str) -> QuerySet[Consent, bool]:
    """Give the last answer, or none."""
    answers = owned(Consent, holder).filter(purpose=purpose).order_by("-id")
    return answers.values_list("is_granted", flat=True)[:1]
