"""Taking feedback: what another app keeps goes there, the rest is kept here; all of it counts in the next answer."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.content import api as content
from apps.content.contracts import GENRES
from apps.content.errors import TitleNotFoundError
from apps.sona.adapters.shelves import engines
from apps.sona.domain.feedback import FeedbackKind, Scope
from apps.sona.domain.signals import SignalKind
from apps.sona.errors import UnknownDismissalError
from apps.sona.models import Conversion, Exposure, Feedback, TrainingSignal
from apps.sona.services.signals import record_signal
from apps.sync import api as sync
from apps.user import api as user
from mediagateway.ownership import Viewer, owned


def record_watched(viewer: Viewer, content_id: UUID, *, completion_ratio: float, now: datetime) -> None:
    """
    Keep that a title was watched where nobody saw it. Six SQL statements.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
    """
    title_id = _visible(viewer, content_id)
    with transaction.atomic():
        _keep(viewer, FeedbackKind.WATCHED, Scope.TITLE, str(title_id), value=completion_ratio, at=now)
        record_signal(viewer.profile_id, title_id, SignalKind.WATCHED, value=completion_ratio, at=now)


def record_rating(viewer: Viewer, content_id: UUID, *, score: int, now: datetime) -> None:
    """Rate a title; see `user.api.rate`."""
    user.rate(viewer, content_id, score, policy=viewer.policy, now=now)


def record_addition(viewer: Viewer, content_id: UUID, *, now: datetime) -> None:
    """Put a title on the watchlist; see `sync.api.add_to_watchlist`."""
    sync.add_to_watchlist(viewer, content_id, now)


def record_dismissal(viewer: Viewer, scope: Scope, key: str, *, days: int | None, now: datetime) -> None:
    """
    Keep what a person does not want to be shown; said again, the newest word holds.

    Args:
        viewer: Who said it.
        scope: A title, everything of a genre, or everything of a person.
        key: The title's or person's id, or the genre's slug.
        days: How long it holds; None is for ever.
        now: When it was said; aware.

    Raises:
        TitleNotFoundError: No such title, or none that this viewer may see.
        UnknownDismissalError: No such genre or person.
    """
    if scope is Scope.TITLE:
        key = str(_visible(viewer, UUID(key)))
    elif scope is Scope.GENRE and key not in GENRES:
        raise UnknownDismissalError(f"There is no genre {key!r}.")
    elif scope is Scope.PERSON and not _is_seen(viewer, key):
        raise UnknownDismissalError("There is no person with this id.")
    until = None if days is None else now + timedelta(days=days)
    _keep(viewer, FeedbackKind.DISMISSED, scope, key, at=now, until=until)


def withdraw(viewer: Viewer, scope: Scope, key: str) -> bool:
    """Take a dismissal back, and say whether there was one. Two SQL statements at most."""
    if scope is Scope.TITLE:
        key = str(content.resolve_titles([UUID(key)], policy=viewer.policy).get(UUID(key), key))
    deleted, _ = owned(Feedback, viewer).filter(kind=FeedbackKind.DISMISSED.value, scope=scope.value, key=key).delete()
    return bool(deleted)


def forget(viewer: Viewer, *, now: datetime) -> None:
    """
    Forget a person: dismissals, what models learn from, experiments; and let nothing earlier speak for their taste.

    Ratings, history and watchlist stay where they are: they are the person's, and still not recommended again. Five SQL
    statements.
    """
    with transaction.atomic():
        owned(Feedback, viewer).delete()
        owned(TrainingSignal, viewer).delete()
        owned(Conversion, viewer).delete()
        owned(Exposure, viewer).delete()
        _keep(viewer, FeedbackKind.FORGOT, Scope.EVERYTHING, "", at=now)


def _keep(
    viewer: Viewer,
    kind: FeedbackKind,
    scope: Scope,
    key: str,
    *,
    at: datetime,
    value: float = 1.0,
    until: datetime | None = None,
) -> None:
    owned(Feedback, viewer).update_or_create(
        kind=kind.value,
        scope=scope.value,
        key=key,
        defaults={"value": value, "at": at, "until": until},
        create_defaults={"profile_id": viewer.profile_id, "value": value, "at": at, "until": until},
    )


def _visible(viewer: Viewer, content_id: UUID) -> UUID:
    title_id = content.resolve_titles([content_id], policy=viewer.policy).get(content_id)
    if title_id is None:
        raise TitleNotFoundError("There is no title with this id.")
    return title_id


def _is_seen(viewer: Viewer, person_id: str) -> bool:
    """Say whether a person is in anything that the viewer may see: of others, nothing is told."""
    shelf = engines.current().shelf
    permitted = shelf.permitted(viewer.policy)
    slots = (shelf.slots.get(title_id) for _, title_id in content.list_works([UUID(person_id)]))
    return any(slot is not None and permitted[slot] for slot in slots)
