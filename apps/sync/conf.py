"""The settings that synchronisation reads."""

from django.conf import settings


def redis_url() -> str:
    """Where live connections are woken through; "" when they follow the database."""
    return settings.REDIS_URL
