"""Reactions to other apps' events: the shelf follows the catalogue, training data follow what people do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.sona.domain.signals import SignalKind
from apps.sona.services.changes import follow_titles
from apps.sona.services.signals import forget_signals, record_signal
from apps.user.api import has_profile
from mediagateway.events import subscribe


@subscribe("content.titles_changed")
def follow(payload: Mapping[str, Any]) -> None:
    """Take in the titles that changed."""
    follow_titles([UUID(title_id) for title_id in payload["ids"]])


@subscribe("user.title_rated")
def learn_rating(payload: Mapping[str, Any]) -> None:
    """Keep a rating, or let it go with a null score."""
    profile_id, content_id, at = _who_what_when(payload, "content_id")
    if payload["score"] is None:
        forget_signals(profile_id, [content_id], SignalKind.RATED, upto=at)
    elif has_profile(profile_id):
        record_signal(profile_id, content_id, SignalKind.RATED, value=float(payload["score"]), at=at)


@subscribe("playback.watched")
def learn_watch(payload: Mapping[str, Any]) -> None:
    """Keep how far a title was watched; an episode speaks for its series."""
    profile_id, content_id, at = _who_what_when(payload, "series_id")
    if has_profile(profile_id):
        value = 1.0 if payload["series_id"] != payload["content_id"] else float(payload["completion_ratio"])
        record_signal(profile_id, content_id, SignalKind.WATCHED, value=value, at=at)


@subscribe("sync.watchlist_changed")
def learn_watchlist(payload: Mapping[str, Any]) -> None:
    """Keep what was added, and let go what was removed."""
    profile_id, at = UUID(payload["profile_id"]), datetime.fromisoformat(payload["at"])
    forget_signals(profile_id, [UUID(each) for each in payload["removed"]], SignalKind.ADDED, upto=at)
    if has_profile(profile_id):
        for content_id in payload["added"]:
            record_signal(profile_id, UUID(content_id), SignalKind.ADDED, value=1.0, at=at)


def _who_what_when(payload: Mapping[str, Any], title: str) -> tuple[UUID, UUID, datetime]:
    return UUID(payload["profile_id"]), UUID(payload[title]), datetime.fromisoformat(payload["at"])
