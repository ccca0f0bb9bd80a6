"""Registers the user app under its permanent label."""

from django.apps import AppConfig


class UserConfig(AppConfig):
    """The user app."""

    name = "apps.user"
    label = "user"
