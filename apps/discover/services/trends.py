"""Counting what is watched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from apps.discover.domain import trends
from apps.discover.models import Trend, Vote


@dataclass(frozen=True, slots=True)
class Viewing:
    """A title that somebody has watched, as "playback.watched" tells it; an episode counts for its series."""

    account_id: UUID
    profile_id: UUID
    content_id: UUID
    region: str
    completion_ratio: float
    at: datetime


def count_viewing(viewing: Viewing) -> None:
    """
    Let a viewing count, once a day for each person and title, and within what a person and a household may count.

    Idempotent: a second viewing of the day, or the same event again, counts for what it adds to the first one alone.
    """
    points, day = trends.points_of(viewing.completion_ratio), viewing.at.date()
    with transaction.atomic():
        of_day = Vote.objects.filter(account_id=viewing.account_id, day=day)
        vote = of_day.select_for_update().filter(profile_id=viewing.profile_id, content_id=viewing.content_id).first()
        added = points - (vote.points if vote else 0.0)
        if added <= 0 or (vote is None and _is_at_limit(viewing, list(of_day.values_list("profile_id", flat=True)))):
            return
        Vote.objects.update_or_create(
            profile_id=viewing.profile_id,
            content_id=viewing.content_id,
            day=day,
            defaults={"account_id": viewing.account_id, "points": points},
        )
        _raise(viewing, trends.log_weight(added, viewing.at))


def forget_faded(*, now: datetime) -> None:
    """Delete votes of past days, and trends that have faded away. Two SQL statements."""
    Vote.objects.filter(day__lt=(now - trends.VOTES_KEPT_FOR).date()).delete()
    Trend.objects.filter(log_score__lt=trends.log_threshold(now)).delete()


def erase_account(account_id: UUID) -> None:
    """Delete the votes of a household. One SQL statement."""
    Vote.objects.filter(account_id=account_id).delete()


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give the votes of a household, as JSON values. One SQL statement."""
    votes = Vote.objects.filter(account_id=account_id).values("profile_id", "content_id", "day", "points")
    written: dict[str, Any] = orjson.loads(orjson.dumps({"votes": list(votes)}))
    return written


def _is_at_limit(viewing: Viewing, voters: list[UUID]) -> bool:
    return len(voters) >= trends.HOUSEHOLD_VOTES_A_DAY or voters.count(viewing.profile_id) >= trends.VOTES_A_DAY


def _raise(viewing: Viewing, log_vote: float) -> None:
    """Add a vote to the title's score in the region, under the lock of its row."""
    row, is_new = Trend.objects.select_for_update().get_or_create(
        content_id=viewing.content_id,
        region=viewing.region,
        defaults={"log_score": log_vote, "updated_at": viewing.at},
    )
    if not is_new:
        row.log_score = trends.add(row.log_score, log_vote)
        row.updated_at = max(row.updated_at, viewing.at)
        row.save(update_fields=["log_score", "updated_at"])
