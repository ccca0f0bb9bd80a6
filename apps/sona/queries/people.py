"""Everything that is known of a person at the moment of a request, read where it is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.content import api as content
from apps.playback import api as playback
from apps.sona.domain.feedback import FeedbackKind, Remark, Scope
from apps.sona.domain.shelf import Shelf
from apps.sona.domain.signals import Liking, Signal, SignalKind, find_likings
from apps.sona.models import Feedback
from apps.sync import api as sync
from apps.user import api as user
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.policy import Policy
from mediagateway.prepared import prepared

#: Slug of the consent without which only what everybody likes is recommended; it holds until somebody says no.
_PURPOSE = "personalized_recommendations"
#: Sees everything: whether something was merged is nobody's secret here, and nothing of it is shown.
_ALL = Policy(region="")


@dataclass(frozen=True, slots=True)
class Person:
    """
    What is known of somebody.

    Attributes:
        likings: Oldest first.
        known: Titles that they watched, rated or put on the watchlist.
        remarks: What they told the recommender alone.
        works: Titles of each person whom they dismissed.
        favourites: Genres that they named.
        is_allowed: False when the household refuses personal recommendations; then nothing else was read.
    """

    likings: tuple[Liking, ...]
    known: frozenset[UUID]
    remarks: tuple[Remark, ...]
    works: Mapping[str, Collection[UUID]]
    favourites: frozenset[str]
    excluded: frozenset[str]
    forgotten_at: datetime | None
    is_allowed: bool


def read_person(viewer: Viewer, shelf: Shelf, *, now: datetime) -> Person:
    """
    Read what a person said and did, so that the newest word counts in the very next answer.

    SQL: four statements; one when the household refuses, up to two more when a title was merged, one more when people
    are dismissed.
    """
    remarks = list_remarks(viewer)
    is_allowed = _PURPOSE not in viewer.refusals
    signals = _signals(viewer, remarks, now) if is_allowed else ()
    signals = _resolved(signals, shelf)
    forgotten_at = next((remark.at for remark in remarks if remark.kind is FeedbackKind.FORGOT), None)
    dismissed = {
        UUID(remark.key) for remark in remarks if remark.kind is FeedbackKind.DISMISSED and remark.scope is Scope.TITLE
    }
    return Person(
        likings=find_likings(signals, since=forgotten_at, without=dismissed),
        known=frozenset(signal.title_id for signal in signals),
        remarks=remarks,
        works=_works(remarks),
        favourites=_slugs(viewer.preferences["favorite_genres"]) if is_allowed else frozenset(),
        excluded=_slugs(viewer.preferences["excluded_genres"]),
        forgotten_at=forgotten_at,
        is_allowed=is_allowed,
    )


def list_remarks(viewer: Viewer) -> tuple[Remark, ...]:
    """List what a person told the recommender, newest first. One SQL statement."""
    return tuple(
        Remark(FeedbackKind(kind), Scope(scope), key, value, at, until)
        for kind, scope, key, value, at, until in _remarks(viewer)
    )


@prepared
def _remarks(viewer: Holder) -> QuerySet[Feedback, tuple[str, str, str, float, datetime, datetime | None]]:
    return owned(Feedback, viewer).values_list("kind", "scope", "key", "value", "at", "until")


def _works(remarks: Iterable[Remark]) -> Mapping[str, Collection[UUID]]:
    """List the titles of the people who were dismissed."""
    people = [
        UUID(remark.key) for remark in remarks if remark.kind is FeedbackKind.DISMISSED and remark.scope is Scope.PERSON
    ]
    works: dict[str, list[UUID]] = defaultdict(list)
    for person_id, title_id in content.list_works(people):
        works[str(person_id)].append(title_id)
    return works


def _signals(viewer: Viewer, remarks: Iterable[Remark], now: datetime) -> tuple[Signal, ...]:
    watched = (
        Signal(
            facts.series_id,
            SignalKind.WATCHED,
            1.0 if facts.series_id != facts.content_id or facts.completed_at else facts.completion_ratio,
            facts.last_watched_at,
        )
        for facts in playback.list_history(viewer, now=now)
    )
    elsewhere = (
        Signal(UUID(remark.key), SignalKind.WATCHED, remark.value, remark.at)
        for remark in remarks
        if remark.kind is FeedbackKind.WATCHED
    )
    rated = (
        Signal(row.content_id, SignalKind.RATED, float(row.score), row.rated_at) for row in user.list_scores(viewer)
    )
    added = (Signal(item.content_id, SignalKind.ADDED, 1.0, item.added_at) for item in sync.list_watchlist(viewer))
    return (*watched, *elsewhere, *rated, *added)


def _resolved(signals: Collection[Signal], shelf: Shelf) -> tuple[Signal, ...]:
    """Let a merged title's signals speak for its survivor."""
    missing = {signal.title_id for signal in signals if signal.title_id not in shelf.slots}
    if not missing:
        return tuple(signals)
    survivors = content.resolve_titles(missing, policy=_ALL)
    return tuple(
        Signal(survivors.get(signal.title_id, signal.title_id), signal.kind, signal.value, signal.at)
        for signal in signals
    )


def _slugs(value: object) -> frozenset[str]:
    return frozenset(value) if isinstance(value, list) else frozenset()
