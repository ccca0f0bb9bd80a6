"""Telling people things, and what they do with what they were told."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from apps.user.domain.preferences import PREFERENCES
from apps.user.errors import NotificationNotFoundError
from apps.user.models import Notification, Preference, Profile
from apps.user.queries.ownership import Owner
from mediagateway.ownership import owned

#: After this long nobody looks for it any more.
KEPT_FOR = timedelta(days=90)


def notify(
    profile_ids: Collection[UUID],
    *,
    kind: str,
    key: str,
    text: str,
    content_ids: Sequence[UUID] = (),
    link: str = "",
    preference: str = "",
) -> int:
    """
    Tell people something, with the current transaction, and say how many that were. At most four SQL statements.

    Profiles that are gone, or whose account is closed, are passed over.

    Args:
        profile_ids: Whom.
        kind: What it is about, in snake_case, at most 40 characters.
        key: Names what is told; who was told something of this key before is not told again.
        text: At most 500 characters. It names no titles: they go into `content_ids`, because what a person may see of
            them can change.
        content_ids: Titles that it is about.
        link: A path of this API.
        preference: A preference that has to be on, such as "notify_new_releases".
    """
    open_ones = Profile.objects.filter(
        pk__in=profile_ids, account__is_active=True, account__deleted_at__isnull=True
    ).values_list("pk", flat=True)
    told = set(open_ones)
    if preference:
        chosen = dict(Preference.objects.filter(profile_id__in=told, key=preference).values_list("profile_id", "value"))
        told = {profile_id for profile_id in told if chosen.get(profile_id, PREFERENCES[preference].default)}
    already = Notification.objects.filter(profile_id__in=told, key=key).values_list("profile_id", flat=True)
    told -= set(already)
    Notification.objects.bulk_create(
        (
            Notification(
                profile_id=profile_id,
                kind=kind,
                key=key,
                text=text,
                content_ids=[str(content_id) for content_id in content_ids],
                link=link,
                created_at=timezone.now(),
            )
            for profile_id in sorted(told)
        ),
        # Told by somebody else at this moment.
        ignore_conflicts=True,
    )
    return len(told)


def mark_read(owner: Owner, ids: Collection[UUID] | None, *, now: datetime) -> None:
    """Note that the profile has read these, or everything; other ids count for nothing. One SQL statement."""
    unread = owned(Notification, owner).filter(read_at__isnull=True)
    (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=now)


def delete_notification(owner: Owner, notification_id: UUID) -> None:
    """
    Delete one notification of the profile.

    Raises:
        NotificationNotFoundError: It has none of this id.
    """
    deleted, _ = owned(Notification, owner).filter(pk=notification_id).delete()
    if not deleted:
        raise NotificationNotFoundError("There is no notification with this id.")


def clear_notifications(owner: Owner) -> None:
    """Delete all notifications of the profile."""
    owned(Notification, owner).delete()


def delete_old_notifications(*, now: datetime) -> int:
    """Delete what was told long ago, and say how much that was. One SQL statement."""
    return Notification.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
