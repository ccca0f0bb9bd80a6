"""What of the settings concerns playback."""

from datetime import timedelta

from django.conf import settings


def history_kept_for() -> timedelta:
    """Say how long a title that is not watched again stays in a history."""
    return timedelta(days=settings.HISTORY_DAYS)
