"""The settings that synchronisation reads."""

from django.conf import settings


def redis_url() -> str:
    """Where live connections are woken through; "" when they follow the database."""
    return settings.REDIS_URL


def live_url() -> str:
    """Where live connections are served, as clients reach it; without a slash at the end."""
    return settings.LIVE_URL
