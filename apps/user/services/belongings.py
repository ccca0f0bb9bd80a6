"""Writing what a household has and says: subscriptions, preferences, ratings, consents."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from apps.content import api as content
from apps.content.contracts import TitleId
from apps.content.errors import TitleNotFoundError
from apps.user.contracts import PreferenceWrite, RatingRecord
from apps.user.domain.consents import TEXT_VERSION
from apps.user.domain.preferences import Value, contradictions, is_value_of, with_defaults
from apps.user.domain.stamps import next_stamp
from apps.user.errors import RatingNotFoundError
from apps.user.models import Account, Consent, Preference, Profile, Rating, Subscription
from apps.user.queries.ownership import Owner
from mediagateway import audit
from mediagateway.errors import FieldError, InvalidInputError
from mediagateway.events import publish
from mediagateway.ownership import Holder, owned
from mediagateway.policy import Policy
from mediagateway.prepared import prepared

Expectation = Callable[[int], None]


def set_subscriptions(owner: Owner, platforms: Collection[str], *, expect: Expectation, now: datetime) -> None:
    """
    Make these the platforms that the household pays for; what goes keeps its row with an end.

    Raises:
        ChildProfileError: A child's profile asks.
        InvalidInputError: A platform that the catalogue does not know.
    """
    owner.check_manages()
    known = {platform.slug for platform in content.get_platforms()}
    errors = [
        FieldError(f"/platforms/{position}", "unknown_platform", f"There is no platform {slug!r}.")
        for position, slug in enumerate(platforms)
        if slug not in known
    ]
    if errors:
        raise InvalidInputError("A platform is not known.", errors)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=owner.account.pk)
        expect(account.version)
        current = owned(Subscription, owner).filter(until__isnull=True)
        paid = set(current.values_list("platform", flat=True))
        current.exclude(platform__in=platforms).update(until=now)
        Subscription.objects.bulk_create(
            Subscription(account=account, platform=slug, since=now) for slug in sorted(set(platforms) - paid)
        )
        if paid != set(platforms):
            account.version += 1
            account.save(update_fields=["version"])


def change_preferences(holder: Holder, values: Mapping[str, object], *, now: datetime) -> dict[str, Value]:
    """
    Set some preferences of the profile and leave the others, and give those that were named as they were before.

    Raises:
        InvalidInputError: A key that there is not, a value that it may not hold, or a contradiction.
    """
    errors = [
        FieldError(f"/{key}", "invalid", "There is no such preference, or it may not hold this.")
        for key, value in values.items()
        if not is_value_of(key, value)
    ]
    if errors:
        raise InvalidInputError("A preference is not valid.", errors)
    wanted = cast("Mapping[str, Value]", values)
    before = with_defaults({row.key: row.value for row in owned(Preference, holder)})
    set_preferences(holder, wanted, replace=False, expect=lambda _: None, now=now)
    return {key: before[key] for key in wanted}


def set_preferences(
    holder: Holder, values: Mapping[str, Value], *, replace: bool, expect: Expectation, now: datetime
) -> None:
    """
    Set preferences of the profile; each key that changes gets a new stamp.

    Publishes "user.preferences_changed" `{"profile_id", "writes": [{"key", "value", "stamp"}]}`.

    Args:
        holder: Whose they are.
        values: Checked values by key.
        replace: Whether keys that are not named go back to their defaults.
        expect: Called with the profile's present version; raises when the caller has seen another.
        now: Clock of the stamps; aware.

    Raises:
        InvalidInputError: A genre would be a favourite and excluded.
    """
    with transaction.atomic():
        profile = owned(Profile, holder).select_for_update().get(pk=holder.profile_id)
        expect(profile.version)
        rows = {row.key: row for row in owned(Preference, holder)}
        present = with_defaults({key: row.value for key, row in rows.items()})
        wanted = with_defaults(values) if replace else {**present, **values}
        if both := contradictions(wanted):
            error = FieldError("/excluded_genres", "contradiction", f"Also a favourite: {', '.join(sorted(both))}.")
            raise InvalidInputError("A genre is a favourite and excluded.", [error])
        changed = {key: value for key, value in wanted.items() if value != present[key]}
        if not changed:
            return
        writes = [
            PreferenceWrite(key, value, next_stamp(now, after=rows[key].stamp if key in rows else ""))
            for key, value in changed.items()
        ]
        _save_preferences(profile, writes)
        listed = [{"key": write.key, "value": write.value, "stamp": write.stamp} for write in writes]
        publish("user.preferences_changed", {"profile_id": str(profile.pk), "writes": listed})


def apply_preferences(holder: Holder, writes: Sequence[PreferenceWrite]) -> tuple[str, ...]:
    """
    Let writes that were stamped elsewhere take effect, in their order; of each key the newest stamp holds.

    Publishes nothing: the caller keeps the devices in step. Three SQL statements, four when something changes.

    Returns:
        For each write "" or why it is refused: "invalid_value" when the key may not hold it, "contradiction" when a
        genre would be a favourite and excluded. A write that is older than what is there is not refused.
    """
    with transaction.atomic():
        (profile,) = _locked_profile(holder.profile_id, holder.account_id)
        rows = {row.key: row for row in _preferences(holder)}
        stamps = {key: row.stamp for key, row in rows.items()}
        values = with_defaults({key: row.value for key, row in rows.items()})
        refusals, changed = [], {}
        for write in writes:
            refusal, is_newer = _refusal_of(write, values), write.stamp > stamps.get(write.key, "")
            refusals.append(refusal)
            if not refusal and is_newer:
                changed[write.key] = write
                stamps[write.key], values[write.key] = write.stamp, write.value
        if changed:
            _save_preferences(profile, changed.values())
    return tuple(refusals)


@prepared
def _locked_profile(profile_id: UUID, account_id: UUID) -> QuerySet[Profile]:
    return Profile.objects.select_for_update().filter(pk=profile_id, account_id=account_id)


@prepared
def _preferences(holder: Holder) -> QuerySet[Preference]:
    return owned(Preference, holder)


def rate(holder: Holder, content_id: UUID, score: int, *, policy: Policy, now: datetime) -> RatingRecord:
    """
    Rate a title, or change the rating; a merged id rates the title that answers for it.

    Publishes "user.title_rated" `{"profile_id", "content_id", "score", "at"}`.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
    """
    summary = content.get_summaries([content_id], policy=policy, now=now).get(TitleId(content_id))
    if summary is None:
        raise TitleNotFoundError("There is no title with this id.")
    with transaction.atomic():
        Rating.objects.update_or_create(
            profile_id=holder.profile_id, content_id=summary.id, defaults={"score": score, "rated_at": now}
        )
        _publish_rating(holder, summary.id, score, now)
    return RatingRecord(summary.id, score, now)


def delete_rating(holder: Holder, content_id: UUID, *, now: datetime) -> None:
    """
    Take a rating back; publishes "user.title_rated" with a null score.

    Raises:
        RatingNotFoundError: There is none.
    """
    with transaction.atomic():
        deleted, _ = owned(Rating, holder).filter(content_id=content_id).delete()
        if not deleted:
            raise RatingNotFoundError("This profile has not rated this title.")
        _publish_rating(holder, content_id, None, now)


def record_consents(owner: Owner, answers: Mapping[str, bool], *, now: datetime) -> None:
    """
    Add the household's answers to the present wording; nothing is overwritten.

    Raises:
        ChildProfileError: A child's profile asks.
    """
    owner.check_manages()
    with transaction.atomic():
        Consent.objects.bulk_create(
            Consent(
                account=owner.account, purpose=purpose, is_granted=granted, text_version=TEXT_VERSION, recorded_at=now
            )
            for purpose, granted in sorted(answers.items())
        )
        Account.objects.filter(pk=owner.account.pk).update(version=F("version") + 1)
        audit.record(
            "user.consents_recorded",
            principal=owner.principal,
            target=f"account:{owner.account.id}",
            details={"answers": dict(answers), "text_version": TEXT_VERSION},
        )


def _save_preferences(profile: Profile, writes: Collection[PreferenceWrite]) -> None:
    """Write rows of a profile that is locked, and move its version. Two SQL statements."""
    Preference.objects.bulk_create(
        [Preference(profile=profile, key=write.key, value=write.value, stamp=write.stamp) for write in writes],
        update_conflicts=True,
        unique_fields=["profile", "key"],
        update_fields=["value", "stamp"],
    )
    profile.version += 1
    profile.save(update_fields=["version"])


def _refusal_of(write: PreferenceWrite, values: Mapping[str, Value]) -> str:
    """Say why a write cannot be, beside what is there; "" when it can."""
    if not is_value_of(write.key, write.value):
        return "invalid_value"
    return "contradiction" if contradictions({**values, write.key: write.value}) else ""


def _publish_rating(holder: Holder, content_id: UUID, score: int | None, now: datetime) -> None:
    payload = {"profile_id": str(holder.profile_id), "content_id": str(content_id)}
    publish("user.title_rated", {**payload, "score": score, "at": now.isoformat()})
