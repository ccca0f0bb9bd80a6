"""Catalogues and people for SONA's tests."""

from datetime import UTC, datetime, timedelta

from apps.content.tests.factories import OfferFactory, TitleFactory
from apps.sona.models import Feedback, TrainingSignal
from apps.sona.services.changes import follow_titles

NOW = datetime(2026, 11, 1, 20, tzinfo=UTC)


def make_titles(*genres, **fields):
    """Make a film for each group of genres, and put them on the shelf."""
    titles = [TitleFactory.create(genres=list(group), **fields) for group in genres]
    follow_titles([title.id for title in titles])
    return titles


def make_offer(title, **fields):
    """Let a platform have a title now."""
    offer = OfferFactory.create(title=title, **fields)
    follow_titles([title.id])
    return offer


def say(profile_id, title, **fields):
    """Keep a remark of a person."""
    values = {"kind": "dismissed", "scope": "title", "key": str(title.id), "at": NOW} | fields
    return Feedback.objects.create(profile_id=profile_id, **values)


def learn(profile_id, titles, *, kind="watched", value=1.0, start=NOW):
    """Let somebody like titles, one a day."""
    TrainingSignal.objects.bulk_create(
        TrainingSignal(
            profile_id=profile_id, content_id=title.id, kind=kind, value=value, at=start + timedelta(days=place)
        )
        for place, title in enumerate(titles)
    )
